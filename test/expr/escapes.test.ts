import { describe, expect, it } from 'vitest';
import {
  compile,
  compileTemplate,
  ExactNumber,
  ExprError,
  type FunctionDef,
  isMap,
  type Value,
} from '../../src/expr/index.ts';
import { sample } from '../support/sample.ts';
import { createEnv, host } from './support.ts';

const inherited = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '__lookupGetter__',
  '__defineSetter__',
  'toLocaleString',
  'propertyIsEnumerable',
];
const values = ['map', 'list', 'text', 'n', 'exact', 'day', 'span', 'none', 'flag', '{}', '[]', '$env', '"x"'];
const words = [
  'process',
  'globalThis',
  'global',
  'require',
  'module',
  'exports',
  'window',
  'eval',
  'Function',
  'import',
  'this',
  'self',
  'console',
  'Buffer',
  'Object',
  'Reflect',
  'Proxy',
  'arguments',
  'undefined',
  'async',
];
const calls = words.map((word) => `${word}("return 1")`);
const members = values.flatMap((value) => inherited.flatMap((key) => [`${value}.${key}`, `${value}["${key}"]`]));
const methods = values.flatMap((value) =>
  ['constructor', 'toString', 'valueOf'].map((key) => `${value}.${key}("return 1")()`),
);
const others = [
  'map["const" + "ructor"]',
  'map?.constructor?.constructor',
  'get(map, "constructor")',
  'get(list, "constructor")',
  'get(map, "__proto__")',
  '"constructor" in map',
  'list | map(#.constructor)',
  'map(list, .constructor)',
  'filter(list, .__proto__ == nil)',
  'reduce(list, #acc.constructor, map)',
  'let f = map.constructor; f("return 1")',
  '$env["constructor"]',
  '$env["__proto__"]',
  '"__proto__" in $env',
  'keys($env) | filter(# == "constructor")',
  'keys({}.__proto__ ?? {})',
  'toPairs(map) | map(.constructor)',
  'fromJSON("{\\"__proto__\\": {\\"polluted\\": true}}").polluted',
  'fromJSON("{\\"__proto__\\": {\\"polluted\\": true}, \\"n\\": 12345678901234567890}").polluted',
  'fromPairs([["__proto__", {polluted: true}]]).polluted',
  '{__proto__: {polluted: true}}.polluted',
  '{"__proto__": {polluted: true}}["polluted"]',
  '{("__proto__"): {polluted: true}}.polluted',
  'groupBy([{k: "__proto__"}], .k).polluted',
  'groupBy([{k: "__proto__"}], .k)["length"]',
  'holder.fn',
  'holder.fn()',
  'holder.fn.constructor',
  'holder["fn"]("return 1")',
  'holder.symbol',
  'calls[0]',
  'calls[0]()',
  'calls | map(#) | first()',
  'find(calls, true)',
  'exact.numeral',
  'exact.decimal',
  'exact.text',
  'day.nanoseconds',
  'day.zone',
  'span.nanoseconds',
  'day.constructor()',
  'day.toString()',
  'span.valueOf()',
  'list.length',
  'text.length',
  'list.push(1)',
  'list.map',
  'constructor',
  '__proto__',
  'toString()',
  '::constructor("return 1")',
  '1 | constructor()',
  'list | __proto__()',
  '#constructor',
  'map(list, #constructor)',
  'import("node:fs")',
  'text.constructor.fromCharCode(1)',
  '"a" matches constructor',
  'new Function("x")',
  'x => x',
  'function() {}',
  '`${process}`',
  'map = 1',
  'map.key = 1',
  'delete map.key',
  'map++',
];
const attempts = [...words, ...calls, ...members, ...methods, ...others];
const kinds = new Map(
  [words, calls, members, methods, others].flatMap((texts, kind) => texts.map((text) => [text, `${kind}`])),
);
const chosen = sample('escapes', attempts, { count: 45, kindOf: (text) => kinds.get(text) ?? '' });

const names: { readonly [name: string]: Value } = {
  map: { key: 1 },
  list: [1, { a: 1 }],
  text: 'abc',
  n: 7,
  flag: true,
  none: null,
  exact: new ExactNumber('12345678901234567890'),
  day: compile('date("2024-01-01")').evaluate(new Map()),
  span: compile('duration("1h")').evaluate(new Map()),
  holder: Object.assign(JSON.parse('{}'), { fn: () => 'reached', symbol: Symbol('reached') }),
  calls: Object.assign(JSON.parse('[]'), [() => 'reached']),
};

describe('escapes', () => {
  it('are tried in number', () => {
    expect(attempts.length).toBeGreaterThan(150);
  });

  it.each(chosen)('%s reaches nothing', (source) => {
    expectPlain(() => compile(source).evaluate(createEnv(names), host));
  });

  it.each(chosen)('{{ %s }} reaches nothing', (source) => {
    expectPlain(() => compileTemplate(`{{ ${source} }}`).render(createEnv(names), host));
  });

  it.each(chosen)('explaining %s reaches nothing', (source) => {
    expectPlain(() => {
      const explanation = compile(source).explain(createEnv(names), host);
      expect(explanation.parts.every((part) => isPlain(part.value))).toBe(true);
      return explanation.value ?? null;
    });
  });

  it('keep `__proto__` as a key like any other', () => {
    const map = compile('{__proto__: 1, a: 2}').evaluate(new Map());
    expect(isMap(map) && Object.keys(map)).toEqual(['__proto__', 'a']);
    expect(compile('{__proto__: 1}.__proto__').evaluate(new Map())).toBe(1);
    expect(compile('fromPairs([["__proto__", 1]]) == {__proto__: 1}').evaluate(new Map())).toBe(true);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  });

  it('leave the prototypes as they were', () => {
    expect('polluted' in {}).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('let no function of JavaScript out of an added function', () => {
    const leak: FunctionDef = {
      name: 'leak',
      minArgs: 0,
      maxArgs: 0,
      pure: true,
      summary: '',
      call: () => names['holder'] ?? null,
    };
    const expression = compile('leak().fn', { functions: new Map([['leak', leak]]) });
    expect(expression.evaluate(new Map(), host)).toBe(null);
  });
});

function expectPlain(run: () => Value): void {
  let value: Value = null;
  try {
    value = run();
  } catch (error) {
    expect(error).toBeInstanceOf(ExprError);
    return;
  }
  expect(isPlain(value)).toBe(true);
  expect(value).not.toBe('reached');
  expect(value).not.toBe(Object.prototype);
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return false;
  return value !== Object.prototype && value !== Array.prototype && value !== String.prototype;
}
