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

const ITEMS = '{ body: { items: [ { id: 1, sku: a, price: 10 }, { id: 2, sku: b, price: 20 } ] } }';

describe('a key that no item of a list has', () => {
  const near = (key: string, there: string) => `no item of \`body.items\` has \`${key}\`; there is ${there}`;
  it.each([
    ["none(body.items, .skuu == 'z')", near('skuu', '`sku`')],
    ['find(body.items, .idd == 2) == nil', near('idd', '`id`')],
    ["len(filter(body.items, .stat == 'failed')) == 0", near('stat', '`id`, `sku`, `price`')],
    ["'z' not in map(body.items, .skuu)", near('skuu', '`sku`')],
    ["all(body.items, #['skuu'] != 'z')", near('skuu', '`sku`')],
    ['count(body.items, .PRICE == 10) == 0 and not any(body.items, #.PRICE == 10)', near('PRICE', '`price`')],
    [
      "none(filter(body.items, .id > 0), .skuu == 'z')",
      near('skuu', '`sku`').replace('body.items', 'filter(body.items, .id > 0)'),
    ],
  ])('is noted: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(ITEMS, assertion))).toEqual([note]);
  });

  it.each([
    ["none(body.items, .sku == 'z')", ITEMS],
    ['all(body.items, .discount == nil)', ITEMS],
    ['all(body.items, nil == .discount)', ITEMS],
    ['all(body.items, (.discount ?? 0) < 5)', ITEMS],
    ['all(body.items, .discount?.rate == nil)', ITEMS],
    ["all(body.items, .discount == nil or .discount == 'x')", ITEMS],
    ["none(body.items, .skuu == 'z')", '{ body: { items: [ { skuu: a }, { sku: b } ] } }'],
    ['none(body.items, # == 3)', '{ body: { items: [1, 2] } }'],
  ])('is none where one has it, or none is expected: %s', async (assertion, data) => {
    expect(await notesOf(assertOver(data, assertion))).toEqual([]);
  });

  it('is noted of what ends a poll', async () => {
    const poll = `action: poll, config: { step: { action: fill }, until: ["len(items) > 0", "none(items, .dome == 1)"] }`;
    expect(await notesOf(poll)).toEqual(['no item of `items` has `dome`; there is `done`']);
  });
});

describe('what holds of everything', () => {
  it.each([
    ['contains_all(body.tags, body.none)', '`contains_all` holds of every list: no items are expected'],
    ['matches_partial(body, body.empty)', '`matches_partial` holds of every map: no fields are expected'],
    ['body.no contains body.text', '`body.no contains body.text` holds of every text: `body.text` is empty'],
    ["body.no startsWith ''", "`body.no startsWith ''` holds of every text: `''` is empty"],
    ['body.no endsWith body.text', '`body.no endsWith body.text` holds of every text: `body.text` is empty'],
  ])('is noted: %s', async (assertion, note) => {
    expect(
      await notesOf(assertOver('{ body: { tags: [a], none: [], empty: {}, no: A-17, text: "" } }', assertion)),
    ).toEqual([note]);
  });

  it.each(['contains_all(body.tags, body.tags)', "body.no contains 'A'", 'matches_partial(body, {no: body.no})'])(
    'is not said of %s',
    async (assertion) => {
      expect(await notesOf(assertOver('{ body: { tags: [a], no: A-17 } }', assertion))).toEqual([]);
    },
  );
});

describe('times that are ordered as texts', () => {
  const data = (at: string) => `{ body: { at: "${at}" } }`;
  it.each([
    ['2024-05-06T12:00:00+02:00', "body.at > '2024-05-06T11:00:00Z'"],
    ['2024-05-06T11:00:00.5Z', "body.at <= '2024-05-06T11:00:00Z'"],
    ['2024-05-06 11:00:00Z', "body.at < '2024-05-06T10:00:00Z'"],
  ])('are noted where they are written differently: %s, %s', async (at, assertion) => {
    const [, operator, other] = /^body\.at (\S+) '(.*)'$/.exec(assertion) ?? [];
    expect(await notesOf(assertOver(data(at), assertion))).toEqual([
      `"${at}" and "${other}" are texts, ordered character by character: \`date(body.at) ${operator} date('${other}')\` orders the times`,
    ]);
  });

  it.each([
    ['2024-05-06T12:00:00Z', "body.at > '2024-05-06T11:00:00+00:00'"],
    ['2024-05-06T12:00:00.123+02:00', "body.at > '2024-05-06T11:00:00.000+02:00'"],
    ['2024-05-06', "body.at > '2024-05-05T11:00:00Z'"],
    ['b', "body.at > 'a'"],
    ['2024-05-06T12:00:00+02:00', "date(body.at) < date('2024-05-06T11:00:00Z')"],
  ])('are not where their characters tell: %s, %s', async (at, assertion) => {
    expect(await notesOf(assertOver(data(at), assertion))).toEqual([]);
  });
});
