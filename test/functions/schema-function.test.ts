import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, createCaselessMap, ExprError, parseJson, type Value } from '../../src/expr/index.ts';
import type { FlowHost } from '../../src/functions/flow-host.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { repeats, sample } from '../support/sample.ts';

const functions = createFunctions();
let folder = '';
const host: FlowHost = {
  now: () => 0,
  random: () => 0.5,
  uuid: () => '',
  readEnv: () => undefined,
  readFile: (path) => readFileSync(resolve(folder, path), 'utf8'),
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  writeFileSync(
    join(folder, 'order.json'),
    '{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}',
  );
  writeFileSync(join(folder, 'broken.json'), '{"type": ');
  writeFileSync(join(folder, 'misspelt.json'), '{"requird": ["id"]}');
});
afterAll(() => rmSync(folder, { recursive: true }));

function matches(value: Value, schema: Value): Value {
  return prepare(value, schema)(host);
}

function prepare(value: Value, schema: Value): (host: FlowHost) => Value {
  const names = new Map<string, Value>([
    ['value', value],
    ['schema', schema],
  ]);
  const expression = compile('matches_schema(value, schema)', { functions });
  return (given) => expression.evaluate(names, given);
}

function listReasons(value: Value, schema: Value): readonly string[] {
  const names = new Map<string, Value>([
    ['value', value],
    ['schema', schema],
  ]);
  return compile('matches_schema(value, schema)', { functions }).explain(names, host).hints;
}

function catchError(run: () => unknown): ExprError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExprError) return error;
    throw error;
  }
  throw new Error('expected an ExprError');
}

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

