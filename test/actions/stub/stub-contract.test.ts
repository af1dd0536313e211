import { describe, expect, it } from 'vitest';
import { runText } from '../../cli/run-text.ts';
import { sample } from '../../support/sample.ts';

const USERS = `openapi: 3.1.0
info: { title: Users, version: "1" }
paths:
  /users/{id}:
    get:
      responses:
        "200":
          description: The user
          headers: { X-Version: { required: true, schema: { type: integer, minimum: 1, maximum: 1 } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/User" }, example: { id: u1, email: ada@example.com } } }
        "404": { description: There is none }
  /users:
    post: { responses: { "201": { description: Made, content: { application/json: { schema: { $ref: "#/components/schemas/User" } } } } } }
  /wrong: { get: { responses: { "200": { description: A slip, content: { application/json: { schema: { $ref: "#/components/schemas/User" }, example: { id: 7 } } } } } } }
  /never: { get: { responses: { "200": { description: Nothing fits, content: { application/json: { schema: { type: string, not: {} } } } } } } }
components:
  schemas:
    User:
      type: object
      required: [id, email]
      properties: { id: { type: string }, email: { type: string, format: email }, code: { type: string, pattern: "^(?!x)" } }
`;

function run(config: string, ...steps: readonly string[]) {
  const start = `{ id: stub, action: mock_server_start, config: { ${config} } }`;
  return runText({ setup: [start], steps }, { 'users.yaml': USERS, 'empty.yaml': 'openapi: 3.1.0\n' });
}

