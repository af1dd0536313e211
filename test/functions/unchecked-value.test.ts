import { describe, expect, it } from 'vitest';
import { compile } from '../../src/expr/index.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { sample } from '../support/sample.ts';

const functions = createFunctions();

function remarksOf(value: string, schema: string): readonly string[] {
  const said: string[] = [];
  const expression = compile(`matches_schema(${value}, ${schema})`, { functions });
  expect(expression.mayRemark).toBe(true);
  const host = { now: () => 0, onRemark: (text: string) => said.push(text) };
  expect(expression.evaluate(new Map(), host)).toBe(true);
  return said;
}

describe('a value of which a schema holds', () => {
  const note = (what: string, type: string, words: string, wanted: string) =>
    `\`matches_schema\` looked at nothing of ${what}, which is ${type}: ${words} says nothing of it, \`type: ${wanted}\` would`;
  it.each(
    sample(
      'values that no schema is about',
      [
        [
          '[]',
          '{required: ["id"], properties: {id: {type: "integer"}}}',
          note('the value', 'array', '`required`, `properties`', 'object'),
        ],
        ['"x"', '{title: "x", required: ["id"]}', note('the value', 'string', '`required`', 'object')],
        ['nil', '{required: ["id"]}', note('the value', 'nil', '`required`', 'object')],
        ['{}', '{items: {type: "string"}}', note('the value', 'map', '`items`', 'array')],
        ['5', '{minLength: 1, pattern: "^a"}', note('the value', 'int', '`minLength`, `pattern`', 'string')],
        ['"5"', '{minimum: 6}', note('the value', 'string', '`minimum`', 'number')],
        [
          '{user: []}',
          '{type: "object", properties: {user: {required: ["id"]}}}',
          note('`user`', 'array', '`required`', 'object'),
        ],
        [
          '{users: [{id: 1}, "x"]}',
          '{type: "object", properties: {users: {type: "array", items: {required: ["id"]}}}}',
          note('`users[1]`', 'string', '`required`', 'object'),
        ],
        [
          '{identifier: 1}',
          '{type: "object", properties: {id: {type: "integer"}, name: {}}}',
          '`matches_schema` looked at nothing of the value, which has none of the `properties` (`id`, `name`): `required` would say which have to be there',
        ],
        [
          '{}',
          '{properties: {a: {}, b: {}, c: {}, d: {}}, additionalProperties: false}',
          '`matches_schema` looked at nothing of the value, which has none of the `properties` (`a`, `b`, `c`, …): `required` would say which have to be there',
        ],
        [
          '{users: [{id: 1}, {ident: 2}]}',
          '{properties: {users: {items: {properties: {id: {type: "integer"}}}}}}',
          '`matches_schema` looked at nothing of `users[1]`, which has none of the `properties` (`id`): `required` would say which have to be there',
        ],
        ['5', '{}', '`matches_schema` holds of every value: the schema says nothing'],
        ['5', 'true', '`matches_schema` holds of every value: the schema says nothing'],
      ],
      { count: 12 },
    ),
  )('is noted where nothing of it is about it: %s, %s', (value, schema, text) => {
    expect(remarksOf(value, schema)).toEqual([text]);
  });

  it.each(
    sample(
      'values that a schema is about',
      [
        ['{id: 1}', '{required: ["id"], properties: {id: {type: "integer"}}}'],
        ['[]', '{type: "array", items: {required: ["id"]}}'],
        ['[]', '{type: ["array", "object"], required: ["id"]}'],
        ['[]', '{enum: [[], nil], required: ["id"]}'],
        ['[]', '{anyOf: [{type: "array"}], required: ["id"]}'],
        ['5', '{minLength: 1, minimum: 2}'],
        ['{user: nil}', '{type: "object", properties: {user: {required: ["id"]}}}'],
        ['{user: {}}', '{type: "object", properties: {user: {properties: {id: {}}}}}'],
        ['{id: 1}', '{properties: {name: {}}, minProperties: 1}'],
        ['{user: 1}', '{type: "object", properties: {user: {}}}'],
      ],
      { count: 4 },
    ),
  )('is not where something is: %s, %s', (value, schema) => {
    expect(remarksOf(value, schema)).toEqual([]);
  });
});
