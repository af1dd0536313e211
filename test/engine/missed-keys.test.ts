import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Value } from '../../src/expr/index.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const BODY = {
  status: 'paid',
  error: null,
  items: [{ id: 1, name: 'Ann', by: { name: 'Bo' } }],
  none: [],
  text: '{"status": 1}',
};
const settings = { schema: z.strictObject({}) };
const answer = fakeAction(() => ({ result: { status: 200, body: BODY }, summary: '' }), {
  settings,
  result: { keys: { status: 'number', body: 'any' } },
});

function createRead(rows: readonly Value[]) {
  const result = { rows, first_row: rows[0] ?? null, n: rows.length };
  return fakeAction(() => ({ result, summary: '', itemKeys: ['id', 'user_status'] }), {
    settings,
    result: {
      keys: { rows: 'array', first_row: 'map?', n: 'number' },
      items: { noun: 'row', list: 'rows', first: 'first_row', number: 'n' },
    },
  });
}

async function run(steps: string, files: Readonly<Record<string, string>> = {}) {
  const actions = { answer, read: createRead([{ id: 1, user_status: 'new' }]), none: createRead([]) };
  const { events, finish } = startText(`name: x\nsteps:\n${steps}\n`, { actions, files });
  await finish();
  return (id: string) => {
    const { outcome, notes, problems } = findStep(events, id);
    return outcome === 'passed' ? notes : problems.map(({ message }) => message);
  };
}

const statuss = '`body` has no `statuss`; there is `status`';

describe('a misspelt key of which a value is captured', () => {
  it.each([
    ['{ path: body.statuss, default: "" }', statuss],
    ['{ path: $.body.statuss, default: null }', statuss],
    ['{ path: $.statuss, default: 1 }', statuss],
    ['{ path: "$.body.items[0].nmae", default: 1 }', '`body.items[0]` has no `nmae`; there is `name`'],
    ['{ path: "body.items[0][\'nmae\']", default: 1 }', '`body.items[0]` has no `nmae`; there is `name`'],
    ['"body.statuss ?? \'x\'"', statuss],
    ['"body.statuss == nil"', statuss],
    ['"body.statuss == 5"', statuss],
    ['{ path: "$.body.items[*].nmae", default: "" }', '`body.items[*]` has no `nmae`; there is `name`'],
    ['"first(body.items).by.nmae ?? 1"', '`first(body.items).by` has no `nmae`; there is `name`'],
    ['"fromJSON(body.text).statuss ?? 1"', '`fromJSON(body.text)` has no `statuss`; there is `status`'],
    ['"len(filter(body.items, .nmae == 1))"', 'no item of `body.items` has `nmae`; there is `name`'],
  ])('is noted: %s', async (capture, note) => {
    const notes = await run(`  - { id: a, action: answer, output: { s: ${capture} } }`);
    expect(notes('a')).toEqual([note]);
  });

  it.each([
    'body.status',
    '{ path: body.status, default: "" }',
    '{ path: body.other, default: "" }',
    '{ path: $.body.error, default: "" }',
    '"body.statuss ?? body.status"',
    '{ path: "body.none[0]", default: 1 }',
  ])('is none where it is there, or none is near: %s', async (capture) => {
    const notes = await run(`  - { id: a, action: answer, output: { s: ${capture} } }`);
    expect(notes('a')).toEqual([]);
  });

  it.each([
    ['read', '{ path: first_row.userStatus, default: "" }', 'first_row.userStatus', 'userStatus'],
    ['read', '{ path: "$.rows[0].state", default: "" }', 'rows[0].state', 'state'],
    ['none', '{ path: first_row.userStatus, default: "" }', 'first_row.userStatus', 'userStatus'],
    ['none', '{ path: "first_row?.userStatus", default: "" }', 'first_row?.userStatus', 'userStatus'],
  ])('is noted of one that no row has: %s, %s', async (action, capture, source, key) => {
    const notes = await run(`  - { id: a, action: ${action}, output: { s: ${capture} } }`);
    const meant = key === 'state' ? '' : 'did you mean `user_status`? ';
    expect(notes('a')).toEqual([
      `\`${source}\`: no row has \`${key}\`, whatever is in it; ${meant}each row has \`id\` and \`user_status\``,
    ]);
  });
});

describe('a misspelt key of which a variable is set', () => {
  const near = '`a.body` has no `statuss`; there is `status`';
  it.each([
    ['a.body.statuss', [near]],
    ['a.body.statuss ?? 1', [near]],
    ["get(a.body, 'statuss')", [near]],
    ["a.body.statuss == 'failed'", [near]],
    ["none(a.body.items, .nmae == 'x')", ['no item of `a.body.items` has `nmae`; there is `name`']],
    ['a.body.status', []],
    ['a.body.other', []],
    ['a.body.status ?? 1', []],
  ] as const)('is noted: %s', async (value, notes) => {
    const said = await run(`  - { id: a, action: answer }\n  - { id: b, action: set, config: { v: "${value}" } }`);
    expect(said('b')).toEqual(notes);
  });

  it('is noted of one that no row has, be there one or none', async () => {
    const said = await run(
      '  - { id: a, action: none }\n  - { id: b, action: set, config: { v: a.first_row?.userStatus } }\n  - { id: c, action: set, config: { w: a.first_row?.user_status } }',
    );
    expect(said('b')).toEqual([expect.stringContaining('no row has `userStatus`, whatever is in it; did you mean')]);
    expect(said('c')).toEqual([]);
  });
});

it('is noted of the output of a flow that is called', async () => {
  const called = `name: y
steps:
  - { id: a, action: answer }
output: { s: { path: a.body.statuss, default: "" }, t: "a.body.statuss ?? 1", u: a.body.status }
`;
  const said = await run('  - { id: b, action: run_flow, config: { flow: y.yaml } }', { 'y.yaml': called });
  expect(said('b')).toEqual(['`a.body` has no `statuss`; there is `status`']);
});
