import { describe, expect, it } from 'vitest';
import { DocumentError, describeSpan } from '../../src/contract/document/document-error.ts';
import { describeAnswer, listContradictions, openContract } from './contract-folder.ts';

function refusalOf(text: string, more: Readonly<Record<string, string>> = {}, body?: string): string {
  try {
    const contract = openContract(text, more);
    if (body !== undefined) listContradictions(contract, body);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return [
      error.span ? `${describeSpan(error.span)}: ` : '',
      error.message,
      ...error.help.map((line) => ` = ${line}`),
    ].join('');
  }
  return 'nothing is wrong';
}

const HEAD = 'openapi: 3.1.0\ninfo: { title: x, version: "1" }\n';

describe('a document in several files', () => {
  it('is read from them all, each relative to the one that names it', () => {
    const contract = openContract(
      `${HEAD}paths:\n  /x: { $ref: "paths/x.yaml" }\n  /y: { $ref: "paths/all.json#/~1y" }\n`,
      {
        'paths/x.yaml': 'get: { responses: { 200: { $ref: "../answers.yaml#/Ok" } } }\n',
        'paths/all.json': '{"/y": {"post": {"responses": {"201": {"description": "made"}}}}}',
        'answers.yaml':
          'Ok:\n  description: ok\n  content: { application/json: { schema: { $ref: "schemas/user%20one.yaml" } } }\n',
        'schemas/user one.yaml':
          'type: object\nproperties:\n  id: { $ref: "#/$defs/Id" }\n$defs: { Id: { type: integer } }\n',
      },
    );
    expect(contract.operations.map(({ name }) => name)).toEqual(['GET /x', 'POST /y']);
    expect(listContradictions(contract, '{"id": "7"}')).toEqual([
      '`body.id`: expected integer, got string "7" @ #/$defs/Id/type',
    ]);
    expect(contract.files.map((file) => file.replace(/^.*\/contract-\w+\//, ''))).toEqual([
      'api.yaml',
      'paths/x.yaml',
      'paths/all.json',
      'answers.yaml',
      'schemas/user one.yaml',
    ]);
  });

  it('may call itself by the name that it gives itself', () => {
    const contract = openContract(
      describeAnswer(
        '3.2.0\n$self: https://example.com/api.yaml',
        '{ $ref: "https://example.com/api.yaml#/components/schemas/A" }',
        '{ A: { type: string } }',
      ),
    );
    expect(listContradictions(contract, '1')).toEqual([
      '`body`: expected string, got int 1 @ #/components/schemas/A/type',
    ]);
  });
});

describe('a document that cannot be used is refused', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    [
      'of an older version',
      'swagger: "2.0"\npaths: {}\n',
      {},
      'api.yaml:1:10: this is Swagger 2.0 = convert it: documents of OpenAPI 3.0, 3.1 and 3.2 are read',
    ],
    [
      'of an unknown version',
      'openapi: 4.0.0\n',
      {},
      'api.yaml:1:10: the version `4.0.0` of OpenAPI is not known = documents of OpenAPI 3.0, 3.1 and 3.2 are read',
    ],
    [
      'that is something else',
      'name: a flow\n',
      {},
      'api.yaml:1:1: this is no OpenAPI document: it has no `openapi: 3.1.0` = documents of OpenAPI 3.0, 3.1 and 3.2 are read',
    ],
    ['that is a list', '- a\n', {}, 'api.yaml:1:1: an API document has to be a map'],
    ['that is empty', '# nothing\n', {}, '`api.yaml` holds nothing but comments'],
    ['that is no YAML', 'openapi: [3.1.0\npaths: {}\n', {}, 'api.yaml:1:10: the `[` that opens here is not closed'],
    [
      'with a path that is none',
      `${HEAD}paths: { users: {} }\n`,
      {},
      'api.yaml:3:17: `users` is no path: it does not begin with `/`',
    ],
    [
      'with a status that is none',
      `${HEAD}paths: { /x: { get: { responses: { ok: { description: x } } } } }\n`,
      {},
      'api.yaml:3:40: `ok` is no status: expected `200`, `2XX` or `default`',
    ],
    [
      'with an answer that is not there',
      `${HEAD}paths: { /x: { get: { responses: { 200: { $ref: "#/components/responses/Ok" } } } } }\n`,
      {},
      'api.yaml:3:49: `$ref: #/components/responses/Ok` names nothing that is there = references lead into the document itself or into files beside it; nothing is fetched',
    ],
    [
      'with a reference to the network',
      `${HEAD}paths: { /x: { $ref: "https://example.com/x.yaml" } }\n`,
      {},
      'api.yaml:3:22: `$ref: https://example.com/x.yaml` names nothing that is there = references lead into the document itself or into files beside it; nothing is fetched',
    ],
    ['with a file that is not there', `${HEAD}paths: { /x: { $ref: "x.yaml" } }\n`, {}, '`x.yaml` does not exist'],
    [
      'with a reference to itself',
      `${HEAD}paths: { /x: { $ref: "#/paths/~1y" }, /y: { $ref: "#/paths/~1x" } }\n`,
      {},
      'api.yaml:3:14: the `$ref` leads back to itself',
    ],
  ])('%s', (_title, text, more, problem) => {
    expect(refusalOf(text, more)).toContain(problem);
  });

  it.each([
    [
      'a schema that is none',
      '{ type: strng }',
      'api.yaml:3:99: the schema at api.yaml:3:99 (#/paths/~1x/get/responses/200/content/application~1json/schema) cannot be used: the schema is not valid',
    ],
    ['a schema that is a text', 'User', 'api.yaml:3:99: a schema has to be a map, at #/paths'],
    [
      'a schema that is not there',
      '{ items: { $ref: "#/components/schemas/Usr" } }',
      'api.yaml:3:116: `$ref: #/components/schemas/Usr` names nothing that is there',
    ],
  ])('when it is asked for %s', (_title, schema, problem) => {
    expect(refusalOf(describeAnswer('3.1.0', schema), {}, '[1]')).toContain(problem);
  });
});