function request(config: string, ...asserts: readonly string[]): string {
  return `action: http_request, config: { ${config} }, assert: [${asserts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

const get = (target: string, ...asserts: readonly string[]): string =>
  request(`url: "{{stub.url}}${target}"`, ...asserts);

describe('a stub answers by a document', () => {
  it('with its examples, with what its schemas say, and first of all by its own routes', async () => {
    const { exitCode, output, errors } = await run(
      'from: users.yaml, routes: [{ method: GET, path: /users/u9, response: { status: 404 } }]',
      get('/users/u1', 'status == 200', 'body == {id: "u1", email: "ada@example.com"}', 'headers["x-version"] == "1"'),
      request(
        'method: POST, url: "{{stub.url}}/users", body: {}',
        'status == 201',
        'body.email contains "@example.com"',
        'body.id != ""',
      ),
      get('/users/u9', 'status == 404'),
      get('/orders', 'status == 404', 'body.routes[1] == "POST /users"'),
      'action: mock_server_verify, config: { server: stub, path: "/users/:id", count: 2 }, assert: ["requests[0].matched_route == \'GET /users/{id}\'", "requests[0].params == {id: \'u1\'}"]',
    );
    expect(exitCode, output + errors).toBe(0);
    expect(output).toContain('5 routes');
    expect(output).toContain('note      the pattern `^(?!x)` at users.yaml:');
  });

  it('with the same for the same seed', async () => {
    const steps = [request('method: POST, url: "{{stub.url}}/users", body: {}', 'body.id == "never"')];
    const start = '{ id: stub, action: mock_server_start, config: { from: users.yaml } }';
    const made = async (seed: string): Promise<string | undefined> => {
      const { output } = await runText({ setup: [start], steps }, { 'users.yaml': USERS }, ['--seed', seed]);
      return /"(id-\w+)"/.exec(output)?.[1];
    };
    const [one, again, other] = [await made('7'), await made('7'), await made('8')];
    expect(one).toMatch(/^id-\w{4}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('but for what it cannot make, and says what its examples get wrong', async () => {
    const { exitCode, output } = await run(
      'from: users.yaml',
      get('/wrong', 'status == 200'),
      get('/never', 'status == 500'),
    );
    expect(exitCode, output).toBe(2);
    expect(output).toContain(
      'the answer 200 of the route `GET /wrong` contradicts `users.yaml`: `body`: `email` is missing',
    );
    expect(output).toContain('the stub could not answer GET /never: no answer can be made by the schema: `body`: ');
    expect(output).toContain('give the answer an `example` in the document, or the stub a route of its own');
  });
});

describe('an answer that a document does not allow is an error of the flow', () => {
  it.each(
    sample(
      'contradictions of a contract',
      [
        [
          'its status',
          'path: "/users/:id", response: { status: 418 }',
          '/users/u1',
          'the answer 418 of the route `* /users/:id` contradicts `users.yaml`: the status 418 is not named: there are 200, 404, by #/paths/~1users~1{id}/get/responses',
        ],
        [
          'its body',
          'path: "/users/:id", response: { headers: { x-version: 1 }, body: { id: "u1", email: "{{request.params.id}}" } }',
          '/users/u1',
          'contradicts `users.yaml`: `body.email`: expected the format `email`, got string "u1", by #/components/schemas/User/properties/email/format',
        ],
        [
          'a header',
          'path: "/users/:id", response: { headers: { x-version: one }, body: { id: u1, email: a@example.com } }',
          '/users/u1',
          'the header `X-Version`: expected integer, got string "one", by #/paths/~1users~1{id}/get/responses/200/headers/X-Version/schema/type',
        ],
        [
          'that a header is missing',
          'path: "/users/:id", response: { body: { id: u1, email: a@example.com } }',
          '/users/u1',
          'the header `X-Version` is missing, by #/paths/~1users~1{id}/get/responses/200/headers/X-Version',
        ],
        [
          'its path',
          'path: /userz',
          '/userz',
          'the route `* /userz` answers GET /userz, which `users.yaml` does not name: it has no such path',
        ],
        [
          'its method',
          'path: /users',
          '/users',
          'the route `* /users` answers GET /users, which `users.yaml` does not name: it has POST for it',
        ],
      ],
      { count: 2 },
    ),
  )('for %s', async (_title, route, target, message) => {
    const { exitCode, output } = await run(`contract: users.yaml, routes: [{ ${route} }]`, get(target, 'status > 0'));
    expect(exitCode, output).toBe(2);
    expect(output).toContain(message);
  });

  it('with the place in the document, once for each cause', async () => {
    const route = '{ path: "/users/:id", response: { headers: { x-version: 1 }, body: { id: 7 } } }';
    const { output } = await run(
      `contract: users.yaml, routes: [${route}]`,
      get('/users/u1', 'status == 200'),
      get('/users/u1', 'status == 200'),
    );
    expect(output).toContain(
      'users.yaml:20:17\n   19 |       type: object\n   20 |       required: [id, email]\n      |                 ^^^^^^^^^^^',
    );
    expect(output).toContain('= `body.id`: expected string, got int 7\n   = it happened 2 times');
    expect(output.match(/! the flow itself/g)).toHaveLength(1);
  });

  it('also for a route that is given later', async () => {
    const { exitCode, output } = await run(
      'contract: users.yaml',
      'action: mock_server_configure, config: { server: stub, routes: [{ path: "/users/:id", response: { status: 302 } }] }',
      get('/users/u1', 'status == 302'),
    );
    expect(exitCode, output).toBe(2);
    expect(output).toContain('the status 302 is not named');
  });

  it('not for what is broken on purpose, what no route takes, and what is asked before', async () => {
    const routes =
      '[{ path: /cut, fault: reset }, { method: OPTIONS, path: /users, response: { status: 204 } }, { method: HEAD, path: "/users/:id", response: { headers: { x-version: 1 } } }]';
    const { exitCode, output } = await run(
      `contract: users.yaml, routes: ${routes}`,
      'action: http_request, config: { url: "{{stub.url}}/cut" }, expect_error: { code: ECONNRESET }',
      request('method: OPTIONS, url: "{{stub.url}}/users"', 'status == 204'),
      request('method: HEAD, url: "{{stub.url}}/users/u1"', 'status == 200'),
      get('/none', 'status == 404'),
    );
    expect(exitCode, output).toBe(0);
  });
});

describe('a document is checked before the run', () => {
  it.each([
    ['from: none.yaml', '[TM115] the file `none.yaml` does not exist'],
    ['from: flow.yaml', '[TM383] flow.yaml:1:1: this is no OpenAPI document: it has no `openapi: 3.1.0`'],
    ['from: empty.yaml', '[TM383] `empty.yaml` names no operation: there is nothing to answer'],
    ['from: users.yaml, contract: users.yaml', '[TM381] `from` and `contract` are both given: write one of them'],
  ])('%s', async (config, words) => {
    const { exitCode, errors, output } = await run(config, get('/a', 'status == 200'));
    expect(exitCode, output + errors).toBe(2);
    expect(errors).toContain(words);
  });

  it('or when its path is known', async () => {
    const { exitCode, output } = await run('from: "{{who}}.yaml"', get('/a', 'status == 200'));
    expect(exitCode, output).toBe(2);
    expect(output).toContain('`from`: `Ada.yaml` does not exist');
  });
});
