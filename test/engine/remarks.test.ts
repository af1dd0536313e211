import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createCaselessMap } from '../../src/expr/index.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** An action that answers with headers. */
function createAnswer() {
  return fakeAction(
    () => ({ result: { headers: createCaselessMap([['content-type', 'a']]), body: { x: 1 } }, summary: '' }),
    { settings: { schema: z.strictObject({}) }, result: { keys: { headers: 'map', body: 'any' } } },
  );
}

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
    ['len(filter(body.items, .done)) == 0', '{ body: { items: [] } }', 'body.items', 'filter'],
    ['filter(body.items, .done) == []', '{ body: { items: [] } }', 'body.items', 'filter'],
    ['count(body.items, .done) == 0', '{ body: { items: [] } }', 'body.items', 'count'],
    ['0 == count(body.items, .done)', '{ body: { items: [] } }', 'body.items', 'count'],
    ['1 > count(body.items, .done)', '{ body: { items: [] } }', 'body.items', 'count'],
    ['not (count(body.items, .done) > 0)', '{ body: { items: [] } }', 'body.items', 'count'],
    ['find(body.items, .done) == nil', '{ body: { items: [] } }', 'body.items', 'find'],
    ["'failed' not in map(body.items, .status)", '{ body: { items: [] } }', 'body.items', 'map'],
    ["not ('failed' in map(body.items, .status))", '{ body: { items: [] } }', 'body.items', 'map'],
  ])('is noted: %s', async (assertion, data, list, name) => {
    expect(await notesOf(assertOver(data, assertion))).toEqual([
      `\`${list}\` of \`${name}(…)\` has no items: nothing was checked`,
    ]);
  });

  it.each([
    ['all(body.items, .done)', '{ body: { items: [ { done: true } ] } }'],
    ['len(body.items) == 0 or all(body.items, .done)', '{ body: { items: [] } }'],
    ['all(body.orders, all(.items, .done))', '{ body: { orders: [ { items: [] } ] } }'],
    ['count(body.items, .done) >= 0', '{ body: { items: [] } }'],
    ['map(body.items, .done) == []', '{ body: { items: [] } }'],
    ['len(body.items) == 0 or find(body.items, .done) == nil', '{ body: { items: [] } }'],
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

const ITEMS =
  '{ body: { items: [ { id: 1, sku: a, price: 10, by: { name: c }, log: [ { name: d } ] }, { id: 2, sku: b, price: 20, by: { name: e }, log: [ { name: f } ] } ] } }';

describe('a key that no item of a list has', () => {
  const near = (key: string, there: string) => `no item of \`body.items\` has \`${key}\`; there is ${there}`;
  it.each([
    ["none(body.items, .skuu == 'z')", near('skuu', '`sku`')],
    ['find(body.items, .idd == 2) == nil', near('idd', '`id`')],
    ["len(filter(body.items, .stat == 'failed')) == 0", near('stat', '`id`, `sku`, `price`, `by`, `log`')],
    ["'z' not in map(body.items, .skuu)", near('skuu', '`sku`')],
    ["all(body.items, #['skuu'] != 'z')", near('skuu', '`sku`')],
    ["none(body.items, .by.nmae == 'z')", near('by.nmae', '`name`')],
    ['all(body.items, .by.nmae == nil)', near('by.nmae', '`name`')],
    ['all(body.items, .by?.nmae == nil)', near('by.nmae', '`name`')],
    ["all(body.items, (.by.nmae ?? 'z') == 'z')", near('by.nmae', '`name`')],
    ["none(body.items, .log[0].nmae == 'z')", near('log[0].nmae', '`name`')],
    ["none(body.items, {let o = .by; o.nmae == 'z'})", near('by.nmae', '`name`')],
    ["none(body.items, {let o = .by; let p = o; any(.log, .name == 'y' or p.nmae == 'z')})", near('by.nmae', '`name`')],
    ["none(body.items, any(.log, .nmae == 'd'))", near('log[].nmae', '`name`')],
    ["all(body.items, all(filter(.log ?? [], .name != ''), #.nmae != 'd'))", near('log[].nmae', '`name`')],
    ["none(body.items, first(.log).nmae == 'd')", near('log[].nmae', '`name`')],
    ["none(body.items, {let l = .log; count(l, .nmae == 'd') > 0})", near('log[].nmae', '`name`')],
    ["'d' not in flatten(map(body.items, map(.log, .nmae)))", near('log[].nmae', '`name`')],
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
    ["none(body.items, .by.name == 'z')", ITEMS],
    ['all(body.items, .by.email == nil)', ITEMS],
    ['all(body.items, (.by.nmae ?? .by.name) != 3)', ITEMS],
    ['all(body.items, .gone?.nmae == nil)', ITEMS],
    ["none(body.items, .by.nmae == 'z')", '{ body: { items: [ { by: { name: a } }, { by: { nmae: b } } ] } }'],
    ["none(body.items, any(.log, .name == 'z'))", ITEMS],
    ["none(body.items, any([{ name: 'z', nmae: 'y' }], .nmae == 'z'))", ITEMS],
    ["none(body.items, {let o = .by; any(.log, o.name == 'z')})", ITEMS],
    [
      "none(body.items, any(.log, .nmae == 'z'))",
      '{ body: { items: [ { log: [{ name: a }] }, { log: [{ nmae: b }] } ] } }',
    ],
    ['all(body.items, {let d = .discount; d == nil})', ITEMS],
    ['all(body.items, all(.log, .at == nil))', ITEMS],
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

describe('two keys that are equal since neither is there', () => {
  const DATA = '{ body: { id: 1, gone: null, nils: [null], name: a }, other: { id: 1, gone: null } }';
  it.each([
    ['body.sum == other.sum', '`body.sum` and `other.sum` are both missing: they are equal as nil'],
    [
      'body.id == 1 and not (body["a-b"] != other.c)',
      '`body["a-b"]` and `other.c` are both missing: they are equal as nil',
    ],
    [
      'body.nmae == other.naem',
      '`body.nmae` and `other.naem` are both missing: they are equal as nil',
      '`body` has no `nmae`; there is `name`',
    ],
    ['[body.sum, 1] == [other.sum, 1]', '`body.sum` and `other.sum` are both missing: they are equal as nil'],
    ['{ s: body.sum } == { s: other.c }', '`body.sum` and `other.c` are both missing: they are equal as nil'],
    ['body.sum == other.gone', '`body.sum` is missing and `other.gone` is nil: they are equal as nil'],
    ['body.gone == other.sum', '`other.sum` is missing and `body.gone` is nil: they are equal as nil'],
    ['{ s: body.gone } == { s: other.sum }', '`other.sum` is missing and `body.gone` is nil: they are equal as nil'],
    ['{ s: body.nmae } == { s: nil }', '`body` has no `nmae`; there is `name`'],
    ['[[body.nmae]] == [[nil]]', '`body` has no `nmae`; there is `name`'],
    ['[body.nmae] == body.nils', '`body` has no `nmae`; there is `name`'],
  ])('are noted: %s', async (assertion, ...notes) => {
    expect(await notesOf(assertOver(DATA, assertion.replaceAll('"', '\\"')))).toEqual(notes);
  });

  it.each(['string', 'toJSON', 'json'])('are noted as texts of %s', async (name) => {
    expect(await notesOf(assertOver(DATA, `${name}(body.sum) == ${name}(other.sum)`))).toEqual([
      '`body.sum` and `other.sum` are both missing: they are equal as nil',
    ]);
    expect(await notesOf(assertOver(DATA, `${name}(body.gone) == ${name}(other.gone)`))).toEqual([]);
  });

  it.each([
    'body.gone == other.gone',
    'body.sum == nil',
    '[body.sum] == [nil]',
    '{ s: body.id } == { s: other.id }',
    'body.id == 1 or [body.nmae] == [5]',
    '(body.sum ?? 0) == (other.sum ?? 0)',
  ])('are not where one is there, or none is expected: %s', async (assertion) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([]);
  });
});

describe('a list that is denied to be one of its items', () => {
  const DATA = '{ body: { roles: [user, admin], ids: [7], lists: [[a]], empty: [], name: admin } }';
  const held = (list: string, at: number, rest: string) => `\`${list}\` is an array, and \`${list}[${at}]\` is ${rest}`;
  it.each([
    ["body.roles != 'admin'", held('body.roles', 1, "`'admin'`: test with `'admin' not in body.roles`")],
    ["'admin' != body.roles", held('body.roles', 1, "`'admin'`: test with `'admin' not in body.roles`")],
    ["not (body.roles == 'admin')", held('body.roles', 1, "`'admin'`: test with `'admin' in body.roles`")],
    ['body.ids != 7', held('body.ids', 0, '`7`: test with `7 not in body.ids`')],
    ["none([body], .roles == 'admin')", held('.roles', 1, "`'admin'`: test with `'admin' in .roles`")],
    [
      "body.roles not in ['root', 'admin']",
      held('body.roles', 1, "in `['root', 'admin']`: test with `any(body.roles, # in ['root', 'admin'])`"),
    ],
  ])('is noted: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([note]);
  });

  it.each([
    "body.roles != 'root'",
    "body.name != 'root'",
    'body.roles != body.ids',
    "body.empty != 'admin'",
    'body.roles != nil',
    "body.roles not in ['root']",
    "body.roles not in [['admin']]",
  ])('is not where the list holds no such thing, or lists are compared: %s', async (assertion) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([]);
  });
});

describe('a condition that is as it is for a misspelt key', () => {
  const check = async (steps: string, id = 'b') => {
    const { events, finish } = startText(
      `name: x\nsteps:\n  - { id: a, action: assert, config: { data: { body: { total: 3, errors: 0 } }, assertions: ["1 == 1"] } }\n  - { id: b, ${steps} }\n`,
      { actions: { fill: createFilling() } },
    );
    await finish();
    return findStep(events, id).notes;
  };
  const log = 'action: log, config: { message: x }';
  const note = '`a.body` has no `totl`; there is `total`';
  it('is noted', async () => {
    expect(await check(`when: a.body.totl == 3, ${log}`)).toEqual([note]);
    expect(await check(`when: a.body.total == 3 and a.body.totl != nil, ${log}`)).toEqual([note]);
    const branch = (condition: string) => `action: if, config: { condition: ${condition}, then: [{ ${log} }] }`;
    expect(await check(branch('a.body.totl == 3'))).toEqual([note]);
    expect(await check(branch('a.body.totl != 3'))).toEqual([note]);
    expect(await check(`when: a.body.totl ?? false, ${log}`)).toEqual([note]);
    expect(await check(branch('(a.body.totl ?? 3) == 4'))).toEqual([note]);
    const poll =
      'action: poll, config: { step: { action: fill }, until: "len(items) >= 0", fail_when: a.body.totl == 3 }';
    expect(await check(poll)).toEqual([note]);
  });

  it('is noted where it is as it is for a type alone', async () => {
    const types = (test: string) => `\`${test}\` compares int with string: they read the same and differ by type alone`;
    expect(await check(`when: "a.body.total == '3'", ${log}`)).toEqual([types("a.body.total == '3'")]);
    expect(await check(`when: "a.body.errors == 0 and a.body.total == '3'", ${log}`)).toEqual([
      types("a.body.total == '3'"),
    ]);
    const branch = `action: if, config: { condition: "a.body.total != '3'", then: [{ ${log} }] }`;
    expect(await check(branch)).toEqual([types("a.body.total != '3'")]);
    const poll = `action: poll, config: { step: { action: fill }, until: "len(items) >= 0", fail_when: "a.body.total == '3'" }`;
    expect(await check(poll)).toEqual([types("a.body.total == '3'")]);
    for (const condition of ["a.body.total == '4'", "a.body.errors == 1 and a.body.total == '3'"])
      expect(await check(`when: "${condition}", ${log}`)).toEqual([]);
  });

  it('is not where the key is there, or no other is near', async () => {
    for (const condition of ['a.body.total == 4', 'a.body.discount == 3', 'a.body.totl == nil'])
      expect(await check(`when: ${condition}, ${log}`)).toEqual([]);
  });
});

describe('an expected error whose message is empty', () => {
  const refuse = () => {
    throw new ActionError({ kind: 'sql', code: '23505', message: 'taken' });
  };
  it.each([
    ['{ message: "{{M}}" }', ['the `message` of `expect_error` is empty: each error has it']],
    ['{ kind: sql, message: "{{string(1)}}{{M}}" }', undefined],
    ['{ kind: sql, message: "take{{M}}" }', []],
  ])('is noted: %s', async (expected, notes) => {
    const { events, finish } = startText(
      `name: x\nenv: { M: "" }\nsteps:\n  - { id: a, action: refuse, expect_error: ${expected} }\n`,
      { actions: { refuse: fakeAction(refuse, { settings: { schema: z.strictObject({}) } }) } },
    );
    await finish();
    const { outcome, notes: said } = findStep(events, 'a');
    expect(outcome === 'passed' ? said : undefined).toEqual(notes);
  });
});

describe('a name of a header that is looked for in capitals', () => {
  const data = '{ status: 200, x: 1 }';
  it('is noted where only lower case can be', async () => {
    const { events, finish } = startText(
      `name: x\nsteps:\n  - { id: a, action: answer, assert: ["'X-Auth-Token' not in keys(headers)"] }\n  - { id: b, action: answer, assert: ["'X-Auth-Token' not in headers", "'x-auth-token' not in keys(headers)", "'Z' not in keys(body)"] }\n`,
      { actions: { answer: createAnswer() } },
    );
    await finish();
    expect(findStep(events, 'a').notes).toEqual([
      '`keys(headers)` are in lower case, `X-Auth-Token` is none of them: `"X-Auth-Token" in headers` takes any case',
    ]);
    expect(findStep(events, 'b').notes).toEqual([]);
    expect(await notesOf(assertOver(data, 'status == 200'))).toEqual([]);
  });
});

describe('what was found nowhere, of which something is denied', () => {
  const DATA = '{ body: { items: [ { id: 1, state: paid } ], none: [] } }';
  const nothing = (search: string, test: string) => `\`${search}\` found nothing: \`${test}\` was asked of nothing`;
  it.each([
    ['first(filter(body.items, #.id == 7))?.state != 5', 'first(filter(body.items, #.id == 7))'],
    ["find(body.items, .id == 7)?.state not in ['failed']", 'find(body.items, .id == 7)'],
    ['find(body.items, .id == 7) != 5', 'find(body.items, .id == 7)'],
    ['last(body.none)?.id != 5', 'last(body.none)'],
  ])('is noted: %s', async (assertion, search) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([nothing(search, assertion)]);
  });

  it('is noted of the mean of nothing', async () => {
    for (const name of ['mean', 'median'])
      expect(await notesOf(assertOver(DATA, `${name}(body.none) < 100`))).toEqual([
        `\`body.none\` of \`${name}(…)\` has no items: it gives 0`,
      ]);
  });

  it.each([
    'find(body.items, .id == 1)?.state != 5',
    'find(body.items, .id == 1)?.other?.x != 5',
    'find(body.items, .id == 7) == nil or find(body.items, .id == 7)?.state != 5',
    'find(body.items, .id == 7) == nil',
    'find(body.items, .id == 7)?.state == nil',
    'mean(map(body.items, .id)) < 100',
  ])('is none where something is, or nothing is expected: %s', async (assertion) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([]);
  });
});

describe('what holds of everything', () => {
  it.each([
    ['contains_all(body.tags, body.none)', '`contains_all` holds of every list: no items are expected'],
    ['matches_partial(body, body.empty)', '`matches_partial` holds of every map: no fields are expected'],
    ['matches_partial(body, {empty: {}})', '`matches_partial` takes any map for `empty`: no fields are expected there'],
    [
      'matches_partial(body, {list: [{id: 1, by: {}}]})',
      '`matches_partial` takes any map for `list[0].by`: no fields are expected there',
    ],
    ['body.no contains body.text', '`body.no contains body.text` holds of every text: `body.text` is empty'],
    ['body.no matches body.text', '`body.no matches body.text` holds of every text: the pattern is ``'],
    ["body.no matches '^{{body.text}}'", "`body.no matches '^{{body.text}}'` holds of every text: the pattern is `^`"],
    ["body.no startsWith ''", "`body.no startsWith ''` holds of every text: `''` is empty"],
    ['body.no endsWith body.text', '`body.no endsWith body.text` holds of every text: `body.text` is empty'],
    ['hasPrefix(body.no, body.text)', '`hasPrefix(body.no, body.text)` holds of every text: `body.text` is empty'],
    [
      'indexOf(body.no, body.text) >= 0',
      '`indexOf(body.no, body.text)` finds something in every text: `body.text` is empty',
    ],
  ])('is noted: %s', async (assertion, note) => {
    expect(
      await notesOf(
        assertOver(
          '{ body: { tags: [a], none: [], empty: {}, list: [ { id: 1, by: { x: 1 } } ], no: A-17, text: "" } }',
          assertion,
        ),
      ),
    ).toEqual([note]);
  });

  it.each([
    "body.no matches '^{{body.no}}$'",
    'contains_all(body.tags, body.tags)',
    "body.no contains 'A'",
    'matches_partial(body, {no: body.no})',
  ])('is not said of %s', async (assertion) => {
    expect(await notesOf(assertOver('{ body: { tags: [a], no: A-17 } }', assertion))).toEqual([]);
  });
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

describe('numbers that are ordered as texts', () => {
  const DATA = '{ body: { price: "10.00", size: "9", id: 7, name: b } }';
  const note = (a: string, b: string, better: string) =>
    `"${a}" and "${b}" are texts, ordered character by character: \`${better}\` orders the numbers`;
  it.each([
    ["body.price < '9'", note('10.00', '9', "float(body.price) < float('9')")],
    ["'9' > body.price", note('9', '10.00', "float('9') > float(body.price)")],
    ['body.price <= body.size and body.id == 7', note('10.00', '9', 'float(body.price) <= float(body.size)')],
    ["'1' <= body.price <= '9'", note('10.00', '9', "float(body.price) <= float('9')")],
    ["body.price > '10'", note('10.00', '10', "float(body.price) > float('10')")],
  ])('are noted where the numbers are in another order: %s', async (assertion, expected) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([expected]);
  });

  it.each([
    "body.price > '05'",
    "body.price < '20'",
    "body.size >= '9'",
    "body.name > 'a'",
    "body.name > '9'",
    'body.id < 9',
  ])('are not where they are in the same, or are none: %s', async (assertion) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([]);
  });
});

describe('dates, times and versions that are ordered as texts', () => {
  const texts = (a: string, b: string) => `"${a}" and "${b}" are texts, ordered character by character`;
  const dated = (operator: string, [a, b]: readonly [string, string], layout: string) =>
    `${texts(a, b)}: \`date(body.a, "${layout}") ${operator} date('${b}', "${layout}")\` orders the`;
  it.each([
    ['05.02.2026', '<', '31.12.2025', '02.01.2006'],
    ['5.2.2026 10:00', '<', '6.1.2026 10:00', '02.01.2006'],
    ['05/02/2026', '<', '31/12/2025', '02/01/2006'],
    ['05/02/2026', '<', '12/31/2025', '01/02/2006'],
    ['05-02-2026', '<=', '31-12-2025', '02-01-2006'],
    ['2026-10-1', '<', '2026-9-1', '2006-1-2'],
    ['Mon, 02 Feb 2026 10:00:00 GMT', '<', 'Tue, 27 Jan 2026 10:00:00 GMT', 'Mon, 02 Jan 2006 15:04:05 MST'],
    ['9:05', '>', '10:00', '15:04'],
    ['9:05:00', '>', '10:00:00', '15:04:05'],
    ['9:05 AM', '>', '1:00 PM', '3:04 PM'],
  ] as const)('are noted where they are in another order: %s %s %s', async (a, operator, b, layout) => {
    const notes = await notesOf(assertOver(`{ body: { a: "${a}" } }`, `body.a ${operator} '${b}'`));
    expect(notes).toEqual([expect.stringContaining(dated(operator, [a, b], layout))]);
  });

  it.each([
    ['1.10.0', '<', '1.9.0'],
    ['v1.10', '<', 'v1.9'],
    ['10.0.0.9', '>', '10.0.0.10'],
    ['2.0.0-rc.1', '>', '10.0.0'],
  ] as const)('are noted of versions: %s %s %s', async (a, operator, b) => {
    expect(await notesOf(assertOver(`{ body: { a: "${a}" } }`, `body.a ${operator} '${b}'`))).toEqual([
      `${texts(a, b)}: the versions are in another order: compare the numbers in them one by one, as in \`int(split(body.a, ".")[0])\``,
    ]);
  });

  it.each([
    ['31.12.2025', '>', '05.12.2025'],
    ['2026-10-01', '>', '2026-09-01'],
    ['2026-10-01T10:00:00Z', '>', '2026-09-01T10:00:00Z'],
    ['09:05', '<', '10:00'],
    ['1.8.0', '<', '1.9.0'],
    ['item-10', '<', 'item-9'],
    ['45.13.2026', '>', '31.12.2025'],
    ['1.0.0-rc.2', '>', '1.0.0-rc.1'],
  ] as const)('are not where their characters tell: %s %s %s', async (a, operator, b) => {
    expect(await notesOf(assertOver(`{ body: { a: "${a}" } }`, `body.a ${operator} '${b}'`))).toEqual([]);
  });
});

describe('texts that differ and say the same', () => {
  const DATA =
    '{ body: { at: "2026-01-31T10:00:00Z", local: "2026-01-31T11:00:00+01:00", other: "2026-01-31T11:00:00Z", price: "10.00", word: paid, bare: "2026-01-31T10:00:00" } }';
  const [z, local] = ['2026-01-31T10:00:00Z', '2026-01-31T11:00:00+01:00'];
  const times = `"${z}" and "${local}" are one point in time, written differently`;
  it.each([
    ['body.at != body.local', `${times}: \`date(body.at) != date(body.local)\` compares what they say`],
    ['not (body.at == body.local)', `${times}: \`date(body.at) == date(body.local)\` compares what they say`],
    [
      "body.at != '2026-01-31 10:00:00.000Z'",
      `"${z}" and "2026-01-31 10:00:00.000Z" are one point in time, written differently: \`date(body.at) != date('2026-01-31 10:00:00.000Z')\` compares what they say`,
    ],
    [
      "body.price != '10'",
      `"10.00" and "10" are one number, written differently: \`float(body.price) != float('10')\` compares what they say`,
    ],
    [
      "body.word != 'Paid'",
      `"paid" and "Paid" are one text but for letter case: \`lower(body.word) != lower('Paid')\` compares what they say`,
    ],
    [
      "not (body.word == ' paid')",
      `"paid" and " paid" are one text but for the blanks around it: \`trim(body.word) == trim(' paid')\` compares what they say`,
    ],
    [
      "body.word != 'PAID '",
      `"paid" and "PAID " are one text but for letter case and blanks: \`lower(trim(body.word)) != lower(trim('PAID '))\` compares what they say`,
    ],
    [
      "body.word not in ['open', 'Paid']",
      `\`body.word not in ['open', 'Paid']\` looks for string: it and "Paid" are one text but for letter case`,
    ],
    [
      'body.at not in [body.local]',
      `\`body.at not in [body.local]\` looks for string: it and "${local}" are one point in time, written differently`,
    ],
  ])('are noted: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([note]);
  });

  it.each([
    'body.at != body.other',
    'body.at != body.bare',
    "body.price != '11'",
    "body.word != 'unpaid'",
    "body.word == 'Paid' or body.at != body.bare",
    'body.at not in [body.other]',
    'date(body.at) == date(body.local)',
  ])('are not where they say something else: %s', async (assertion) => {
    expect(await notesOf(assertOver(DATA, assertion))).toEqual([]);
  });
});

