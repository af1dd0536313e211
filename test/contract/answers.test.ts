import { describe, expect, it } from 'vitest';
import { pointerOf } from '../../src/contract/document/documents.ts';
import { openContract } from './contract-folder.ts';

const contract = openContract(`
openapi: 3.2.0
info: { title: users, version: "1" }
servers: [{ url: "https://api.example.com/v{n}/", variables: { n: { default: "2" } } }, { url: "/beta" }]
paths:
  /users/{id}:
    servers: [{ url: "https://example.com" }]
    get:
      responses:
        200:
          description: ok
          headers:
            X-Request-Id: { required: true, schema: { type: string } }
            X-Left: { schema: { type: integer, maximum: 10 } }
            X-Tags: { schema: { type: array, items: { type: integer } } }
            Content-Type: { required: true, schema: { type: integer } }
          content: { application/json: { schema: { type: object } }, text/*: { schema: { maxLength: 3 } }, image/png: {} }
        204: { description: none }
        4XX: { description: no, content: { application/problem+json: { schema: { required: [title] } } } }
        default: { description: other }
    delete: { responses: { "204": { description: gone } } }
  /users/me: { get: { responses: { 200: { description: I } } } }
  /users/{id}/{part}.{type}: { get: { responses: { 200: { description: a part } } } }
  /orders/{id}: { get: { responses: { 200: { description: one } } } }
  /orders/mine: { get: { responses: { 200: { description: mine } } } }
  /lines: { get: { responses: { 200: { description: all, content: { application/jsonl: { itemSchema: { type: integer } } } } } } }
  /find: { query: { responses: { 200: { description: found } } }, additionalOperations: { PURGE: { responses: { 200: { description: gone } } } } }
  x-more: { get: {} }
`);

describe('an operation is found', () => {
  it.each([
    ['GET', '/users/7', 'GET /users/{id}'],
    ['GET', '/v2/users/7', undefined],
    ['GET', '/v2/users/me', 'GET /users/me'],
    ['GET', '/beta/users/me', 'GET /users/me'],
    ['GET', '/users/me', 'GET /users/{id}'],
    ['POST', '/users/7', undefined],
    ['GET', '/v2/orders/mine', 'GET /orders/mine'],
    ['GET', '/v2/orders/7', 'GET /orders/{id}'],
    ['GET', '/v2/users/7/photo.png', 'GET /users/{id}/{part}.{type}'],
    ['QUERY', '/v2/find', 'QUERY /find'],
    ['PURGE', '/v2/find', 'PURGE /find'],
    ['GET', '/v2/find', undefined],
  ])('%s %s: %s', (method, path, name) => {
    expect(contract.find(method, path)?.name).toBe(name);
  });

  it('or the methods that its path has', () => {
    expect(contract.methodsOf('/users/7')).toEqual(['GET', 'DELETE']);
  });
});

describe('an answer', () => {
  const OK = { 'x-request-id': 'r1', 'content-type': 'application/json' };
  it.each<[string, string, string, number, Readonly<Record<string, string>>, string | undefined, readonly string[]]>([
    ['as it should be', 'GET', '/users/7', 200, OK, '{}', []],
    [
      'whose type says more',
      'GET',
      '/users/7',
      200,
      { ...OK, 'content-type': 'Application/JSON; charset=utf-8' },
      '{}',
      [],
    ],
    [
      'with a status that is not named',
      'DELETE',
      '/users/7',
      200,
      {},
      undefined,
      ['the status 200 is not named: there are 204 @ responses'],
    ],
    ['with any status that `default` stands for', 'GET', '/users/7', 503, {}, 'x', []],
    [
      'with a status of a hundred',
      'GET',
      '/users/7',
      404,
      { 'content-type': 'application/problem+json' },
      '{}',
      ['`body`: `title` is missing @ schema'],
    ],
    [
      'without a header',
      'GET',
      '/users/7',
      200,
      { 'content-type': 'application/json' },
      '{}',
      ['the header `X-Request-Id` is missing @ X-Request-Id'],
    ],
    [
      'with headers of the wrong kind',
      'GET',
      '/users/7',
      200,
      { ...OK, 'x-left': '11', 'x-tags': '1, 2,x' },
      '{}',
      [
        'the header `X-Left`: expected `maximum: 10`, got int 11 @ schema',
        'the header `X-Tags[2]`: expected integer, got string "x" @ items',
      ],
    ],
    ['with headers of the right kind', 'GET', '/users/7', 200, { ...OK, 'x-left': '10', 'x-tags': '1, 2' }, '{}', []],
    [
      'of a type that is not named',
      'GET',
      '/users/7',
      200,
      { ...OK, 'content-type': 'application/xml' },
      '<a/>',
      ['the body is `application/xml`: `application/json`, `text/*`, `image/png` is named @ content'],
    ],
    [
      'of a type of a range',
      'GET',
      '/users/7',
      200,
      { ...OK, 'content-type': 'text/plain' },
      'long',
      ['`body`: expected `maxLength: 3`, got string "long" @ schema'],
    ],
    [
      'without a type',
      'GET',
      '/users/7',
      200,
      { 'x-request-id': 'r1' },
      '{}',
      ['the body has no `content-type`: `application/json`, `text/*`, `image/png` is named @ content'],
    ],
    [
      'without a body',
      'GET',
      '/users/7',
      200,
      OK,
      undefined,
      ['there is no body: `application/json`, `text/*`, `image/png` is named @ content'],
    ],
    ['to HEAD', 'HEAD', '/users/7', 200, OK, undefined, []],
    [
      'that is no JSON',
      'GET',
      '/users/7',
      200,
      OK,
      '{',
      ["`body`: the text is not JSON: Expected property name or '}' in JSON at position 1 @ schema"],
    ],
    ['of bytes', 'GET', '/users/7', 200, { ...OK, 'content-type': 'image/png' }, 'PNG', []],
    ['with a body where none is named', 'GET', '/v2/users/me', 200, { 'content-type': 'text/plain' }, 'x', []],
    ['of lines', 'GET', '/v2/lines', 200, { 'content-type': 'application/jsonl' }, '1\n2\n', []],
    [
      'of lines that are wrong',
      'GET',
      '/v2/lines',
      200,
      { 'content-type': 'application/jsonl' },
      '1\n"2"\n{',
      [
        '`line 2`: expected integer, got string "2" @ itemSchema',
        "`line 3`: the text is not JSON: Expected property name or '}' in JSON at position 1 @ itemSchema",
      ],
    ],
  ])('%s', (_title, method, path, status, headers, body, problems) => {
    const operation = contract.find(method === 'HEAD' ? 'GET' : method, path);
    if (!operation) throw new Error(`there is no ${method} ${path}`);
    const answer = { status, headers: new Map(Object.entries(headers)), body };
    const found = contract.checkAnswer(operation, method, answer);
    expect(found.map(({ message, part }) => `${message} @ ${part && pointerOf(part).split('/').at(-1)}`)).toEqual(
      problems,
    );
  });
});