describe('matches_schema', () => {
  it.each(
    sample<[string, string, boolean]>(
      'values against schemas',
      [
        ['7', '{"type": "integer"}', true],
        ['7.0', '{"type": "integer"}', true],
        ['7.5', '{"type": "integer"}', false],
        ['9007199254740993.5', '{"type": "integer"}', false],
        ['9007199254740993', '{"type": "integer"}', true],
        ['"7"', '{"type": "integer"}', false],
        ['9007199254740993', '{"const": 9007199254740993}', true],
        ['9007199254740993', '{"const": 9007199254740992}', false],
        ['{"a": [9007199254740993]}', '{"const": {"a": [9007199254740992]}}', false],
        ['9007199254740993', '{"enum": [1, 9007199254740992]}', false],
        ['9007199254740993', '{"maximum": 9007199254740992}', false],
        ['9007199254740993', '{"exclusiveMinimum": 9007199254740992}', true],
        ['19.99', '{"multipleOf": 0.01}', true],
        ['19.995', '{"multipleOf": 0.01}', false],
        ['[1, 1.0]', '{"uniqueItems": true}', false],
        ['[{"a": 1, "b": 2}, {"b": 2, "a": 1}]', '{"uniqueItems": true}', false],
        ['[1, "1", null, [1]]', '{"uniqueItems": true}', true],
        ['["a", 2]', '{"prefixItems": [{"type": "string"}], "items": false}', false],
        ['["a"]', '{"prefixItems": [{"type": "string"}], "items": false}', true],
        ['["a", 2]', `{"$schema": "${DRAFT_07}", "items": [{"type": "string"}], "additionalItems": false}`, false],
        ['{"a": 1}', `{"$schema": "${DRAFT_07}", "dependencies": {"a": ["b"]}}`, false],
        ['{"a": 1}', '{"dependentRequired": {"a": ["b"]}}', false],
        ['{"a": 1, "b": 2}', '{"properties": {"a": {}}, "unevaluatedProperties": false}', false],
        ['{"b": {"a": 1}}', '{"$defs": {"x": {"required": ["a"]}}, "properties": {"b": {"$ref": "#/$defs/x"}}}', true],
        [
          '{"next": {"next": {"next": 1}}}',
          '{"$id": "node", "type": "object", "properties": {"next": {"$ref": "node"}}}',
          false,
        ],
        ['9223372036854775807', '{"format": "int64"}', true],
        ['9223372036854775808', '{"format": "int64"}', false],
        ['-9223372036854775808', '{"format": "int64"}', true],
        ['-9223372036854775809', '{"format": "int64"}', false],
        ['2147483647.0', '{"format": "int32"}', true],
        ['2147483648', '{"format": "int32"}', false],
        ['1.5', '{"format": "int32"}', false],
        ['"1.5"', '{"format": "int32"}', true],
        ['{"a": 1}', '{"propertyNames": {"enum": ["a"]}}', true],
        ['{"b": 1}', '{"propertyNames": {"const": "a"}}', false],
        ['"2026-01-31"', '{"format": "date"}', true],
        ['"2026-02-30"', '{"format": "date"}', false],
        ['"a@b.example"', '{"format": "email"}', true],
        ['"nobody"', '{"format": "email"}', false],
        ['"caf\\u00e9"', '{"pattern": "^caf\\\\u00e9$"}', true],
        ['"a/b"', '{"pattern": "^a\\\\/b$"}', true],
        ['"xaax"', '{"pattern": "a+"}', true],
        ['null', '{"type": ["string", "null"]}', true],
        ['{}', 'true', true],
        ['{}', 'false', false],
        ['{}', '{"required": ["toString"]}', false],
        ['{}', '{"x-internal": 1, "example": {}, "title": "any"}', true],
      ],
      { count: 15 },
    ),
  )('%s against %s is %s', (value, schema, wanted) => {
    expect(matches(parseJson(value), parseJson(schema))).toBe(wanted);
  });

  it('reads a schema file beside the flow', () => {
    expect(matches({ id: 7 }, 'order.json')).toBe(true);
    expect(matches({ id: '7' }, 'order.json')).toBe(false);
  });

  it('takes headers, dates and durations as what they print', () => {
    expect(matches(createCaselessMap([['X-Id', '7']]), { required: ['X-Id'] })).toBe(true);
    const names = new Map<string, Value>();
    const source = 'matches_schema(date("2026-01-31"), {"type": "string", "format": "date-time"})';
    expect(compile(source, { functions }).evaluate(names, host)).toBe(true);
  });

  it('tells each place with what is wanted and what is there', () => {
    const schema = parseJson(`{"required": ["id", "items"], "properties": {
      "status": {"enum": ["new", "paid"]}, "code": {"pattern": "^A"}, "odd name": {"type": "string"},
      "items": {"items": {"properties": {"price": {"type": "number", "minimum": 1}}, "additionalProperties": false}},
      "count": {"format": "int32"}}}`);
    const value = parseJson(
      '{"status": "lost", "code": "B7", "odd name": 7, "items": [{"price": 0.5, "prise": 1}], "count": 2147483648}',
    );
    expect(listReasons(value, schema)).toEqual([
      '`id` is missing',
      '`status`: expected one of "new", "paid", got string "lost"',
      '`code`: expected a match of `^A`, got string "B7"',
      '`["odd name"]`: expected string, got int 7',
      '`items[0]`: `prise` is not in the schema',
      '`items[0].price`: expected `minimum: 1`, got float 0.5',
      '`count`: expected the format `int32`, got int 2147483648',
    ]);
    const guarded = parseJson('{"properties": {"user": {"properties": {"password": {"maxLength": 3}}}}}');
    expect(listReasons({ user: { password: 'zq7-Kw' } }, guarded)).toEqual([
      '`user.password`: expected `maxLength: 3`, got string "***"',
    ]);
  });

  it('tells a screenful at most', () => {
    const reasons = listReasons(
      Array.from({ length: 500 }, (_, at) => `text ${at}`),
      { items: { type: 'number' } },
    );
    expect(reasons).toHaveLength(7);
    expect(reasons.at(-1)).toBe('and 494 more');
  });

  it.each(
    sample<[string, Value, string, string | undefined]>(
      'schemas that are refused',
      [
        [
          'a keyword that is misspelt',
          { requird: ['id'] },
          'unknown keyword `requird` in the schema',
          'did you mean `required`?',
        ],
        [
          'one deep inside',
          { properties: { a: { items: { typ: 'string' } } } },
          'unknown keyword `typ` in the schema',
          'did you mean `type`?',
        ],
        [
          'a format that is misspelt',
          { format: 'emial' },
          'unknown format `emial` in the schema',
          'did you mean `email`?',
        ],
        [
          'a type that does not exist',
          { type: 'strin' },
          'the schema is not valid: `type`: expected one of "array", "boolean", "integer", "null", "number", "object", "string", got string "strin"',
          undefined,
        ],
        ['a list', [], 'a schema is a map, `true` or `false`', undefined],
        [
          'another draft',
          { $schema: 'http://json-schema.org/draft-04/schema#' },
          '`$schema` of the schema is `http://json-schema.org/draft-04/schema#`',
          'expected draft 2020-12 (the default) or draft-07',
        ],
        [
          'a schema elsewhere',
          { $ref: 'https://example.com/a.json' },
          'the schema refers to `https://example.com/a.json`, which is not in it',
          'a schema may refer to its own parts, as in `#/$defs/address`; nothing is fetched',
        ],
        [
          'a file elsewhere',
          { $ref: 'other.json' },
          'the schema refers to `other.json`, which is not in it',
          'a schema may refer to its own parts, as in `#/$defs/address`; nothing is fetched',
        ],
        [
          'a part that is not there',
          { $ref: '#/$defs/no' },
          'the schema refers to `#/$defs/no`, which is not in it',
          'a schema may refer to its own parts, as in `#/$defs/address`; nothing is fetched',
        ],
        [
          'a property that cannot be told apart',
          parseJson('{"properties": {"__proto__": {}}}'),
          'a schema cannot mention `__proto__`',
          undefined,
        ],
        ['a schema that answers later', { $async: true }, 'a schema cannot be `$async`', undefined],
        [
          'look-around',
          { pattern: '(?=a)' },
          'the pattern is not valid: invalid or unsupported Perl syntax: `(?=`',
          'RE2 has no look-around: combine two conditions with `and`',
        ],
        [
          'a file that is missing',
          'no.json',
          '`no.json` cannot be read: it does not exist',
          "the path is relative to the flow's folder",
        ],
        [
          'a file that is not a schema',
          'misspelt.json',
          '`misspelt.json`: unknown keyword `requird` in the schema',
          'did you mean `required`?',
        ],
      ],
      { count: 6 },
    ),
  )('refuses %s', (_what, schema, message, hint) => {
    const error = catchError(() => matches({}, schema));
    expect({ message: error.message, hint: error.hint }).toEqual({ message, hint });
  });

  it('refuses a file that is no JSON', () => {
    expect(catchError(() => matches({}, 'broken.json')).message).toMatch(/^`broken\.json`: the text is not JSON/);
  });

  it('is not available where no flow is', () => {
    const bare = { now: () => 0 } as unknown as FlowHost;
    expect(catchError(() => prepare({}, 'order.json')(bare)).message).toMatch(/needs a flow/);
  });
});