describe('a name that is nil, of which something is denied', () => {
  const over = (assertion: string) =>
    notesOf(`action: assert, config: { data: { value: null, other: a }, assertions: ["${assertion}"] }`);
  it.each(["value != 'locked'", "not (value == 'locked')", "value not in ['a']", "other == 'a' and 'b' != value"])(
    'is noted: %s',
    async (assertion) => {
      const test = assertion.replace(/^not \((.*)\)$|^other == 'a' and /, '$1');
      expect(await over(assertion)).toEqual([`\`value\` is nil: \`${test}\` was asked of nothing`]);
    },
  );

  it.each(['value == nil', "other != 'b'", "(value ?? 'b') != 'a'", "value == nil or value != 'a'"])(
    'is not where nil is asked for, or it is not nil: %s',
    async (assertion) => {
      expect(await over(assertion)).toEqual([]);
    },
  );
});

const ANSWER =
  '{ status: 200, headers: { x-error: bad }, body: { total: 3, message: "error: x", deleted_at: "2024", created_at: "2024", line1: a, mode: b, active: true, code: 0, user: { name: Ann }, text: \'{"status": 1, "by": {"name": "a"}, "all": [{"name": "b"}]}\', users: [ { id: 1, name: Ann, deleted_at: null, by: { name: x } }, { id: 2, name: Bob, deleted_at: null, by: { name: y } } ] } }';

