import { describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/model/source-file.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

interface Given {
  readonly names?: readonly string[];
  readonly files?: Record<string, string>;
}

/** The open waits of the first flow of a text: `address line`. */
function findOpen(text: string, { names = [], files = {} }: Given = {}): readonly string[] {
  const plan = planText(text, { files, given: names });
  expect(findingsOf(plan).filter((finding) => / TM1/.test(` ${finding}`))).toEqual([]);
  const waits = plan.flows[0]?.findOpenWaits?.(() => new Set(names)) ?? [];
  return waits.map(({ address, span }) => `${address} ${span.file.path}:${positionAt(span.file, span.start).line}`);
}

const wait = (config: string, id = 'heard'): string =>
  `  - { id: ${id}, action: kafka_consumer, config: { brokers: "b:1", topic: user.login${config === '' ? '' : `, ${config}`} } }\n`;
const sign = `  - { id: sign, action: http_request, config: { url: "http://h/", method: POST }, output: { user_id: $.body.id } }\n`;
const flow = (steps: string, head = ''): string => `name: f\n${head}steps:\n${steps}`;

describe('a wait is open to what other flows cause', () => {
  it.each<[string, string, string, string]>([
    ['without a match', '', '', ''],
    ['without a rule in it', 'match: {}', '', ''],
    ['with a match that is written out', 'match: { key: u1, value: { kind: login } }', '', ''],
    ['with a variable that is written out', 'match: { key: "{{USER_KEY}}" }', 'env: { USER_KEY: u1 }', ''],
    ['with what the whole run shares', 'match: { headers: { run: "{{RUN_ID}}" }, value: { day: "{{DATE}}" } }', '', ''],
    [
      'with a variable that `set` makes of what is written out',
      'match: { key: "{{k}}" }',
      '',
      `  - { action: set, config: { k: "'u' + '1'" } }\n`,
    ],
    ['with a column of the data', 'match: { key: "{{sku}}" }', 'data: [{ sku: A1 }]', ''],
    [
      'with a condition that other values meet too',
      'match: { where: "value.id != user_id and value.total > 3" }',
      '',
      sign,
    ],
    [
      'with an own value on one side of `or` alone',
      'match: { where: "value.id == user_id or value.kind == \'login\'" }',
      '',
      sign,
    ],
    ['for silence too', 'count: 0, timeout: 1s, match: { key: u1 }', '', ''],
    [
      'with the position of a round',
      'match: { key: u1 }, since: "{{start}}"',
      'env: { start: "{{ISO_TIMESTAMP}}" }',
      '',
    ],
  ])('%s', (_title, config, head, before) => {
    const text = flow(`${before}${wait(config)}`, head === '' ? '' : `${head}\n`);
    expect(findOpen(text)).toEqual([expect.stringMatching(/^heard flow\.yaml:\d+$/)]);
  });

  it.each<[string, string, string, string]>([
    ['its trace', 'match: { trace: current }', '', ''],
    ['a capture', 'match: { value: { user_id: "{{user_id}}" } }', '', sign],
    ['the result of a step', 'match: { value: { user_id: "{{sign.body.id}}" } }', '', sign],
    ['the result of a step by its id', `match: { key: "{{steps['sign'].body.id}}" }`, '', sign],
    ['a variable with a random part', 'match: { key: "user-{{NAME}}" }', 'env: { NAME: "n-{{UUID}}" }', ''],
    [
      'a variable made of one',
      'match: { key: "{{MAIL}}" }',
      'env: { NAME: "n-{{TIMESTAMP}}", MAIL: "{{NAME}}@x.org" }',
      '',
    ],
    ['a random function', 'match: { path: { "$.id": "{{NAME}}" } }', 'env: { NAME: "{{random_string(9)}}" }', ''],
    [
      'a random part deep in a variable',
      'match: { key: "{{USER.name}}" }',
      'env: { USER: { name: "{{uuid()}}" } }',
      '',
    ],
    [
      'a variable that `set` makes',
      'match: { headers: { id: "{{k}}" } }',
      '',
      '  - { action: set, config: { k: "uuid()" } }\n',
    ],
    ['a condition', 'match: { where: "value.kind == \'login\' and value.id == user_id" }', '', sign],
    ['a condition on items', 'match: { where: "any(value.items, .id == user_id)" }', '', sign],
    ['a topic of its own', 'topic: "t-{{UUID}}"', '', ''],
  ])('not by %s', (_title, config, head, before) => {
    const own = wait(config).replace('topic: user.login, topic:', 'topic:');
    expect(findOpen(flow(`${before}${own}`, head === '' ? '' : `${head}\n`))).toEqual([]);
  });

  it('with a map that looks like an expression', () => {
    expect(findOpen(flow(wait('match: { value: { expression: a, text: b } }')))).toEqual(['heard flow.yaml:3']);
    const own = flow(wait('match: { value: { expression: "{{UUID}}", text: b } }'));
    expect(findOpen(own)).toEqual([]);
  });

  it('when what would be random is given from outside', () => {
    const text = flow(wait('match: { key: "{{NAME}}" }'), 'env: { NAME: "n-{{UUID}}" }\n');
    expect(findOpen(text, { names: ['NAME'] })).toEqual(['heard flow.yaml:4']);
    expect(findOpen(text)).toEqual([]);
  });

  it('wherever it stands: in a branch, a loop, a clean-up, teardown', () => {
    const inner = wait('').trim().slice(2);
    const loop = `  - { id: each, action: for_each, config: { items: [1, 2], steps: [${inner}] } }\n`;
    const cleanup = `  - { id: log, action: log, config: { message: hi }, cleanup: [${inner}] }\n`;
    expect(findOpen(flow(loop))).toEqual(['each>heard flow.yaml:3']);
    expect(findOpen(flow(cleanup))).toHaveLength(1);
    expect(findOpen(`${flow(sign)}teardown:\n${wait('')}`)).toEqual(['teardown/heard flow.yaml:5']);
  });

  it('in a loop over what the flow made, by the item', () => {
    const inner = wait('match: { key: "{{item}}" }').trim().slice(2);
    const loop = (items: string): string =>
      flow(`${sign}  - { id: each, action: for_each, config: { items: ${items}, steps: [${inner}] } }\n`);
    expect(findOpen(loop('"{{sign.body.ids}}"'))).toEqual([]);
    expect(findOpen(loop('[u1, u2]'))).toEqual(['each>heard flow.yaml:4']);
  });

  it('in a called flow, by what the call gives', () => {
    const files = { 'lib.yaml': flow(wait('match: { key: "{{user}}" }')) };
    const call = (user: string): string =>
      flow(`${sign}  - { id: login, action: run_flow, config: { flow: lib.yaml, input: { user: ${user} } } }\n`);
    expect(findOpen(call('"{{user_id}}"'), { files })).toEqual([]);
    expect(findOpen(call('"{{uuid()}}"'), { files })).toEqual([]);
    expect(findOpen(call('u1'), { files })).toEqual(['login>heard lib.yaml:3']);
  });

  it('where a step sees what everybody does', () => {
    const inner = wait('match: { trace: current }').trim().slice(2);
    const quiet = `  - { id: quiet, action: unchanged, config: { topics: [t], brokers: "b:1", steps: [${inner}] } }\n`;
    expect(findOpen(flow(quiet))).toEqual(['quiet flow.yaml:3']);
  });

  it('not when it is skipped, and not for anything else that waits', () => {
    expect(findOpen(flow(`${sign}${wait('').replace('id: heard', 'id: heard, skip: later')}`))).toEqual([]);
    expect(findOpen(flow('  - { action: delay, config: { duration: 1s } }\n'))).toEqual([]);
  });
});
