import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** An action whose list has items from its second call on. */
function createFilling() {
  let calls = 0;
  return fakeAction(() => ({ result: { items: calls++ === 0 ? [] : [{ done: true }] }, summary: '' }), {
    settings: { schema: z.strictObject({}) },
    result: { keys: { items: 'array' } },
  });
}

async function notesOf(step: string): Promise<readonly string[]> {
  const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, ${step} }\n`, {
    actions: { fill: createFilling() },
  });
  await finish();
  expect(findStep(events, 'a').problems).toEqual([]);
  return findStep(events, 'a').notes;
}

const assertOver = (data: string, assertion: string): string =>
  `action: assert, config: { data: ${data}, assertions: ["${assertion}"] }`;

describe('a condition on the items of a list without any', () => {
  it.each([
    ['all(body.items, .done)', '{ body: { items: [] } }', 'body.items', 'all'],
    ['none(body.items, .done)', '{ body: { items: [] } }', 'body.items', 'none'],
    ['not any(body.items, .done)', '{ body: { items: [] } }', 'body.items', 'any'],
    ['all(body.items ?? [], .done)', '{ body: {} }', 'body.items ?? []', 'all'],
    ['status == 200 and all(body.items, .done)', '{ status: 200, body: { items: [] } }', 'body.items', 'all'],
  ])('is noted: %s', async (assertion, data, list, name) => {
    expect(await notesOf(assertOver(data, assertion))).toEqual([
      `\`${list}\` of \`${name}(…)\` has no items: nothing was checked`,
    ]);
  });

  it.each([
    ['all(body.items, .done)', '{ body: { items: [ { done: true } ] } }'],
    ['len(body.items) == 0 or all(body.items, .done)', '{ body: { items: [] } }'],
    ['all(body.orders, all(.items, .done))', '{ body: { orders: [ { items: [] } ] } }'],
    ['len(filter(body.items, .done)) == 0', '{ body: { items: [] } }'],
  ])('is none where items are there, or none are asked: %s', async (assertion, data) => {
    expect(await notesOf(assertOver(data, assertion))).toEqual([]);
  });

  it('is noted where it ends a poll, and not of a look before', async () => {
    const poll = (until: string) => `action: poll, config: { step: { action: fill }, until: ${until} }`;
    expect(await notesOf(poll('"all(items, .done)"'))).toEqual([
      '`items` of `all(…)` has no items: nothing was checked',
    ]);
    expect(await notesOf(poll('["all(items, .done)", "len(items) > 0"]'))).toEqual([]);
  });
});
