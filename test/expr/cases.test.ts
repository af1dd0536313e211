import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compile,
  decodeValue,
  describeType,
  ExactNumber,
  ExprError,
  isEqual,
  isKeyedMap,
  isList,
  isMap,
  type Value,
} from '../../src/expr/index.ts';
import { sample } from '../support/sample.ts';
import { host } from './support.ts';

interface Wanted {
  error?: true;
  value?: unknown;
}

interface Case {
  id: string;
  expr: string;
  env: { [name: string]: unknown };
  want: Wanted;
  alt?: Wanted;
  tags: string[];
}

const text = readFileSync(new URL('expr-cases.jsonl', import.meta.url), 'utf8');
const cases: Case[] = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const chosen = sample('reference cases', cases, { count: 100, kindOf: ({ tags }) => tags[0] ?? '' });

describe('the reference cases', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(705);
  });

  it.each(chosen)('$id with known names: $expr', (given) => {
    check(given, true);
  });

  it.each(chosen)('$id with names found at evaluation: $expr', (given) => {
    check(given, false);
  });
});

function check(given: Case, hasNames: boolean): void {
  const want = given.alt ?? given.want;
  const env = new Map(Object.entries(given.env).map(([name, value]) => [name, decodeValue(value)]));
  const run = () => compile(given.expr, hasNames ? { names: new Set(env.keys()) } : {}).evaluate(env, host);
  if (want.error === true) {
    expect(run).toThrow(ExprError);
    return;
  }
  const got = run();
  expect(areClose(got, decodeValue(want.value)), `got ${describeType(got)} ${String(got)}`).toBe(true);
}

function areClose(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-12 * Math.abs(b);
  }
  if (a instanceof ExactNumber || b instanceof ExactNumber) return isEqual(a, b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => areClose(item, b[i] ?? null));
  const left = isKeyedMap(a) ? Object.fromEntries([...a].map(([key, value]) => [String(key), value])) : a;
  if (!isMap(left) || !isMap(b)) return left === b;
  const keys = Object.keys(left);
  return keys.length === Object.keys(b).length && keys.every((key) => areClose(left[key] ?? null, b[key] ?? null));
}