describe('a key that is not there, of which something is denied', () => {
  const near = (map: string, key: string, there: string) => `\`${map}\` has no \`${key}\`; there is \`${there}\``;
  it.each([
    ['body.totl != 5', near('body', 'totl', 'total')],
    ['body.deletd_at == nil', near('body', 'deletd_at', 'deleted_at')],
    ['nil == body.deletd_at', near('body', 'deletd_at', 'deleted_at')],
    ["not (body.mesage contains 'error')", near('body', 'mesage', 'message')],
    ["not (body['mesage'] startsWith 'error')", near('body', 'mesage', 'message')],
    ["body.mesage not matches 'error'", near('body', 'mesage', 'message')],
    ["body?.messge != 'x'", near('body', 'messge', 'message')],
    ["not (headers['x-err0r'] contains 'bad')", near('headers', 'x-err0r', 'x-error')],
    ["body.usr?.name != 'Ann'", near('body', 'usr', 'user')],
    ["body.users[1].nme != 'Bob'", near('body.users[1]', 'nme', 'name')],
    ["not ('totl' in body)", near('body', 'totl', 'total')],
    ['body.Total not in [1, 2]', near('body', 'Total', 'total')],
    ['status == 200 and (body.totl != 5 or status == 201)', near('body', 'totl', 'total')],
    ['(body.totl == 5) == false', near('body', 'totl', 'total')],
    ['true ? body.totl != 5 : false', near('body', 'totl', 'total')],
    ['none(body.users, .deletd_at != nil)', 'no item of `body.users` has `deletd_at`; there is `deleted_at`'],
    ['all(body.users, .deletd_at == nil)', 'no item of `body.users` has `deletd_at`; there is `deleted_at`'],
    ["get(body, 'totl') != 5", near('body', 'totl', 'total')],
    ["get(body.user, 'nmae') == nil", near('body.user', 'nmae', 'name')],
    ["(body | get('totl')) == nil", near('body', 'totl', 'total')],
    ['(let t = body.totl; t != 5)', near('body', 'totl', 'total')],
    ['(let b = body; b.totl != 5)', near('body', 'totl', 'total')],
    ['(let u = body.users; find(u, .id == 1).nme != 3)', 'no item of `body.users` has `nme`; there is `name`'],
    ['(body.totl ?? 5) == 5', near('body', 'totl', 'total')],
    ['(body.totl ?? 4) != 5', near('body', 'totl', 'total')],
    ["upper(body.mesage ?? '') != 'FAILED'", near('body', 'mesage', 'message')],
    ['all(body.users, (.deletd_at ?? 1) == 1)', 'no item of `body.users` has `deletd_at`; there is `deleted_at`'],
    ["'totl' not in keys(body)", near('body', 'totl', 'total')],
    ["all(body.users, 'nme' not in #)", 'no item of `body.users` has `nme`; there is `name`'],
    ['body.totl == nil ? true : false', near('body', 'totl', 'total')],
    ['body.totl != nil ? false : true', near('body', 'totl', 'total')],
    ['body.users[-1].nme != 5', 'no item of `body.users` has `nme`; there is `name`'],
    ['first(body.users).nme != 5', 'no item of `body.users` has `nme`; there is `name`'],
    ['filter(body.users, .id == 1)[0]?.nme != 5', 'no item of `body.users` has `nme`; there is `name`'],
    ['body.modr == nil', near('body', 'modr', 'mode')],
    ["type(body.totl) == 'nil'", near('body', 'totl', 'total')],
    ['body.totl in [nil, 5]', near('body', 'totl', 'total')],
    ['not is_string(body.mesage)', near('body', 'mesage', 'message')],
    ['fromJSON(body.text).statuss == nil', near('fromJSON(body.text)', 'statuss', 'status')],
    ['fromJSON(body.text)?.statuss == nil', near('fromJSON(body.text)', 'statuss', 'status')],
    ['fromJSON(body.text).by.nmae == nil', near('fromJSON(body.text).by', 'nmae', 'name')],
    ['fromJSON(body.text).all[0].nmae == nil', 'no item of `fromJSON(body.text).all` has `nmae`; there is `name`'],
    ["not (fromJSON(body.text).by.nmae == 'x')", near('fromJSON(body.text).by', 'nmae', 'name')],
    ["(fromJSON(body.text).statuss ?? 'x') == 'x'", near('fromJSON(body.text)', 'statuss', 'status')],
    ["'statuss' not in fromJSON(body.text)", near('fromJSON(body.text)', 'statuss', 'status')],
    ["'statuss' not in keys(fromJSON(body.text))", near('fromJSON(body.text)', 'statuss', 'status')],
    ['(let t = fromJSON(body.text); t.by.nmae == nil)', near('t.by', 'nmae', 'name')],
    ['first(body.users).by.nmae == nil', near('first(body.users).by', 'nmae', 'name')],
    ['find(body.users, .id == 2).by.nmae == nil', near('find(body.users, .id == 2).by', 'nmae', 'name')],
    ['map(body.users, .by)[0].nmae == nil', 'no item of `map(body.users, .by)` has `nmae`; there is `name`'],
    ['(body.user ?? {}).nmae == nil', near('body.user ?? {}', 'nmae', 'name')],
    ['(body.total == 3 ? body.user : body).nmae == nil', near('body.total == 3 ? body.user : body', 'nmae', 'name')],
    ['(body.totl ?? 5) == 5 and body.total == 3', near('body', 'totl', 'total')],
    ['(body.totl ?? 5) == 5 or body.total == 4', near('body', 'totl', 'total')],
    [
      'all(body.users, (.deletd_at ?? 1) == 1 and .deleted_at == nil)',
      'no item of `body.users` has `deletd_at`; there is `deleted_at`',
    ],
  ])('is noted where another was meant: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([note]);
  });

  it.each([
    'body.error == nil',
    'body.updated_at == nil',
    'body.line2 == nil',
    'body.node == nil',
    "body.error?.code != 'x'",
    '(body.discount ?? 5) == 5',
    '(body.totl ?? body.total) == 3',
    '(body.total ?? 4) != 5',
    'body.total != 5',
    'body.total != nil',
    'not (body.total == nil)',
    'body.totl == 5 or body.total == 3',
    "'total' in body",
    'all(body.users, .name != 3 and .deleted_at == nil)',
    'all(body.users, (.deletd_at ?? .deleted_at) == nil)',
    'all(body.users, (.discount ?? 1) == 1)',
    "all(body.users, 'nick' not in #)",
    'body.nodes == nil',
    'body.codx == nil',
    "get(body, 'discount') == nil",
    "type(body.totl) != 'nil' or body.total == 3",
    'not is_string(body.discount)',
    "'discount' not in keys(body)",
    "'x-other' not in keys(headers)",
    '(let b = body; b.total != 5)',
    'find(body.users, .id == 1).nick != 3',
    'find(body.users, .id == 1)?.name != 3',
    'body.totl == nil ? body.active : true',
    'len(body.users) == 2 ? true : body.totl == 5',
    'fromJSON(body.text).code == nil',
    'first(body.users).by.code == nil',
    '(fromJSON(body.text).statuss ?? fromJSON(body.text).status) == 1',
    '(body.totl ?? 0) == 3 or (body.total ?? 0) == 3',
    'now() == nil or uuid() != nil',
  ])('is not where nothing is near, or one may do without: %s', async (assertion) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([]);
  });
});

