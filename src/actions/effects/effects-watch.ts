import type { ActionIo, PrepareIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { countOf } from '../../util/count.ts';
import { listNames } from '../../util/suggest.ts';
import { attribute } from './attribution.ts';
import { describeBlind } from './blind-where.ts';
import type { EffectsSettings } from './effects-settings.ts';
import { readExpectation } from './expectation.ts';
import { judgeEffects, type Place, type Sightings, type Verdict } from './judge-effects.ts';
import { matchesName } from './name-pattern.ts';
import { TableWatch } from './table-watch.ts';
import { TopicWatch } from './topic-watch.ts';
import { createColumnCheck } from './unknown-columns.ts';

const DEFAULT_SETTLE_MS = 500;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_ROWS = 100_000;
/** What has not come is waited for as long as so many times `settle`. */
const PATIENCE = 10;
const LOOK_AT_GROUPS_EVERY_MS = 50;

/** Tables and topics from a time on, until they are judged. */
export class EffectsWatch {
  readonly #tables: TableWatch | undefined;
  readonly #topics: TopicWatch | undefined;

  private constructor(tables: TableWatch | undefined, topics: TopicWatch | undefined) {
    this.#tables = tables;
    this.#topics = topics;
  }

  /** Looks for the first time, once the groups have read what came before. @throws ActionError when a table or topic is not there, or nobody answers */
  static async open(settings: EffectsSettings, io: PrepareIo): Promise<EffectsWatch> {
    const { groups = [], timeout = DEFAULT_TIMEOUT_MS } = settings;
    const before = await openTopics(settings, io);
    if (groups.length > 0 && before)
      await awaitGroups(before, { groups, deadlineAt: io.clock.monotonic() + timeout }, io);
    const topics = groups.length > 0 ? await openTopics(settings, io) : before;
    return new EffectsWatch(await openTables(settings, io), topics);
  }

  /** Looks until what was seen is all that there will be, and judges it. @throws ActionError */
  async judge(settings: EffectsSettings, io: ActionIo): Promise<Verdict> {
    this.#tables?.stop();
    const verdict = await this.#watch(settings, io);
    for (const text of describeBlind(settings.where, verdict.seen)) io.report.note(text);
    await this.#topics?.noteUnknown(io);
    return verdict;
  }

  async #watch(settings: EffectsSettings, io: ActionIo): Promise<Verdict> {
    const { settle = DEFAULT_SETTLE_MS, timeout = DEFAULT_TIMEOUT_MS, groups = [] } = settings;
    const beganAt = io.clock.monotonic();
    const deadlineAt = beganAt + timeout;
    const patientUntil = Math.min(deadlineAt, beganAt + PATIENCE * settle);
    let last: string | undefined;
    for (;;) {
      const areThrough = groups.length > 0 && (await this.#awaitGroups({ groups, deadlineAt }, io));
      await this.#look(io);
      const verdict = await this.#hold(settings, io);
      const isWaiting = verdict.isWaiting && io.clock.monotonic() < patientUntil;
      const isSettled = areThrough ? await this.#areThrough(groups, io) : verdict.signature === last;
      if (isSettled && !isWaiting) return verdict;
      if (io.clock.monotonic() + settle > deadlineAt) {
        io.report.note('tables or topics still changed when the time was up: what they were last is judged');
        return verdict;
      }
      last = verdict.signature;
      io.report.progress('waiting until tables and topics are at rest');
      await io.clock.sleep(settle, io.stop.signal);
    }
  }

  async #look(io: ActionIo): Promise<void> {
    await this.#tables?.look(io);
    await this.#topics?.look(io);
    for (const [name, { isCounted }] of this.#tables?.tables ?? [])
      if (isCounted) io.report.note(`\`${name}\` has more rows than \`max_rows\`: only their number is compared`);
  }

  async #list(io: ActionIo): Promise<Sightings> {
    const rows = this.#tables?.listEffects();
    const messages = await this.#topics?.listEffects(io);
    const topics = (this.#topics?.topics ?? []).toSorted();
    return {
      places: new Map<string, Place>([
        ...[...(this.#tables?.tables ?? [])].map(([name, table]) => [name, { noun: 'row', ...table }] as const),
        ...topics.map((topic) => [topic, { noun: 'message', key: topic, isCounted: false }] as const),
      ]),
      others: [...(rows?.others ?? []), ...(messages?.others ?? [])],
      own: [...(rows?.own ?? []), ...(messages?.own ?? [])],
    };
  }

  async #hold(settings: EffectsSettings, io: ActionIo): Promise<Verdict> {
    const { expressions, step } = io;
    const sightings = await this.#list(io);
    const checkColumns = createColumnCheck(settings.where, sightings.others);
    return judgeEffects(sightings, {
      settings,
      locate: (path) => step.locate(path),
      attribute: (effect) => {
        const answer = attribute(effect, settings.where, expressions);
        // What is said not to be the flow's, though it was not looked at.
        return answer === false ? (checkColumns(effect) ?? answer) : answer;
      },
      isForgiving: step.isAfterFailure === true,
    });
  }

  /** Gives whether it is known that they have read all. @throws ActionError when they do not get there */
  async #awaitGroups(wait: GroupWait, io: ActionIo): Promise<boolean> {
    if (!this.#topics) return false;
    const unknown = await awaitGroups(this.#topics, wait, { ...io, progress: (text) => io.report.progress(text) });
    for (const group of unknown)
      io.report.note(
        `\`${group}\` has committed nothing on a topic on which something came: that it has read that is not known`,
      );
    return unknown.length === 0;
  }

  async #areThrough(groups: readonly string[], io: ActionIo): Promise<boolean> {
    for (const group of groups) if ((await this.#topics?.hasCaughtUp(group, io)) === false) return false;
    return true;
  }
}

interface GroupWait {
  readonly groups: readonly string[];
  readonly deadlineAt: number;
}

/** Waits until groups have read all that came; gives those of which that is not known. @throws ActionError when they do not get there */
async function awaitGroups(
  topics: TopicWatch,
  { groups, deadlineAt }: GroupWait,
  io: Pick<PrepareIo, 'clock' | 'stop' | 'report' | 'resources'> & { readonly progress?: (text: string) => void },
): Promise<readonly string[]> {
  for (;;) {
    await topics.look(io);
    const behind: string[] = [];
    const unknown: string[] = [];
    for (const group of groups) {
      const isThrough = await topics.hasCaughtUp(group, io);
      if (isThrough === false) behind.push(group);
      else if (isThrough === undefined) unknown.push(group);
    }
    if (behind.length === 0) return unknown;
    if (io.clock.monotonic() > deadlineAt) throw describeBehind(behind);
    io.progress?.(`waiting for ${behind.join(', ')}`);
    await io.clock.sleep(LOOK_AT_GROUPS_EVERY_MS, io.stop.signal);
  }
}

function openTables(settings: EffectsSettings, io: PrepareIo): Promise<TableWatch> | undefined {
  const { connection, tables = {}, others = 'none', max_rows: maxRows = DEFAULT_MAX_ROWS, timeout } = settings;
  const named = Object.keys(tables);
  if (named.length === 0) return undefined;
  if (connection === undefined) throw describeNowhere('tables', 'connection');
  const timeoutMs = timeout ?? DEFAULT_TIMEOUT_MS;
  return TableWatch.open({ connection, named, withOthers: others === 'none', maxRows, timeoutMs }, io);
}

function openTopics(settings: EffectsSettings, io: PrepareIo): Promise<TopicWatch> | undefined {
  const { brokers, sasl, tls, topics = {}, others = 'none', ignore = [], timeout } = settings;
  const named = Object.keys(topics);
  if (brokers === undefined && named.length > 0) throw describeNowhere('topics', 'brokers');
  const withOthers = others === 'none';
  if (brokers === undefined || (named.length === 0 && !withOthers)) return undefined;
  const needed = named.filter((name) => readExpectation(topics[name] ?? 'any').added.atLeast > 0);
  const counted = named.filter((name) => topics[name] !== 'any');
  const isIgnored = (topic: string): boolean =>
    !Object.hasOwn(topics, topic) && ignore.some((pattern) => matchesName(pattern, topic));
  const timeoutMs = timeout ?? DEFAULT_TIMEOUT_MS;
  return TopicWatch.open(
    { named, needed, counted, isIgnored, withOthers, settings: { brokers, sasl, tls }, timeoutMs },
    io,
  );
}

function describeNowhere(what: string, where: string): ActionError {
  const message = `\`${what}\` needs \`${where}\`: the steps of this flow name none, or several`;
  return new ActionError({ kind: 'authoring', code: 'TM392', message });
}

function describeBehind(groups: readonly string[]): ActionError {
  const message = `${countOf(groups.length, 'group')} (${listNames(groups)}) had not read all messages when the time was up`;
  return new ActionError({
    kind: 'kafka',
    message,
    hints: ['is its service running, and does it commit its offsets?'],
  });
}
