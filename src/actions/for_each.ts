import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionOutcome, SequenceOutcome } from '../model/action/outcome.ts';
import type { ConfigFinding } from '../model/action/settings.ts';
import { isBad } from '../model/events.ts';
import { anyValue } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { describeIdle, isIdle } from './controls/idle.ts';
import { runLimited } from './controls/run-limited.ts';
import { isRecord } from './settings/authored.ts';

const settings = z.strictObject({
  items: z.array(anyValue()),
  item_name: z.optional(z.string()),
  index_name: z.optional(z.string()),
  steps: z.optional(anyValue()),
  max_concurrent: z.optional(z.int().check(z.gte(1))),
  continue_on_error: z.optional(z.boolean()),
});

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Runs steps once for each item of a list. */
export const forEach: ActionDefinition<z.output<typeof settings>> = {
  name: 'for_each',
  summary: 'Runs steps once for each item of a list',
  settings: { schema: settings, verbatim: ['item_name', 'index_name'], check: checkNames },
  control: { steps: ['steps[]'], binds: listBindings },
  result: { keys: { count: 'number', passed: 'number', failed: 'number', results: 'array' }, captured: 'results' },
  judges: true,
  async run(config, io) {
    const { max_concurrent: limit = 1, continue_on_error: goesOn = false } = config;
    const items = config.items as readonly Value[];
    const [itemName, indexName] = listBindings(config);
    if (items.length === 0) {
      io.report.note('there are no items: nothing was done, and nothing was checked');
      const skip = { kind: 'not_reached', reason: 'not reached: there are no items' } as const;
      await io.children.runSteps(io.children.list, { skip });
    }
    const rounds: (SequenceOutcome | undefined)[] = [];
    let isOver = false;
    const started = await runLimited({
      count: items.length,
      limit,
      isOver: () => isOver || io.stop.reason !== undefined,
      async run(index) {
        if (!io.children.isChosen(index)) return;
        io.report.progress(`item ${index + 1} of ${items.length}`);
        const bindings = { [indexName]: index, [itemName]: items[index] ?? null };
        const round = await io.children.runSteps(io.children.list, { iteration: index, bindings });
        rounds[index] = round;
        isOver ||= round.isCut || (isBad(round.outcome) && !goesOn);
      },
    });
    if (isIdle(rounds)) io.report.note(describeIdle('nothing was checked', 'for any item'));
    return summarize(items, rounds, started);
  },
};

function listBindings(authored: unknown): readonly [item: string, index: string] {
  // `as` is a mistake that is told: the uses of its name are none.
  const { as, item_name: item = as, index_name: index } = isRecord(authored) ? authored : {};
  return [typeof item === 'string' ? item : 'item', typeof index === 'string' ? index : 'index'];
}

function checkNames(authored: unknown): readonly ConfigFinding[] {
  const about = { severity: 'error', code: 'TM371' } as const;
  const [item, index] = listBindings(authored);
  const findings: ConfigFinding[] = [];
  for (const [path, name] of [
    ['item_name', item],
    ['index_name', index],
  ] as const) {
    if (NAME.test(name)) continue;
    const message = `\`${name}\` cannot be a variable: expected letters, digits and \`_\``;
    findings.push({ ...about, path: [path], message });
  }
  if (item === index) {
    const message = `the item and its position are both called \`${item}\``;
    findings.push({ ...about, path: ['index_name'], message, help: ['give one of them another name'] });
  }
  return findings;
}

function summarize(
  items: readonly Value[],
  rounds: readonly (SequenceOutcome | undefined)[],
  started: number,
): ActionOutcome {
  const results = items.flatMap((item, index) => {
    const round = rounds[index];
    return round ? [{ index, item, outcome: round.outcome, captures: round.captures }] : [];
  });
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const failed = results.filter(({ outcome }) => isBad(outcome)).length;
  const parts = [
    countOf(items.length, 'item'),
    ...(failed > 0 ? [`${failed} of them failed`] : []),
    ...(started < items.length ? [`${items.length - started} not reached`] : []),
  ];
  return { result: { count: items.length, passed, failed, results }, summary: parts.join(', ') };
}