it('takes what YAML makes of it without a trap of flows', () => {
  const contract = openContract(describeAnswer('3.1', '{ type: string, example: 007 }'));
  expect(listContradictions(contract, '"x"')).toEqual([]);
});

it('names the patterns that it does not check, and checks all else', () => {
  const contract = openContract(
    describeAnswer(
      '3.1.0',
      '{ pattern: "^(?!x)a+$", minLength: 2, patternProperties: { "(?=a)": false }, properties: { pattern: { type: string } } }',
    ),
  );
  expect(contract.warnings).toEqual([
    'the pattern `^(?!x)a+$` at api.yaml:3:99 is not checked: the pattern is not valid: invalid or unsupported Perl syntax: `(?!`',
    'the pattern `(?=a)` at api.yaml:3:167 is not checked: the pattern is not valid: invalid or unsupported Perl syntax: `(?=`',
  ]);
  expect(listContradictions(contract, '"x"')).toEqual([expect.stringContaining('expected `minLength: 2`')]);
  expect(listContradictions(contract, '"xx"')).toEqual([]);
});

it('judges a hostile pattern in linear time', () => {
  const contract = openContract(describeAnswer('3.1.0', '{ pattern: "^(a+)+$" }'));
  const startedAt = performance.now();
  expect(listContradictions(contract, JSON.stringify(`${'a'.repeat(50_000)}!`))).toHaveLength(1);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

it('ends with nested aliases and with schemas that are built on themselves', () => {
  const levels = Array.from(
    { length: 30 },
    (_, at) => `  L${at + 1}: &l${at + 1} { properties: { a: *l${at}, b: *l${at} } }`,
  );
  const bomb = `${HEAD}paths: { /x: { get: { responses: { 200: { description: x, content: { application/json: { schema: { $ref: "#/x-l/L30" } } } } } } } }\nx-l:\n  L0: &l0 { type: string, pattern: a }\n${levels.join('\n')}\n`;
  expect(refusalOf(bomb, {}, '{}')).toContain('the aliases of this document expand to more than 100000 values');
  const own = openContract(
    describeAnswer(
      '3.1.0',
      '{ $ref: "#/components/schemas/A" }',
      '{ A: { allOf: [{ $ref: "#/components/schemas/A" }] } }',
    ),
  );
  expect(listContradictions(own, '{}')).toEqual([expect.stringContaining('it cannot be judged')]);
});
