import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError } from '../model/action/outcome.ts';
import type { ConfigFinding } from '../model/action/settings.ts';
import { isBad } from '../model/events.ts';
import { anyValue, duration } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { formatDuration } from '../util/duration.ts';
import { Changes } from './changes/changes.ts';
import { compareTables } from './changes/table-changes.ts';
import { lookAtTables, type TableLook } from './changes/table-look.ts';
import { compareTopics, lookAtTopics, type TopicLook } from './changes/topic-changes.ts';
import { describeIdle } from './controls/idle.ts';
import { openDatabase } from './database/open-database.ts';
import { brokers, sasl, tls, topicName } from './kafka/kafka-settings.ts';
import { isRecord } from './settings/authored.ts';
import { chooseTimeout, runWithin } from './settings/deadline.ts';
import { checkNoTime } from './settings/no-time.ts';

const tableName = () =>
  z.string().check(z.regex(/^[^\s.;]+(\.[^\s.;]+)?$/, 'expected the name of a table, as `schema.table`'));
const listOf = (item: ReturnType<typeof tableName>) => z.optional(z.array(item).check(z.minLength(1)));

const settings = z.strictObject({
  tables: listOf(tableName()),
  topics: listOf(topicName()),
  for: z.optional(duration()),
  steps: z.optional(anyValue()),
  connection: z.optional(z.string()),
  brokers: z.optional(brokers()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
  max_rows: z.optional(z.int().check(z.gte(1))),
});
type UnchangedSettings = z.output<typeof settings>;

const DEFAULT_FOR_MS = 2000;
const DEFAULT_MAX_ROWS = 100_000;

/** Runs steps and makes sure that tables and topics stay as they are: the proof that something has no effect. */
export const unchanged: ActionDefinition<UnchangedSettings> = {
  name: 'unchanged',
  summary: 'Runs steps, and fails when anything of the named tables and topics changes meanwhile or soon after',
  settings: {
    schema: settings,
    check: checkWatched,
    note: { example: '{ tables: [shop.orders], steps: … }' },
    connection: { setting: 'connection', gives: ['connection'] },
  },
  control: { steps: ['steps[]'], borrows: [['connection'], ['brokers', 'sasl', 'tls']] },
  result: { keys: { count: 'number', changes: 'array' }, items: { noun: 'change', list: 'changes', number: 'count' } },
  judges: true,
  traits: { foresee: () => ({ seesOthers: 'it sees every change of its tables and topics, whoever makes it' }) },
  async run(config, io) {
    const before = await look(config, io);
    const { outcome, isCut } = await io.children.runSteps(io.children.list);
    if (outcome === 'skipped') io.report.note(describeIdle('nothing could change'));
    const changes = new Changes();
    if (!isCut) {
      if (!isBad(outcome)) await linger(config.for ?? DEFAULT_FOR_MS, io);
      await compare(config, before, { changes, io });
    }
    const { count } = changes;
    return {
      result: { count, changes: changes.values },
      summary: count === 0 ? `${describeWatched(config)} unchanged` : countOf(count, 'change'),
      problems: changes.listProblems(),
      details: changes.listDetails(),
    };
  },
};

interface Look {
  readonly tables: readonly TableLook[];
  readonly topics: TopicLook | undefined;
}

async function look(config: UnchangedSettings, io: ActionIo): Promise<Look> {
  const timeoutMs = chooseTimeout(undefined, io);
  io.report.progress(`looking at ${describeWatched(config)}`);
  const { topics = [], brokers: at, sasl: who, tls: how } = config;
  if (topics.length > 0 && at === undefined) throw createNowhereError('topics', 'brokers');
  const armed =
    at === undefined || topics.length === 0
      ? undefined
      : await lookAtTopics(
          { topics: [...new Set(topics)], settings: { brokers: at, sasl: who, tls: how }, timeoutMs },
          io,
        );
  return { topics: armed, tables: await lookAtAll(config, io) };
}

async function lookAtAll(
  { tables = [], connection, max_rows: maxRows = DEFAULT_MAX_ROWS }: UnchangedSettings,
  io: ActionIo,
  before?: readonly TableLook[],
): Promise<readonly TableLook[]> {
  if (tables.length === 0) return [];
  if (connection === undefined) throw createNowhereError('tables', 'connection');
  const timeoutMs = chooseTimeout(undefined, io);
  const database = await openDatabase(connection, io);
  return runWithin(timeoutMs, io, async (stop) => {
    try {
      return await lookAtTables(database, stop, { tables: [...new Set(tables)], maxRows, before });
    } catch (error) {
      throw error instanceof ActionError ? error : database.describeFailure(error, timeoutMs);
    }
  });
}

async function linger(forMs: number, { clock, report, stop }: ActionIo): Promise<void> {
  report.progress(`nothing may change for ${formatDuration(forMs)} more`);
  await clock.sleep(forMs, stop.signal);
}

async function compare(
  config: UnchangedSettings,
  before: Look,
  { changes, io }: { changes: Changes; io: ActionIo },
): Promise<void> {
  const after = await lookAtAll(config, io, before.tables);
  for (const [at, table] of after.entries()) {
    const old = before.tables[at];
    if (!old) continue;
    if (!old.rows || !table.rows)
      io.report.note(
        `\`${table.table.name}\` has more rows than \`max_rows\` (${config.max_rows ?? DEFAULT_MAX_ROWS}): only their number was compared`,
      );
    compareTables(old, table, changes);
  }
  if (before.topics) await compareTopics(before.topics, changes, io);
}

function describeWatched({ tables = [], topics = [] }: UnchangedSettings): string {
  const parts = [
    tables.length > 0 && countOf(tables.length, 'table'),
    topics.length > 0 && countOf(topics.length, 'topic'),
  ];
  return parts.filter((part) => part !== false).join(' and ');
}

function checkWatched(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const error = { severity: 'error' } as const;
  if (authored['tables'] === undefined && authored['topics'] === undefined) {
    // Which is told by itself.
    if (authored['table'] !== undefined || authored['topic'] !== undefined) return [];
    const message = '`unchanged` names neither `tables` nor `topics`, so there is nothing to compare';
    const help = ['for example `tables: [shop.orders]`, or `topics: [order.placed]`'];
    return [{ ...error, code: 'TM391', path: [], message, help }];
  }
  const missed = 'what the steps cause';
  const help = 'leave it out for 2 s, or write how long an effect may take';
  const noTime = checkNoTime(authored, { key: 'for', code: 'TM391', missed, help });
  const nowhere = (
    [
      ['tables', 'connection'],
      ['topics', 'brokers'],
    ] as const
  ).flatMap(([what, where]) =>
    authored[what] === undefined || authored[where] !== undefined
      ? []
      : [{ ...error, code: 'TM392', path: [what], isKey: true, ...describeNowhere(what, where) }],
  );
  return [...noTime, ...nowhere];
}

function describeNowhere(what: string, where: string): { readonly message: string; readonly help: readonly string[] } {
  const message = `\`${what}\` needs \`${where}\`: the other steps of this flow name none, or several`;
  return { message, help: [`write \`${where}:\` beside \`${what}\``] };
}

function createNowhereError(what: string, where: string): ActionError {
  const { message, help: hints } = describeNowhere(what, where);
  return new ActionError({ kind: 'authoring', code: 'TM392', message, hints });
}
