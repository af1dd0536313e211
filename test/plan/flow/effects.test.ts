import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const QUERY = '  - { action: database_query, config: { connection: "{{DB}}", query: "DELETE FROM t" } }\n';
const SEND = '  - { action: kafka_producer, config: { brokers: "{{K}}", topic: t, value: 1 } }\n';
const plan = (effects: string, steps = QUERY + SEND) =>
  planText(`name: x\neffects: ${effects}\nsteps:\n${steps}`, { given: ['DB', 'K', 'ME'] });
const noHost = { now: () => 0 };

describe('the settings of `effects`', () => {
  it.each([
    ['{ tabels: {} }', 'TM101 2:12 unknown key `tabels` in `effects`'],
    [
      '{ tables: { a.b: some } }',
      'TM103 2:27 `tables.a.b` of `effects`: expected an integer, `changed`, `any`, `none` or `{added: …, deleted: …, changed: …}`',
    ],
    ['{ tables: { a.b: { added: -1 } } }', 'TM103 2:36 `tables.a.b.added` of `effects`'],
    ['{ topics: { t: changed } }', 'TM103 2:25 `topics.t` of `effects`'],
    ['{ topics: { t: -1 } }', 'TM103 2:25 `topics.t` of `effects`'],
    [
      '{ tables: { a.b: 1 }, others: all }',
      'TM103 2:40 `others` of `effects`: expected one of `none` and `any`, got string "all"',
    ],
    ['{ tables: { a.b: 1 }, settle: 5 }', 'TM103 2:40 `settle` of `effects`: expected a duration with its unit'],
    ['{ tables: { a.b: 1 }, settle: 0ms }', 'TM391 2:40 `settle: 0ms` looks on for no time'],
    ['{ tables: { a.b: 1 }, where: "record.id == nobody" }', 'TM104 2:53 unknown name `nobody`'],
    ['{ tables: { a.b: 1 }, where: { a.b: "record.id == nobody" } }', 'TM104 2:60 unknown name `nobody`'],
    ['{ tables: { a.b: 1 }, where: "id ==" }', 'TM109 2:'],
  ])('are checked: %s', (effects, finding) => {
    expect(findingsOf(plan(effects))).toEqual([expect.stringContaining(finding)]);
  });

  it.each([
    [
      '{ tables: { a.b: 1 } }',
      SEND,
      'TM392 2:12 `tables` needs `connection`: the steps of this flow name none, or several',
    ],
    [
      '{ topics: { t: 1 } }',
      QUERY,
      'TM392 2:12 `topics` needs `brokers`: the steps of this flow name none, or several',
    ],
    ['{ others: none }', QUERY, 'TM392 2:1 `effects` names no tables, and needs `brokers` for its topics'],
    ['{ others: any }', SEND, 'TM391 2:1 `effects` names neither `tables` nor `topics`'],
  ])('say where things are: %s', (effects, steps, finding) => {
    expect(findingsOf(plan(effects, steps))).toEqual([expect.stringContaining(finding)]);
  });

  it('are those of the steps where these agree, and see records by `where`', () => {
    const planned = plan(
      '{ tables: { shop.orders: +1 }, where: { "shop.*": "record.owner == ME", t: "message.key == ME" } }',
    );
    expect(findingsOf(planned)).toEqual([]);
    const env = { get: (name: string) => `${name}:1`, keys: () => ['DB', 'K', 'ME'] };
    expect(planned.flows[0]?.watches?.[0]?.config.render(env, noHost)).toMatchObject({
      ...{ tables: { 'shop.orders': 1 }, connection: 'DB:1', brokers: 'K:1' },
      where: { 'shop.*': { text: { text: 'record.owner == ME' } }, t: {} },
    });
  });

  it('of a step are those of its flow where no step has any', () => {
    const step = '  - { action: log, config: { message: hello }, effects: { topics: { t: none } } }\n';
    const planned = plan('{ topics: { t: 1 }, brokers: "{{K}}" }', step);
    expect(findingsOf(planned)).toEqual([]);
    const env = { get: (name: string) => `${name}:1`, keys: () => ['K'] };
    expect(planned.flows[0]?.steps[0]?.watches?.[0]?.config.render(env, noHost)).toMatchObject({ brokers: 'K:1' });
  });

  it('let other flows run beside it only with `where`', () => {
    const waits = (effects: string) =>
      plan(effects)
        .flows[0]?.findOpenWaits?.(() => new Set())
        .map(({ address, help }) => `${address}: ${help}`);
    expect(waits('{ tables: { a.b: 1 } }')).toEqual([
      "steps/effects: `where` tells what is the flow's own, so that others may run beside it",
    ]);
    expect(waits('{ tables: { a.b: 1 }, where: "record.id == ME" }')).toEqual([]);
  });

  it('can be made for a flow that lacks them, as far as its steps say where', () => {
    const unasked = (steps: string) => {
      const [flow] = planText(`name: x\nsteps:\n${steps}`, { given: ['DB', 'K'] }).flows;
      return flow
        ?.planUnasked?.()
        .map(({ config }) => Object.keys(config.render({ get: () => 'x:1', keys: () => [] }, noHost) as object));
    };
    expect(unasked(QUERY + SEND)).toEqual([['topics', 'tables', 'others', 'timeout', 'connection', 'brokers']]);
    expect(unasked(SEND)).toEqual([['topics', 'others', 'timeout', 'brokers']]);
    expect(unasked('  - { action: log, config: { message: hello } }\n')).toEqual([]);
  });
});
