import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../../src/contract/contract.ts';
import { DocumentError } from '../../../src/contract/document/document-error.ts';
import { repeats, sample } from '../../support/sample.ts';
import { describeAnswer, listContradictions, openContract } from '../contract-folder.ts';

const inFullRun = it.runIf(repeats('further tests of answers that are made', 1, 0) > 0);

function makeBody(contract: Contract, seed = '7'): string | undefined {
  const operation = contract.find('GET', '/x');
  return operation && contract.makeAnswer(operation, seed).body;
}

function refusalOf(contract: Contract): string {
  try {
    return `made ${makeBody(contract)}`;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.message;
  }
}

describe('an answer is made by its schema, as a seed decides', () => {
  it.each(
    sample(
      'schemas of which answers are made',
      [
        ['{ type: integer, minimum: 3, multipleOf: 5 }', '3.1.0'],
        ['{ type: integer, minimum: 9007199254740993, maximum: 9007199254740993 }', '3.1.0'],
        ['{ type: number, exclusiveMinimum: 0, maximum: 0.005 }', '3.1.0'],
        ['{ type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }', '3.0.3'],
        ['{ type: integer, maximum: -5 }', '3.1.0'],
        ['{ type: array, items: { type: integer, maximum: 5 }, minItems: 5, uniqueItems: true }', '3.1.0'],
        ['{ type: array, items: { enum: [a, b, c] }, minItems: 3, uniqueItems: true }', '3.1.0'],
        [
          '{ type: array, items: { required: [k], properties: { k: { type: boolean } } }, minItems: 2, uniqueItems: true }',
          '3.1.0',
        ],
        ['{ type: array, items: { format: uuid, type: string }, minItems: 3, uniqueItems: true }', '3.1.0'],
        ['{ type: array, prefixItems: [{ const: 1 }, { type: string }], items: false }', '3.1.0'],
        ['{ type: array, maxItems: 0, items: { type: string } }', '3.1.0'],
        ['{ type: string, minLength: 40, maxLength: 41 }', '3.1.0'],
        ['{ type: string, maxLength: 2 }', '3.1.0'],
        ['{ type: string, maxLength: 0 }', '3.1.0'],
        ['{ pattern: "^[A-Z]{3}-\\\\d+$", minLength: 12 }', '3.1.0'],
        ['{ pattern: "^(foo|bar)\\\\.[a-z]+(?:-x)?$" }', '3.1.0'],
        ['{ pattern: "^[^a-z\\\\s]{4}\\\\u00e9$" }', '3.1.0'],
        ['{ pattern: "^\\\\+?[1-9]\\\\d{1,14}$" }', '3.1.0'],
        ...[
          'date',
          'date-time',
          'time',
          'duration',
          'email',
          'hostname',
          'ipv4',
          'ipv6',
          'uri',
          'uri-reference',
          'uuid',
        ].map((format) => [`{ type: string, format: ${format} }`, '3.1.0']),
        ...[
          'byte',
          'json-pointer',
          'relative-json-pointer',
          'regex',
          'uri-template',
          'iri',
          'idn-email',
          'password',
        ].map((format) => [`{ type: string, format: ${format} }`, '3.1.0']),
        ['{ type: integer, format: int32 }', '3.1.0'],
        ['{ type: [string, "null"] }', '3.1.0'],
        ['{ type: "null" }', '3.1.0'],
        ['{ type: string, nullable: true, enum: [a] }', '3.0.3'],
        ['{ type: object, minProperties: 3, additionalProperties: { type: integer } }', '3.1.0'],
        ['{ type: object, properties: { a: {}, b: {}, c: {} }, required: [b], maxProperties: 1 }', '3.1.0'],
        ['{ required: [a, b], properties: { a: { type: boolean } } }', '3.1.0'],
        [
          '{ allOf: [{ properties: { a: { type: integer } }, required: [a] }, { required: [b], properties: { b: { type: string } } }] }',
          '3.1.0',
        ],
        ['{ oneOf: [{ type: "null" }, { type: integer }] }', '3.1.0'],
        ['{ anyOf: [{ type: string, maxLength: 3 }, { type: integer }] }', '3.1.0'],
        [
          '{ type: object, properties: { id: { type: integer }, secret: { type: string, writeOnly: true } }, required: [id, secret] }',
          '3.0.3',
        ],
        ['{ type: object, additionalProperties: false, properties: { "odd name": { const: 1 } } }', '3.1.0'],
        ['{}', '3.1.0'],
        ['true', '3.1.0'],
      ],
      { count: 14 },
    ),
  )('%s', (schema, version) => {
    const contract = openContract(describeAnswer(version, schema));
    for (const seed of ['1', '2', '3', '4', '5']) {
      expect(listContradictions(contract, makeBody(contract, seed) ?? '')).toEqual([]);
    }
  });

  const user =
    '{ type: object, required: [id], properties: { id: { type: string, format: uuid }, name: { type: string }, age: { type: integer } } }';
  it('the same for the same seed, and another for another', () => {
    const [one, other] = [openContract(describeAnswer('3.1.0', user)), openContract(describeAnswer('3.1.0', user))];
    expect(makeBody(one, '7')).toBe(makeBody(other, '7'));
    expect(makeBody(one, '7')).not.toBe(makeBody(one, '8'));
    expect(JSON.parse(makeBody(one, '7') ?? '')).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: expect.stringMatching(/^name-\w{4}$/),
      age: expect.any(Number),
    });
  });

  it('one that a discriminator means', () => {
    const pets = `{ Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind, mapping: { cat: "#/components/schemas/Cat" } } },
      Cat: { allOf: [{ $ref: "#/components/schemas/Pet" }, { required: [lives], properties: { lives: { type: integer } } }] } }`;
    for (const schema of [
      '{ $ref: "#/components/schemas/Pet" }',
      '{ oneOf: [{ $ref: "#/components/schemas/Cat" }], discriminator: { propertyName: kind } }',
    ]) {
      const contract = openContract(describeAnswer('3.0.3', schema, pets));
      const body = makeBody(contract) ?? '';
      expect(listContradictions(contract, body)).toEqual([]);
      expect(JSON.parse(body)).toHaveProperty('lives');
    }
  });

  inFullRun('not deeper than it has to be, however the schemas refer to each other', () => {
    const names = Array.from({ length: 60 }, (_, at) => `S${at}`);
    const all = names.map(
      (name, at) =>
        `${name}: { type: object, properties: { ${names
          .slice(0, 12)
          .map((_, k) => `f${k}: { $ref: "#/components/schemas/S${(at * 7 + k) % 60}" }`)
          .join(', ')} } }`,
    );
    const contract = openContract(
      describeAnswer('3.1.0', '{ $ref: "#/components/schemas/S0" }', `{ ${all.join(', ')} }`),
    );
    const body = makeBody(contract) ?? '';
    expect(body.length).toBeLessThan(20_000);
    expect(/\}{6,}/.exec(body)?.[0].length ?? 0).toBeLessThan(8);
  });

  it.each([
    [
      '{ type: object, required: [next], properties: { next: { $ref: "#/paths/~1x/get/responses/200/content/application~1json/schema" } } }',
      'it needs itself',
    ],
    [
      '{ type: string, not: { type: string } }',
      'no answer can be made by the schema: `body`: expected `not`, got string',
    ],
    [
      '{ type: integer, minimum: 5, maximum: 4 }',
      'no answer can be made by the schema: `body`: expected `minimum: 5`, got int 0',
    ],
    ['{ type: string, pattern: "^(a)\\\\1$" }', 'made'],
  ])('or it is said why not: %s', (schema, why) => {
    expect(refusalOf(openContract(describeAnswer('3.1.0', schema)))).toContain(why);
  });

  it('of any shape, one that is right or none at all', () => {
    const leaf = fc.constantFrom(
      '{ type: integer }',
      '{ type: string, maxLength: 3 }',
      '{ type: boolean }',
      '{ enum: [1, a, null] }',
      '{ type: number, minimum: 0.5, maximum: 0.75 }',
      '{ format: date }',
      '{ type: array }',
      '{ const: [1] }',
      'true',
    );
    const { schema } = fc.letrec<{ schema: string }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .array(tie('schema'), { maxLength: 3 })
          .map(
            (list) =>
              `{ type: object, required: [f0], properties: { ${list.map((one, at) => `f${at}: ${one}`).join(', ')} } }`,
          ),
        fc
          .tuple(tie('schema'), fc.nat(3))
          .map(([item, least]) => `{ type: array, items: ${item}, minItems: ${least} }`),
        fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((list) => `{ allOf: [${list.join(', ')}] }`),
        fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((list) => `{ anyOf: [${list.join(', ')}] }`),
      ),
    }));
    fc.assert(
      fc.property(schema, fc.nat(99), (text, seed) => {
        const contract = openContract(describeAnswer('3.1.0', text));
        const operation = contract.find('GET', '/x');
        if (!operation) throw new Error('there is no GET /x');
        try {
          expect(listContradictions(contract, contract.makeAnswer(operation, String(seed)).body ?? '')).toEqual([]);
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
        }
      }),
      { numRuns: repeats('schemas of answers', 200, 3) },
    );
  });
});