describe('a hostile schema', () => {
  it('with a pattern that backtracks takes linear time', () => {
    const startedAt = performance.now();
    expect(matches(`${'a'.repeat(50_000)}b`, { pattern: '^(a+)+$' })).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it.each(sample('ways of a schema to refer', ['$ref', '$dynamicRef'], { count: 0 }))(
    'whose %s multiplies is ended',
    (keyword) => {
      const $defs: Record<string, Value> = { s60: { $dynamicAnchor: 's60', type: 'string' } };
      for (let at = 0; at < 60; at++) {
        const next = { [keyword]: keyword === '$ref' ? `#/$defs/s${at + 1}` : `#s${at + 1}` };
        $defs[`s${at}`] = { $dynamicAnchor: `s${at}`, anyOf: [next, next] };
      }
      expect(catchError(() => matches(7, { $defs, $ref: '#/$defs/s0' })).message).toMatch(
        /too many steps|nested too deep/,
      );
    },
  );

  it('that refers to itself is ended', () => {
    expect(catchError(() => matches({}, { $ref: '#' })).message).toBe('the values are nested too deeply');
  });

  it('that is deep beyond all measure is refused', () => {
    let schema: Value = {};
    for (let depth = 0; depth < 2_000; depth++) schema = { not: schema };
    expect(() => matches({}, schema)).toThrow(ExprError);
  });

  it.each([
    '"];globalThis.pwned = 1;//',
    "'+(globalThis.pwned = 1)+'",
    '`${globalThis.pwned = 1}`',
    '\u2028globalThis.pwned = 1\u2028',
    '*/globalThis.pwned = 1/*',
    '\\"];globalThis.pwned = 1;//',
    '__proto__',
    'constructor',
  ])('that holds %j runs no code', (text) => {
    const schema: Value = {
      $id: `urn:${encodeURIComponent(text)}`,
      title: text,
      $comment: text,
      required: [text],
      properties: { [text]: { const: text, enum: [text], pattern: '^', description: text } },
      patternProperties: { [text.replaceAll(/[^a-z]/g, '.')]: true },
      dependentRequired: { [text]: [text] },
      $defs: { [text]: { type: 'string' } },
      default: { [text]: text },
    };
    try {
      matches(parseJson(JSON.stringify({ [text]: text })), schema);
    } catch (error) {
      expect(error).toBeInstanceOf(ExprError);
    }
    expect((globalThis as Record<string, unknown>)['pwned']).toBeUndefined();
    expect(({} as Record<string, unknown>)['const']).toBeUndefined();
  });

  it('of any shape gives a bool or the language’s error', () => {
    const words = [
      'type',
      'items',
      'properties',
      '$ref',
      'const',
      'enum',
      'not',
      'anyOf',
      'if',
      'pattern',
      'format',
      '$id',
      'a',
      '__proto__',
    ];
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<Value>(true, false, null, 0, 'string', '#', '#/a', '^a', 'date', '(', 0.5),
        fc.array(tie('schema'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words), tie('schema'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(schema, schema, (given, value) => {
        try {
          expect(matches(value as Value, given as Value)).toBeTypeOf('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(ExprError);
        }
      }),
      { numRuns: repeats('schemas of any shape', 150) },
    );
  });
});