describe('a text that is not there, of which something is denied', () => {
  it.each([
    ["not (headers['x-warning'] contains 'bad')", '`headers` has no `x-warning`: no text was tested'],
    ["body?.error not startsWith 'x'", '`body` has no `error`: no text was tested'],
  ])('is noted: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([note]);
  });

  it.each([
    "not ((body.error ?? '') contains 'x')",
    "body.error == nil or body.error contains 'x'",
    "not (body.user?.nick?.x contains 'x')",
  ])('is not where it may be absent: %s', async (assertion) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([]);
  });
});

it('is counted where it is more than anybody reads', async () => {
  const tests = (count: number) => [...'abcdefghijkl'].slice(0, count).map((one) => `body.x${one} != 1`);
  const said = (count: number) => notesOf(assertOver('{ body: { y: 1 } }', tests(count).join(' and ')));
  expect(await said(8)).toHaveLength(8);
  expect((await said(9)).slice(7)).toEqual([expect.stringContaining('`body.xh != 1`'), 'and 1 more of the kind']);
  expect((await said(12)).at(-1)).toBe('and 4 more of the kind');
});

describe('what differs by its type alone', () => {
  const alike = (test: string, types: string) =>
    `\`${test}\` compares ${types}: they read the same and differ by type alone`;
  const twin = (test: string, wanted: string, there: string) =>
    `\`${test}\` looks for ${wanted}: an item that reads the same is ${there}, and differs by type alone`;
  it.each([
    ["body.total != '3'", alike("body.total != '3'", 'int with string')],
    ["not (body.total == '3')", alike("body.total == '3'", 'int with string')],
    ["body.active != 'true'", alike("body.active != 'true'", 'bool with string')],
    ["none(body.users, .id == '2')", alike(".id == '2'", 'int with string')],
    ["count(body.users, .id == '2') == 0", alike(".id == '2'", 'int with string')],
    ["count(body.users, .id == '2') < 1", alike(".id == '2'", 'int with string')],
    ["len(filter(body.users, .id == '2')) == 0", alike(".id == '2'", 'int with string')],
    ["filter(body.users, .id == '2') == []", alike(".id == '2'", 'int with string')],
    ["find(body.users, .id == '2') == nil", alike(".id == '2'", 'int with string')],
    ["not any(body.users, .id == '2')", alike(".id == '2'", 'int with string')],
    ["all(body.users, .id != '2')", alike(".id != '2'", 'int with string')],
    ["not ('2' in map(body.users, .id))", twin("'2' in map(body.users, .id)", 'string', 'int')],
    ["'2' not in map(body.users, .id)", twin("'2' not in map(body.users, .id)", 'string', 'int')],
    ["body.total not in ['2', '3']", twin("body.total not in ['2', '3']", 'int', 'string')],
    ["not ('Bob' in body.users)", "`'Bob' in body.users` looks for string, but each item is map: none could be it"],
  ])('is noted: %s', async (assertion, note) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([note]);
  });

  it.each([
    "body.total != '4'",
    'body.total != 4',
    "body.total == '3' or body.total == 3",
    "any(body.users, .id == '2' or .id == 2)",
    "none(body.users, .id == '9')",
    "not ('9' in map(body.users, .id))",
    "'Cid' not in map(body.users, .name)",
    "body.code not in ['E1', 'E2']",
    "count(body.users, .id == '2' or .id == 2) == 1",
    'not ({id: 9} in body.users)',
    "body.total != ''",
    "body.code != ''",
  ])('is not where the values differ, or either type will do: %s', async (assertion) => {
    expect(await notesOf(assertOver(ANSWER, assertion))).toEqual([]);
  });
});