describe('an answer is the example of the document', () => {
  const document = (answer: string): string =>
    `openapi: 3.2.0\npaths: { /x: { get: { responses: { ${answer} } } } }\ncomponents: { examples: { Ada: { value: { name: Ada, n: 9007199254740993 } } } }\n`;
  it.each(
    sample(
      'examples of answers',
      [
        ['200: { content: { application/json: { example: { a: 1.10 } } } }', 200, 'application/json', '{"a":1.10}'],
        [
          '200: { content: { application/json: { examples: { one: { $ref: "#/components/examples/Ada" }, two: { value: 2 } } } } }',
          200,
          'application/json',
          '{"name":"Ada","n":9007199254740993}',
        ],
        ['200: { content: { text/csv: { examples: { one: { serializedValue: "a,b" } } } } }', 200, 'text/csv', 'a,b'],
        [
          '200: { content: { application/xml: { example: "<a/>" }, application/hal+json: { example: 1 } } }',
          200,
          'application/hal+json',
          '1',
        ],
        [
          '200: { content: { application/json: { schema: { type: object, example: { b: 2 } } } } }',
          200,
          'application/json',
          '{"b":2}',
        ],
        [
          '200: { content: { application/json: { schema: { properties: { a: { examples: [5, 6] }, b: { default: x } } } } } }',
          200,
          'application/json',
          '{"a":5,"b":"x"}',
        ],
        ['500: { description: no }, 201: { description: made }, 404: { description: none }', 201, undefined, undefined],
        ['404: { description: none }, 2XX: { content: { "*/*": { example: [1] } } }', 200, 'application/json', '[1]'],
        ['404: { description: none }, default: { description: other }', 200, undefined, undefined],
        ['404: { content: { text/plain: { schema: { type: string, example: gone } } } }', 404, 'text/plain', 'gone'],
      ],
      { count: 4 },
    ),
  )('%s', (answers, status, type, body) => {
    const contract = openContract(document(answers));
    const operation = contract.find('GET', '/x');
    const made = operation && contract.makeAnswer(operation, '1');
    expect([made?.status, new Map(made?.headers).get('content-type'), made?.body]).toEqual([status, type, body]);
  });

  it('with the headers that it has to have, and those that it shows', () => {
    const contract = openContract(
      document(
        '200: { description: ok, headers: { X-Id: { required: true, schema: { type: integer, minimum: 5, maximum: 5 } }, X-Seen: { schema: { type: string }, example: yes }, X-More: { schema: { type: string } } } }',
      ),
    );
    const operation = contract.find('GET', '/x');
    expect(operation && contract.makeAnswer(operation, '1').headers).toEqual([
      ['x-id', '5'],
      ['x-seen', 'yes'],
    ]);
  });

  it('and nothing where there is none to be made of', () => {
    expect(
      refusalOf(openContract(document('200: { content: { application/xml: { schema: { type: object } } } }'))),
    ).toBe('no answer of the type `application/xml` can be made: api.yaml:2:71 has no `example`');
    expect(refusalOf(openContract(document('')))).toBe('`GET /x` names no answer');
  });
});
