import { describe, expect, it } from 'vitest';
import type { $ZodType } from 'zod/v4/core';
import { actions } from '../../../src/actions/registry.ts';
import { checkShape } from '../../../src/plan/compile/check-shape.ts';
import { SERVICE_SETTINGS } from '../../../src/plan/project/project-keys.ts';
import { describeIssue, listIssues, type Path } from '../../../src/plan/read/issues.ts';
import { defOf } from '../../../src/plan/read/schema-keys.ts';
import { sample } from '../../support/sample.ts';

const SCHEMAS: readonly (readonly [string, $ZodType])[] = [
  ['services', SERVICE_SETTINGS],
  ...[...new Set(actions.values())].map((action) => [action.name, action.settings.schema] as const),
];
/** Words of the library, and of ours, that no author has written. */
const FOREIGN =
  /invalid|zod|received|recogni|undefined|\[object|Symbol|\bNaN\b|nonoptional|\bnever\b|expected (?:custom|unknown|object|record|int|nan|,|or|got)\b|or or |, , |\(\)|expected expected| {2}/i;
/** Values of every kind, and of the right kind with something odd in it. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e12,
  '',
  'odd one',
  '5',
  'yes',
  [],
  [5],
  [[]],
  {},
  { zzz: 1 },
];

describe('a wrong value', () => {
  it.each(sample('schemas of actions', SCHEMAS, { count: 1 }))(
    'of %s is told in our words, at every place',
    (what, schema) => {
      const offenders = listPlaces(schema, []).flatMap(({ path, at }) =>
        [...ODD, ...mixKeys(at)]
          .flatMap((value) => describeAll(schema, what, place(path, value)))
          .filter((text) => FOREIGN.test(text)),
      );
      expect([...new Set(offenders)]).toEqual([]);
    },
  );

  it.each([
    [
      'mock_server_start',
      { fallback: { proxy: 'http://x', status: 404 } },
      '`fallback` of `mock_server_start`: expected `{proxy: …}` or `{status: …, headers: …, body: …}`, got a map with `proxy` and `status` = these are different forms: write one of them',
    ],
    [
      'mock_server_start',
      { fallback: 404 },
      '`fallback` of `mock_server_start`: expected `{proxy: …}` or `{status: …, headers: …, body: …}`, got int 404 = write `fallback: {status: 404}`',
    ],
    [
      'mock_server_start',
      { fallback: { status: 'no' } },
      '`fallback.status` of `mock_server_start`: expected a number, got string "no" = write its number, such as `200`',
    ],
    [
      'mock_server_start',
      { routes: [{ fault: { truncate: 5 } }] },
      '`routes[0].fault.truncate` of `mock_server_start`: expected a map, got int 5 = write `truncate: {after: 5}`',
    ],
    [
      'mock_server_start',
      { routes: [{ fault: { truncat: { after: 5 } } }] },
      '`routes[0].fault` of `mock_server_start`: expected `reset`, `timeout`, `empty`, `garbage`, `{slow_body: {over: …}}` or `{truncate: {after: …}}`, got a map with `truncat` = did you mean `truncate`?',
    ],
    [
      'mock_server_start',
      { routes: [{ fault: { reset: true } }] },
      '`routes[0].fault` of `mock_server_start`: expected `reset`, `timeout`, `empty`, `garbage`, `{slow_body: {over: …}}` or `{truncate: {after: …}}`, got a map with `reset` = write `fault: reset`',
    ],
    [
      'mock_server_start',
      { routes: [{ fault: 'slow_body' }] },
      '`routes[0].fault` of `mock_server_start`: expected `reset`, `timeout`, `empty`, `garbage`, `{slow_body: {over: …}}` or `{truncate: {after: …}}`, got string "slow_body" = write it as a map: `{slow_body: {over: …}}`',
    ],
    [
      'mock_server_start',
      { routes: [{ delay: [1] }] },
      '`routes[0].delay` of `mock_server_start`: expected a duration such as `300ms`, `1.5s` or `1h30m` or `{min: …, max: …}`, got a list',
    ],
    [
      'mock_server_start',
      { tls: true },
      '`tls` of `mock_server_start`: expected `{self_signed: true}` or `{cert: …, key: …, passphrase: …}`, got bool true',
    ],
    [
      'mock_server_start',
      { tls: { self_signed: false } },
      '`tls.self_signed` of `mock_server_start`: expected `true`, got bool false = leave `self_signed` out',
    ],
    [
      'mock_server_verify',
      { count: '1' },
      '`count` of `mock_server_verify`: expected an integer or `{min: …, max: …}`, got string "1" = write `1`, without quotes',
    ],
    [
      'mock_server_verify',
      { count: -1 },
      '`count` of `mock_server_verify`: expected at least 0, got int -1 = write `count: 0` for none',
    ],
    [
      'fault_set',
      { faults: { reset: 'yes' } },
      '`faults.reset` of `fault_set`: expected `true` or `{after: …}`, got string "yes" = write `true`, without quotes',
    ],
    [
      'effects',
      { tables: { orders: 'change' } },
      '`tables.orders` of `effects`: expected an integer, `changed`, `any`, `none` or `{added: …, deleted: …, changed: …}`, got string "change" = did you mean `changed`?',
    ],
    [
      'effects',
      { topics: { 'order placed': 1 } },
      '`topics.order placed` of `effects`: expected a name, in which `*` stands for any letters, got the key `order placed`',
    ],
    [
      'services',
      { ready: { log: 'a', http: 'http://b' } },
      '`ready` of `services`: expected one of `log`, `http` and `tcp`, got a map with `log` and `http` = write one: `ready: {http: "http://localhost:5003/health"}`, `{tcp: "localhost:5432"}` or `{log: "listening on"}`',
    ],
    [
      'services',
      { ready: { log: 'a' }, command: [] },
      '`command` of `services`: expected at least 1 item, got an empty list',
    ],
    [
      'services',
      { ready: { log: 'a' }, env: { A: [1] } },
      '`env.A` of `services`: expected text, a number, `true`, `false` or nothing, got a list',
    ],
  ])('of %s, %j, is one sentence with the forms that are taken', (what, value, message) => {
    const schema = SCHEMAS.find(([name]) => name === what)?.[1];
    if (!schema) throw new Error(`no schema ${what}`);
    expect(describeAll(schema, what, value)).toContain(message);
  });
});

function describeAll(schema: $ZodType, what: string, root: unknown): readonly string[] {
  return listIssues(checkShape(schema, root), { schema, root }).map((issue) => {
    const { message, help } = describeIssue(issue, { what, isConfig: false, schema, root });
    return [message, ...help].join(' = ');
  });
}

/** Every place that a schema has, each with the schemas that may stand there. */
function listPlaces(schema: $ZodType, path: Path): readonly { path: Path; at: $ZodType }[] {
  const def = defOf(schema);
  const inner = def.innerType ?? def.in;
  if (inner) return listPlaces(inner, path);
  const below = [
    ...(def.options ?? []).map((option) => listPlaces(option, path)),
    ...Object.entries(def.shape ?? {}).map(([key, one]) => listPlaces(one, [...path, key])),
    ...(def.element ? [listPlaces(def.element, [...path, 0])] : []),
    ...(def.valueType
      ? [listPlaces(def.valueType, [...path, 'some']), listPlaces(def.valueType, [...path, 'odd one'])]
      : []),
  ];
  return [{ path, at: schema }, ...below.flat()];
}

/** Maps with the keys of one and of several forms, whose values are odd. */
function mixKeys(schema: $ZodType): readonly unknown[] {
  const def = defOf(schema);
  const keys = [...new Set([schema, ...(def.options ?? [])].flatMap((one) => Object.keys(defOf(one).shape ?? {})))];
  const some = keys.slice(0, 12);
  const pairs = some.flatMap((one) => some.filter((other) => other > one).map((other) => [one, other]));
  return [...some.map((key) => [key]), ...pairs].flatMap((chosen) =>
    [5, 'text', true, {}, [], { min: 1 }].map((value) => Object.fromEntries(chosen.map((key) => [key, value]))),
  );
}

function place(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);
}
