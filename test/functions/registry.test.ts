import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, ExprError, type Value } from '../../src/expr/index.ts';
import type { FlowHost } from '../../src/functions/flow-host.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of functions of flows', 1, 0) > 0);

const functions = createFunctions();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
  writeFileSync(join(folder, 'body.json'), '{"a": 1}');
});

afterAll(() => rmSync(folder, { recursive: true }));

function createHost(draws: readonly number[] = [0.5]): FlowHost {
  let at = 0;
  return {
    now: () => 0,
    random: () => draws[at++ % draws.length] ?? 0,
    uuid: () => '7f0c2a4e-0000-4000-8000-000000000001',
    readEnv: (name) => (name === 'HOME_TOWN' ? 'Oslo' : undefined),
    readFile: (path) => readFileSync(resolve(folder, path), 'utf8'),
  };
}

function evaluate(source: string, names: Record<string, Value> = {}, host: FlowHost = createHost()): Value {
  return compile(source, { functions }).evaluate(new Map(Object.entries(names)), host);
}

// {"alg":"HS256","typ":"JWT"} . {"sub":"1234567890","name":"Zoë","n":9007199254740993}
const token =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ilpvw6siLCJuIjo5MDA3MTk5MjU0NzQwOTkzfQ.c2ln';

describe('functions of flows', () => {
  it.each<[string, Value]>([
    ['uuid()', '7f0c2a4e-0000-4000-8000-000000000001'],
    ['random_int(1, 3)', 2],
    ['random_int(7, 7)', 7],
    ['random_string(3)', 'sss'],
    ['random_string(0)', ''],
    ['base64("Zoë")', 'Wm/Dqw=='],
    ['base64_decode("Wm/Dqw==")', 'Zoë'],
    ['base64_decode("Wm_Dqw")', 'Zoë'],
    ['sha256("abc")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha256("abc", "base64")', 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='],
    [
      'hmac_sha256("what do ya want for nothing?", "Jefe")',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['url_encode("a b&c/d?é!")', 'a%20b%26c%2Fd%3F%C3%A9%21'],
    ['url_encode(12)', '12'],
    ['json({"a": [1, nil, "x"]})', '{"a":[1,null,"x"]}'],
    ['jwt_decode(token).sub', '1234567890'],
    ['jwt_decode(token).name', 'Zoë'],
    ['string(jwt_decode(token).n)', '9007199254740993'],
    ['jwt_decode("Bearer " + token, "header").alg', 'HS256'],
    ['env("HOME_TOWN")', 'Oslo'],
    ['env("NOTHING", "else")', 'else'],
    ['file("body.json")', '{"a": 1}'],
    ['matches_partial({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}})', true],
    ['matches_partial({"a": 1}, {"a": 1, "b": 2})', false],
    ['same_items([1, 2, 2], [2, 1, 2])', true],
    ['same_items([1, 2, 2], [2, 1, 1])', false],
    ['same_items([1], [1, 1])', false],
    ['same_items([{"a": 1, "b": [2]}], [{"b": [2.0], "a": 1}])', true],
    ['same_items([0], [-0.0])', true],
    ['contains_all([1, {"a": 1}, "x"], ["x", {"a": 1}])', true],
    ['contains_all([1], [1, "1"])', false],
    ['contains_all([], [])', true],
    ['approx(1.1, 1.0, 0.1)', true],
    ['approx(1.11, 1.0, 0.1)', false],
    ['approx(big, 9007199254740993, 0)', true],
    ['approx(9007199254740994, big, 0.5)', false],
    ['is_uuid("7F0C2A4E-0000-4000-8000-000000000001")', true],
    ['is_uuid("7f0c2a4e00004000800000000000000")', false],
    ['is_uuid(nil)', false],
    ['is_int(7) and is_int(7.0) and is_int(big)', true],
    ['is_int(7.5) or is_int("7") or is_int(nil)', false],
    ['is_number(7.5) and is_number(big) and not is_number("7")', true],
    ['is_string("") and not is_string(1)', true],
    ['is_array([]) and not is_array({})', true],
    ['is_map({}) and not is_map([]) and not is_map(big) and not is_map(nil)', true],
    ['is_bool(false) and not is_bool(0)', true],
  ])('%s', (source, expected) => {
    const big = evaluate('9007199254740993');
    expect(evaluate(source, { token, big })).toEqual(expected);
  });

  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2024-13-01', false],
    ['2024-01-31T10:00:00.000Z', true],
    ['2024-01-31T10:00:00.123456+02:00', true],
    ['2024-01-31T10:00', true],
    ['2024-01-31 10:00:00', true],
    ['2024-01-31T24:00:00Z', false],
    ['2024-01-31T10:00:00+25:00', false],
    ['2024-1-3', false],
    ['0004-02-29', true],
    ['0003-02-29', false],
    ['1900-02-29', false],
    ['31.01.2024', false],
    ['', false],
  ])('is_iso_date("%s") is %s', (text, expected) => {
    expect(evaluate('is_iso_date(text)', { text })).toBe(expected);
  });

  it.each([
    ['random_int(3, 1)', '`random_int` takes the smaller number first, got 3 and 1'],
    ['random_int(1.5, 2)', 'argument 1 of `random_int` must be a whole number, got 1.5'],
    ['random_string(-1)', '`random_string` takes a length from 0 to 100000, got -1'],
    ['base64(1)', 'the argument of `base64` must be a string, got int'],
    ['base64_decode("%%")', '`base64_decode` needs base64, got "%%"'],
    ['base64_decode("_____w")', '`base64_decode`: the bytes are not UTF-8 text'],
    ['sha256("a", "octal")', 'argument 2 of `sha256` must be "hex" or "base64" or "base64url", got "octal"'],
    ['jwt_decode("a.b")', '`jwt_decode` needs a token of three parts with dots between them, got "a.b"'],
    ['jwt_decode("YQ.YQ.YQ")', '`jwt_decode`: a part of the token is not JSON, got "a"'],
    ['env("NOTHING")', 'the environment has no variable `NOTHING`', 'outside'],
    ['file("gone.json")', '`gone.json` cannot be read: it does not exist', 'outside'],
    ['file(".")', '`.` cannot be read: it is a folder', 'outside'],
    ['same_items(1, [])', 'argument 1 of `same_items` must be an array, got int'],
    ['approx(1, 5, -1)', 'the tolerance of `approx` is -1: expected 0 or more'],
    ['approx(1, 5, 0 / 0)', 'the tolerance of `approx` is NaN: expected 0 or more'],
    ['approx("1", 1, 0)', 'argument 1 of `approx` must be a number, got string'],
  ])('%s is refused at its place', (source, message, kind = 'run') => {
    let refusal: unknown;
    try {
      evaluate(`[1, ${source}]`);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ExprError);
    expect(refusal).toMatchObject({ kind, message, offset: 4 });
  });

  it.each(['uuid()', 'random_int(1, 2)', 'env("X")', 'file("x")'])('%s needs a flow', (source) => {
    const call = () => compile(source, { functions }).evaluate(new Map(), { now: () => 0 });
    expect(call).toThrow(/is not available here/);
  });

  it('draws whole numbers within the bounds, both included', () => {
    const anyBounds = fc
      .tuple(fc.maxSafeInteger(), fc.maxSafeInteger())
      .filter(([a, b]) => Number.isSafeInteger(Math.abs(a - b) + 1));
    const anyDraw = fc.nat(2 ** 31 - 1).map((draw) => draw / 2 ** 31);
    fc.assert(
      fc.property(anyBounds, fc.array(anyDraw, { minLength: 1 }), ([a, b], draws) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const value = evaluate('random_int(least, most)', { least, most }, createHost(draws));
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(most);
      }),
    );
    expect(evaluate('random_int(0, 9)', {}, createHost([0]))).toBe(0);
    expect(evaluate('random_int(0, 9)', {}, createHost([1 - 2 ** -32]))).toBe(9);
  });

  inFullRun('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(evaluate('base64_decode(base64(text))', { text })).toBe(text);
        expect(decodeURIComponent(String(evaluate('url_encode(text)', { text })))).toBe(text);
      }),
    );
  });

  it('finds the same items in any order', () => {
    const anyItem = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('a', '1'),
      fc.constant(null),
      fc.array(fc.nat(1), { maxLength: 2 }),
      fc.record({ k: fc.nat(1) }),
    );
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1 }), fc.nat(), (items, turn) => {
        const a = items as Value[];
        const b = [...a.slice(turn % a.length), ...a.slice(0, turn % a.length)].reverse();
        expect(evaluate('same_items(a, b)', { a, b })).toBe(true);
        expect(evaluate('same_items(a, b)', { a, b: [...b.slice(1), 'other'] })).toBe(false);
        expect(evaluate('contains_all(a, b)', { a, b: b.slice(1) })).toBe(true);
      }),
    );
  });

  it('describes every function, with a name that is its key', () => {
    for (const [name, definition] of functions) {
      expect(definition.name).toBe(name);
      expect(definition.summary).toMatch(/^[^A-Z].*[^.]$|^SHA|^HMAC/);
    }
    expect([...functions.keys()]).toHaveLength(26);
  });
});
