import { describe, expect, it } from 'vitest';
import { sample } from '../support/sample.ts';
import { describeAnswer, listContradictions, openContract } from './contract-folder.ts';

const BODY = '/paths/~1x/get/responses/200/content/application~1json/schema';
const PETS = `{
  Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind, mapping: { dog: "#/components/schemas/Dog" } } },
  Cat: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: object, required: [lives], properties: { lives: { type: integer } } }] },
  Dog: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: object, required: [bark], properties: { bark: { type: string } } }] },
  Wing: { type: object, properties: { kind: { type: string }, span: { type: number } } },
  Fin: { type: object, properties: { kind: { type: string }, depth: { type: number } } },
  Animal: { oneOf: [{ $ref: "#/components/schemas/Wing" }, { $ref: "#/components/schemas/Fin" }], discriminator: { propertyName: kind, mapping: { bird: Wing } } } }`;
const ref = (name: string): string => `{ $ref: "#/components/schemas/${name}" }`;

interface Case {
  readonly title: string;
  readonly version: '3.0.3' | '3.1.0' | '3.2.0';
  readonly schema: string;
  readonly components?: string;
  readonly right: readonly string[];
  readonly wrong: readonly (readonly [body: string, problem: string])[];
}

const CASES: readonly Case[] = [
  {
    title: 'a nullable text of 3.0',
    version: '3.0.3',
    schema: '{ type: string, nullable: true, enum: [a, b] }',
    right: ['null', '"a"'],
    wrong: [['"c"', `\`body\`: expected one of "a", "b", nil, got string "c" @ #${BODY}/enum`]],
  },
  {
    title: 'null where nothing says that it may be',
    version: '3.0.3',
    schema: '{ type: object, properties: { a: { type: string }, b: { nullable: true, allOf: [{ type: object }] } } }',
    right: ['{"a": "x", "b": null}', '{"b": {}}'],
    wrong: [['{"a": null}', `\`body.a\`: expected string, got nil @ #${BODY}/properties/a/type`]],
  },
  {
    title: 'null as a type of 3.1, where `nullable` says nothing',
    version: '3.1.0',
    schema: '{ properties: { a: { type: [string, "null"] }, b: { type: string, nullable: true } } }',
    right: ['{"a": null}'],
    wrong: [['{"b": null}', `\`body.b\`: expected string, got nil @ #${BODY}/properties/b/type`]],
  },
  {
    title: 'an exclusive limit of 3.0',
    version: '3.0.3',
    schema:
      '{ properties: { a: { type: number, minimum: 0, exclusiveMinimum: true }, b: { maximum: 5, exclusiveMaximum: false } } }',
    right: ['{"a": 0.01}', '{"b": 5}'],
    wrong: [
      ['{"a": 0}', `\`body.a\`: expected \`exclusiveMinimum: 0\`, got int 0 @ #${BODY}/properties/a/exclusiveMinimum`],
      ['{"b": 5.1}', `\`body.b\`: expected \`maximum: 5\`, got float 5.1 @ #${BODY}/properties/b/maximum`],
    ],
  },
  {
    title: 'an exclusive limit of 3.1',
    version: '3.1.0',
    schema: '{ exclusiveMinimum: 0 }',
    right: ['0.01'],
    wrong: [['0', `\`body\`: expected \`exclusiveMinimum: 0\`, got int 0 @ #${BODY}/exclusiveMinimum`]],
  },
  {
    title: 'a field that only requests have',
    version: '3.0.3',
    schema: ref('User'),
    components: `{
      Secret: { type: string, writeOnly: true },
      User: { type: object, required: [id, password, pin], properties: { id: { type: integer, readOnly: true }, password: { type: string, writeOnly: true }, pin: { $ref: "#/components/schemas/Secret" } } } }`,
    right: ['{"id": 1}'],
    wrong: [
      [
        '{"id": 1, "password": "x"}',
        '`body.password` is `writeOnly`: an answer does not have it @ #/components/schemas/User/properties/password/writeOnly',
      ],
      [
        '{"id": 1, "pin": "x"}',
        '`body.pin` is `writeOnly`: an answer does not have it @ #/components/schemas/User/properties/pin/writeOnly',
      ],
      ['{}', '`body`: `id` is missing @ #/components/schemas/User/required'],
    ],
  },
  {
    title: 'a field that only requests have, required elsewhere',
    version: '3.1.0',
    schema: `{ allOf: [${ref('Base')}, { required: [password, name] }] }`,
    components: '{ Base: { properties: { password: { type: string, writeOnly: true }, name: { type: string } } } }',
    right: ['{"name": "x"}'],
    wrong: [['{}', `\`body\`: \`name\` is missing @ #${BODY}/allOf/1/required`]],
  },
  {
    title: 'a field that only requests have, required below what is built on',
    version: '3.0.3',
    schema: `{ allOf: [${ref('Base')}, { properties: { password: { type: string, writeOnly: true } } }] }`,
    components: '{ Base: { required: [password, name] } }',
    right: ['{"name": "x"}'],
    wrong: [['{}', '`body`: `name` is missing @ #/components/schemas/Base/required']],
  },
  {
    title: 'what a discriminator of 3.0 chooses among others',
    version: '3.0.3',
    schema: ref('Animal'),
    components: PETS,
    right: ['{"kind": "bird", "span": 1.5}', '{"kind": "Wing"}', '{"kind": "Fin", "depth": 3}'],
    wrong: [
      [
        '{"kind": "Fin", "depth": "3"}',
        '`body.depth`: expected number, got string "3" @ #/components/schemas/Fin/properties/depth/type',
      ],
      [
        '{"kind": "fish"}',
        '`body.kind`: expected one of "bird", "Wing", "Fin", got string "fish" @ #/components/schemas/Animal/enum',
      ],
      ['{"span": 1}', '`body`: `kind` is missing @ #/components/schemas/Animal/required'],
    ],
  },
  {
    title: 'what a discriminator of 3.0 chooses among those built on it',
    version: '3.0.3',
    schema: `{ type: array, items: ${ref('Pet')} }`,
    components: PETS,
    right: ['[{"kind": "Cat", "lives": 9}, {"kind": "dog", "bark": "wau"}, {"kind": "unheard of"}]'],
    wrong: [
      ['[{"kind": "Cat"}]', '`body[0]`: `lives` is missing @ #/components/schemas/Cat/allOf/1/required'],
      [
        '[{"kind": "dog", "bark": 1}]',
        '`body[0].bark`: expected string, got int 1 @ #/components/schemas/Dog/allOf/1/properties/bark/type',
      ],
    ],
  },
  {
    title: 'a discriminator of 3.1, which only annotates',
    version: '3.1.0',
    schema: ref('Animal'),
    components: PETS,
    right: ['{"kind": "anything", "span": "no number", "depth": 1}'],
    wrong: [
      [
        '{"kind": "bird", "span": 1}',
        '`body`: more than one of the schemas in `oneOf` fits @ #/components/schemas/Animal/oneOf',
      ],
    ],
  },
  {
    title: 'whole numbers with every digit',
    version: '3.0.3',
    schema:
      '{ properties: { a: { type: integer, format: int64 }, b: { type: integer, maximum: 9007199254740993 }, c: { enum: [9007199254740993] }, d: { type: integer } } }',
    right: ['{"a": 9223372036854775807, "b": 9007199254740993, "c": 9007199254740993, "d": 7.0}'],
    wrong: [
      [
        '{"a": 9223372036854775808}',
        `\`body.a\`: expected the format \`int64\`, got int 9223372036854775808 @ #${BODY}/properties/a/format`,
      ],
      [
        '{"b": 9007199254740994}',
        `\`body.b\`: expected \`maximum: 9007199254740993\`, got int 9007199254740994 @ #${BODY}/properties/b/maximum`,
      ],
      [
        '{"c": 9007199254740992}',
        `\`body.c\`: expected one of 9007199254740993, got int 9007199254740992 @ #${BODY}/properties/c/enum`,
      ],
      ['{"d": 7.5}', `\`body.d\`: expected integer, got float 7.5 @ #${BODY}/properties/d/type`],
    ],
  },
  {
    title: 'siblings of a reference in 3.0, which say nothing',
    version: '3.0.3',
    schema: '{ $ref: "#/components/schemas/Name", maxLength: 2 }',
    components: '{ Name: { type: string, maxLength: 4 } }',
    right: ['"four"'],
    wrong: [['"fives"', '`body`: expected `maxLength: 4`, got string "fives" @ #/components/schemas/Name/maxLength']],
  },
  {
    title: 'siblings of a reference in 3.1, which hold',
    version: '3.1.0',
    schema: '{ $ref: "#/components/schemas/Name", maxLength: 2 }',
    components: '{ Name: { type: string, maxLength: 4 } }',
    right: ['"ab"'],
    wrong: [['"four"', `\`body\`: expected \`maxLength: 2\`, got string "four" @ #${BODY}/maxLength`]],
  },
  {
    title: 'fields that nobody named, across `allOf`',
    version: '3.1.0',
    schema: `{ allOf: [${ref('A')}, ${ref('B')}], unevaluatedProperties: false }`,
    components: '{ A: { properties: { a: {} } }, B: { properties: { b: { $ref: "#/components/schemas/A" } } } }',
    right: ['{"a": 1, "b": {"z": 1}}'],
    wrong: [['{"a": 1, "c": 2}', `\`body\`: \`c\` is not in the schema @ #${BODY}/unevaluatedProperties`]],
  },
  {
    title: 'conditions, tuples and constants of 3.1',
    version: '3.1.0',
    schema:
      '{ type: object, properties: { t: { prefixItems: [{ const: 1 }, { type: string }], items: false } }, if: { required: [a] }, then: { required: [b] }, patternProperties: { "^n_": { type: number } } }',
    right: ['{"t": [1, "x"], "a": 1, "b": 2, "n_a": 1}'],
    wrong: [
      ['{"t": [2]}', `\`body.t[0]\`: expected 1, got int 2 @ #${BODY}/properties/t/prefixItems/0/const`],
      ['{"a": 1}', `\`body\`: \`b\` is missing @ #${BODY}/then/required`],
      ['{"n_a": "1"}', `\`body.n_a\`: expected number, got string "1" @ #${BODY}/patternProperties/^n_/type`],
    ],
  },
  {
    title: 'an anchor and an id of 3.1',
    version: '3.1.0',
    schema: '{ properties: { a: { $ref: "#point" }, b: { $ref: "https://example.com/unit" } } }',
    components: '{ P: { $anchor: point, required: [x] }, U: { $id: "https://example.com/unit", enum: [m, s] } }',
    right: ['{"a": {"x": 1}, "b": "m"}'],
    wrong: [
      ['{"a": {}}', '`body.a`: `x` is missing @ #/components/schemas/P/required'],
      ['{"b": "k"}', '`body.b`: expected one of "m", "s", got string "k" @ #/components/schemas/U/enum'],
    ],
  },
  {
    title: 'a reference that depends on where it is used',
    version: '3.1.0',
    schema: ref('Strict'),
    components: `{
      Tree: { $dynamicAnchor: node, type: object, properties: { children: { type: array, items: { $dynamicRef: "#node" } } } },
      Strict: { $dynamicAnchor: node, $ref: "#/components/schemas/Tree", unevaluatedProperties: false } }`,
    right: ['{"children": [{"children": []}]}'],
    wrong: [
      [
        '{"children": [{"kids": []}]}',
        '`body.children[0]`: `kids` is not in the schema @ #/components/schemas/Strict/unevaluatedProperties',
      ],
    ],
  },
  {
    title: 'a schema that refers to itself',
    version: '3.0.3',
    schema: ref('Node'),
    components:
      '{ Node: { type: object, required: [id], properties: { id: { type: integer }, next: { $ref: "#/components/schemas/Node" } } } }',
    right: ['{"id": 1, "next": {"id": 2, "next": {"id": 3}}}'],
    wrong: [
      [
        '{"id": 1, "next": {"id": 2, "next": {"id": "3"}}}',
        '`body.next.next.id`: expected integer, got string "3" @ #/components/schemas/Node/properties/id/type',
      ],
    ],
  },
  {
    title: 'formats, and those that nobody knows',
    version: '3.1.0',
    schema:
      '{ properties: { a: { format: uuid }, b: { format: date-time }, c: { format: knight-move, type: string }, d: { format: byte, type: string } } }',
    right: ['{"a": "0d5f8f5e-6e1f-4a3b-9b39-6c8f3e6f4b1a", "b": "2026-01-31T10:00:00Z", "c": "anything", "d": "aGk="}'],
    wrong: [
      ['{"a": "7"}', `\`body.a\`: expected the format \`uuid\`, got string "7" @ #${BODY}/properties/a/format`],
      [
        '{"b": "2026-01-31 10:00"}',
        `\`body.b\`: expected the format \`date-time\`, got string "2026-01-31 10:00" @ #${BODY}/properties/b/format`,
      ],
      ['{"d": "?"}', `\`body.d\`: expected the format \`byte\`, got string "?" @ #${BODY}/properties/d/format`],
    ],
  },
  {
    title: 'words of other tools, and misspelt ones, which say nothing',
    version: '3.1.0',
    schema: '{ requird: [a], x-internal: { a: 1 }, type: object }',
    right: ['{}'],
    wrong: [['[]', `\`body\`: expected object, got array [] @ #${BODY}/type`]],
  },
  {
    title: 'limits of a field that is described elsewhere',
    version: '3.1.0',
    schema: '{ properties: { name: { $ref: "#/components/schemas/Name" } } }',
    components: '{ Name: { type: string, maxLength: 4 } }',
    right: ['{"name": "four"}'],
    wrong: [
      [
        '{"name": "fives"}',
        '`body.name`: expected `maxLength: 4`, got string "fives" @ #/components/schemas/Name/maxLength',
      ],
    ],
  },
  {
    title: 'a boolean as a schema',
    version: '3.2.0',
    schema: '{ properties: { a: true, b: false } }',
    right: ['{"a": 1}'],
    wrong: [['{"b": 1}', `\`body.b\`: the schema allows nothing here @ #${BODY}/false schema`]],
  },
];

describe.each(sample('schemas of contracts', CASES, { count: 10 }))(
  '$title ($version)',
  ({ version, schema, components, right, wrong }) => {
    const contract = openContract(describeAnswer(version, schema, components));
    it.each(right)('allows %s', (body) => {
      expect(listContradictions(contract, body)).toEqual([]);
    });
    it.each(wrong)('does not allow %s', (body, problem) => {
      expect(listContradictions(contract, body)).toEqual([problem]);
    });
  },
);
