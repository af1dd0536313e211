import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const BODY =
  "{ state: DONE, label: 'open ', total: '5', ids: [1, 2], items: [{ st: Failed, price: '20' }], none: [], at: '2024-01-01T00:00:00Z' }";

function createLook() {
  return fakeAction(() => ({ result: {}, summary: '' }), { settings: { schema: z.strictObject({}) } });
}

async function notesOf(step: string): Promise<readonly string[]> {
  const { events, finish } = startText(
    `name: x\nsteps:\n  - { id: a, action: assert, config: { data: { body: ${BODY} }, assertions: ["1 == 1"] } }\n  - { id: b, ${step} }\n`,
    { actions: { look: createLook() } },
  );
  await finish();
  return findStep(events, 'b').notes;
}

const log = 'action: log, config: { message: x }';
const when = (condition: string): Promise<readonly string[]> => notesOf(`when: "${condition}", ${log}`);
const branch = (condition: string): Promise<readonly string[]> =>
  notesOf(`action: if, config: { condition: "${condition}", then: [{ ${log} }] }`);
const failWhen = (condition: string): Promise<readonly string[]> =>
  notesOf(`action: poll, config: { step: { action: look }, until: "1 == 1", fail_when: "${condition}" }`);

describe('a condition that is as it is but for letter case, blanks or a type', () => {
  const spelled = (left: string, operator: string, right: string, write: string) =>
    `\`${write}(${left}) ${operator} ${write}(${right})\` compares what they say`;
  it.each([
    [
      "a.body.state == 'done'",
      `"DONE" and "done" are one text but for letter case: ${spelled('a.body.state', '==', "'done'", 'lower')}`,
    ],
    [
      "1 == 1 and a.body.label == 'open'",
      `"open " and "open" are one text but for the blanks around it: ${spelled('a.body.label', '==', "'open'", 'trim')}`,
    ],
    [
      "a.body.state in ['done', 'failed']",
      "`a.body.state in ['done', 'failed']` looks for string: it and \"done\" are one text but for letter case",
    ],
    [
      "a.body.state startsWith 'done'",
      "`a.body.state startsWith 'done'` is so but for letter case: `lower(a.body.state) startsWith lower('done')` takes any case",
    ],
    [
      "any(a.body.items, .st == 'failed')",
      `"Failed" and "failed" are one text but for letter case: ${spelled('.st', '==', "'failed'", 'lower')}`,
    ],
    [
      'any(a.body.items, .price == 20)',
      '`.price == 20` compares string with int: they read the same and differ by type alone',
    ],
    ['any(a.body.items, .prise == 3)', 'no item of `a.body.items` has `prise`; there is `price`'],
    ["a.body.ids == ['1', '2']", "`a.body.ids` and `['1', '2']` are equal but for type (`[0]` is 1, not \"1\")"],
    [
      'date(a.body.at) == a.body.at',
      '`date(a.body.at) == a.body.at` compares time.Time with string: they read the same and differ by type alone',
    ],
  ])('is noted: %s', async (condition, note) => {
    expect(await when(condition)).toEqual([note]);
    expect(await branch(condition)).toEqual([note]);
    expect(await failWhen(condition)).toEqual([note]);
  });

  it('is noted of a branch that is taken for it', async () => {
    expect(await branch("a.body.state != 'done'")).toEqual([
      `"DONE" and "done" are one text but for letter case: ${spelled('a.body.state', '!=', "'done'", 'lower')}`,
    ]);
  });

  it.each([
    "a.body.state == 'failed'",
    "a.body.state == 'done' and a.body.total == '6'",
    'any(a.body.none, .st == 1)',
    'len(filter(a.body.none, .st == 1)) > 0',
    "a.body.none == ['x']",
    'a.body.missing == 3',
    "a.body.state startsWith 'failed'",
  ])('is not where it is so by something else, or there is nothing: %s', async (condition) => {
    expect(await when(condition)).toEqual([]);
    expect(await branch(condition)).toEqual([]);
  });
});

describe('a capture with a default whose path found nothing but for a slip', () => {
  const take = async (path: string) => {
    const { events, finish } = startText(
      `name: x\nsteps:\n  - { id: b, action: look, output: { x: { path: '${path}', default: [] } } }\n`,
      {
        actions: {
          look: fakeAction(() => ({ result: { body: { items: [{ price: 20 }] } }, summary: '' }), {
            settings: { schema: z.strictObject({}) },
            result: { keys: { body: 'any' } },
          }),
        },
      },
    );
    await finish();
    expect(findStep(events, 'b').problems).toEqual([]);
    return findStep(events, 'b').notes;
  };

  it('is noted', async () => {
    expect(await take('$.body.items[?@.prise > 3]')).toEqual(['no item of `body.items` has `prise`; there is `price`']);
    expect(await take('$.body.items[?@.price == "20"]')).toEqual([
      '`@.price == "20"` is so of an item of `body.items` but for type',
    ]);
    expect(await take('$.body.items[?@.price == 21]')).toEqual([]);
    expect(await take('$.body.items[?@.price == 20]')).toEqual([]);
  });
});