describe('a key that the things of a result cannot have', () => {
  const read = fakeAction(
    () => ({ result: { rows: ROWS, first_row: ROWS[0] ?? null, n: 2 }, summary: '', itemKeys: ['id', 'deleted_at'] }),
    {
      settings: { schema: z.strictObject({}) },
      result: {
        keys: { rows: 'array', first_row: 'map?', n: 'number' },
        items: { noun: 'row', list: 'rows', first: 'first_row', number: 'n' },
      },
    },
  );
  const ROWS = [
    { id: 1, deleted_at: null },
    { id: 2, deleted_at: 'x' },
  ];
  const run = async (assertion: string) => {
    const text = `name: x\nsteps:\n  - { id: a, action: read, assert: ["${assertion}"] }\n`;
    const { events, finish } = startText(text, { actions: { read } });
    await finish();
    return findStep(events, 'a').problems;
  };

  it.each([
    ['first_row.deletd_at == nil', 'deletd_at', 'did you mean `deleted_at`? '],
    ['first_row?.deletd_at == nil', 'deletd_at', 'did you mean `deleted_at`? '],
    ['rows[0].idd != 7', 'idd', 'did you mean `id`? '],
    ['rows[-1].state == nil', 'state', ''],
    ['none(rows, .deletd_at == 5)', 'deletd_at', 'did you mean `deleted_at`? '],
    ['len(filter(rows, .id > 0 and .state != nil)) == 0', 'state', ''],
    ['none(filter(rows, .id > 1), .idd == 2)', 'idd', 'did you mean `id`? '],
    ['last(rows).idd == nil', 'idd', 'did you mean `id`? '],
    ['7 not in map(rows, .idd)', 'idd', 'did you mean `id`? '],
    ["get(first_row, 'state') == nil", 'state', ''],
    ["get(rows[0], 'idd') != 7", 'idd', 'did you mean `id`? '],
    ['(let r = first_row; r.state == nil)', 'state', ''],
    ['(let them = rows; none(them, .state == 1))', 'state', ''],
  ])('makes a claim about it false: %s', async (assertion, key, nearest) => {
    expect(await run(assertion)).toMatchObject([
      {
        outcome: 'failed',
        kind: 'assertion',
        message: `\`${assertion}\` is true, but no row has \`${key}\`, whatever is in it`,
        location: { line: 3 },
        hints: [`${nearest}each row has \`id\` and \`deleted_at\``],
      },
    ]);
  });

  it('is none where nothing says what they have', async () => {
    const result = { rows: [], first_row: null, n: 0 };
    const bare = fakeAction(() => ({ result, summary: '', itemKeys: [] }), {
      settings: { schema: z.strictObject({}) },
      result: {
        keys: { rows: 'array', first_row: 'map?', n: 'number' },
        items: { noun: 'row', list: 'rows', first: 'first_row', number: 'n' },
      },
    });
    const text = "name: x\nsteps:\n  - { id: a, action: bare, assert: ['first_row?.deletd_at == nil'] }\n";
    const { events, finish } = startText(text, { actions: { bare } });
    await finish();
    expect(findStep(events, 'a').problems).toEqual([]);
  });

  const over = (step: string) =>
    `name: x\nsteps:\n  - { id: a, action: read, output: { all: $.rows, one: first_row } }\n  - { id: b, ${step} }\n`;
  const problemsOf = async (step: string, id = 'b') => {
    const { events, finish } = startText(over(step), { actions: { read } });
    await finish();
    return findStep(events, id).problems.map(({ message }) => message);
  };
  const check = (assertion: string, data = '{}') =>
    `action: assert, config: { data: ${data}, assertions: ["${assertion}"] }`;

  it.each([
    ['by the id of its step', check('a.first_row.deletd_at == nil'), 'a.first_row.deletd_at == nil'],
    ['by a position', check('a.rows[0].deletd_at == nil'), 'a.rows[0].deletd_at == nil'],
    ['by `steps`', check("steps['a'].first_row.deletd_at == nil"), "steps['a'].first_row.deletd_at == nil"],
    ['in each', check('all(a.rows, .deletd_at == nil)'), 'all(a.rows, .deletd_at == nil)'],
    ['in some', check('len(filter(a.rows, .deletd_at != nil)) == 0'), 'len(filter(a.rows, .deletd_at != nil)) == 0'],
    ['in none', check("none(a.rows[0:1], .deletd_at == 'x')"), "none(a.rows[0:1], .deletd_at == 'x')"],
    ['as data', check('r.deletd_at == nil', "{ r: '{{a.first_row}}' }"), 'r.deletd_at == nil'],
    ['as a list of data', check('none(r, .deletd_at != nil)', "{ r: '{{a.rows}}' }"), 'none(r, .deletd_at != nil)'],
    ['by a capture', check('one.deletd_at == nil'), 'one.deletd_at == nil'],
    ['by a capture of all', check('last(all).deletd_at == nil'), 'last(all).deletd_at == nil'],
  ])('makes a claim about it false in a later step, too: %s', async (_title, step, assertion) => {
    expect(await problemsOf(step)).toEqual([
      `\`${assertion}\` is true, but no row has \`deletd_at\`, whatever is in it`,
    ]);
  });

  it('makes a claim about it false in a later step where there is no row', async () => {
    const none = fakeAction(
      () => ({ result: { rows: [], first_row: null, n: 0 }, summary: '', itemKeys: ['id', 'deleted_at'] }),
      {
        settings: { schema: z.strictObject({}) },
        result: {
          keys: { rows: 'array', first_row: 'map?', n: 'number' },
          items: { noun: 'row', list: 'rows', first: 'first_row', number: 'n' },
        },
      },
    );
    const asked = (assertion: string) =>
      startText(`name: x\nsteps:\n  - { id: a, action: none }\n  - { id: b, ${check(assertion)} }\n`, {
        actions: { none },
      });
    for (const [assertion, count] of [
      ['a.first_row?.deletd_at == nil', 1],
      ['a.first_row?.deleted_at == nil', 0],
      ['a.first_row == nil', 0],
    ] as const) {
      const { events, finish } = asked(assertion);
      await finish();
      const said = findStep(events, 'b').problems.filter(({ message }) => message.includes('no row has `deletd_at`'));
      expect([assertion, said.length]).toEqual([assertion, count]);
    }
  });

  it('makes one about an item of a loop false, and one that a poll waits for', async () => {
    const each = `action: for_each, config: { items: "{{a.rows}}", steps: [{ id: c, ${check('item.deletd_at == nil')} }] }`;
    const word = 'is true, but no row has `deletd_at`, whatever is in it';
    expect(await problemsOf(each, 'b[0]>c')).toEqual([`\`item.deletd_at == nil\` ${word}`]);
    const poll = (until: string) =>
      `action: poll, config: { step: { action: read }, until: "${until}", max_attempts: 1 }`;
    const [gaveUp] = await problemsOf(poll('first_row.deletd_at == nil'));
    expect(gaveUp).toContain(`\`first_row.deletd_at == nil\` ${word}`);
    expect(await problemsOf(poll('first_row.deleted_at == nil'))).toEqual([]);
  });

  it('says nothing of other things, nor of a column that is there', async () => {
    for (const assertion of [
      'a.first_row.deleted_at == nil',
      'a.n == 2 and a.first_row.id != 7',
      '(one.deletd_at ?? 1) == 1',
      "not ('deletd_at' in one)",
      'map(a.rows, .id)[0] == 1',
    ])
      expect(await problemsOf(check(assertion))).toEqual([]);
  });

  it.each([
    'first_row.deleted_at == nil',
    'rows[1].id != 7',
    "not ('secret' in first_row)",
    '(first_row.state ?? 1) == 1',
    'none(rows, (.state ?? 0) == 7)',
    'len(rows) == 2 and n == 2',
    'none([{x: 1}], .x == len(rows))',
    'rows[1].deleted_at.y == nil or true',
  ])('says nothing of others: %s', async (assertion) => {
    const problems = (await run(assertion)).filter(({ message }) => message.includes('whatever'));
    expect(problems).toEqual([]);
  });
});

describe('a choice that rests on what is not there', () => {
  it.each([
    ['body.okk == true ? body.total == 999 : true', '`body` has no `okk`; there is `ok`'],
    ['body.okk == true ? body.total == 999 : body.total == 55', '`body` has no `okk`; there is `ok`'],
    ['not (body.okk == true) ? true : body.total == 999', '`body` has no `okk`; there is `ok`'],
  ])('is noted in an assertion: %s', async (assertion, note) => {
    const notes = await notesOf(assertOver('{ body: { ok: true, total: 55 } }', assertion));
    expect(notes.join('\n')).toContain(note);
  });

  it('is none where it is there', async () => {
    const data = '{ body: { ok: false, total: 55 } }';
    expect(await notesOf(assertOver(data, 'body.ok == true ? body.total == 999 : true'))).toEqual([]);
  });
});
