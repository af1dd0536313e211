import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeSelfSigned } from '../../../src/actions/stub/wire/certificate.ts';
import { runText } from '../../cli/run-text.ts';
import { repeats, sample } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of stubs of flows', 1, 0) > 0);

interface FlowParts {
  readonly routes?: string;
  readonly more?: string;
  readonly steps: readonly string[];
}

/** Runs a flow whose stub has these routes. */
function run({ routes = '[]', more = '', steps }: FlowParts) {
  const start = `{ id: stub, action: mock_server_start, config: { routes: ${routes}${more} } }`;
  return runText({ setup: [start], steps }, { 'answer.json': '{"from": "a file"}' });
}

function get(target: string, ...asserts: readonly string[]): string {
  return request(`url: "{{stub.url}}${target}"`, ...asserts);
}

function post(target: string, body: string, ...asserts: readonly string[]): string {
  return request(`method: POST, url: "{{stub.url}}${target}", ${body}`, ...asserts);
}

function request(config: string, ...asserts: readonly string[]): string {
  return `action: http_request, config: { ${config} }, assert: [${asserts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

function verify(config: string, ...asserts: readonly string[]): string {
  const list = asserts.map((text) => JSON.stringify(text)).join(', ');
  return `action: mock_server_verify, config: { server: stub, ${config} }${list ? `, assert: [${list}]` : ''}`;
}

describe('a stub answers', () => {
  it.each(
    sample<[string, FlowParts]>(
      'answers of stubs',
      [
        ['200 with nothing', { routes: '[{ path: /a }]', steps: [get('/a', 'status == 200', 'body == nil')] }],
        [
          'by the first route that matches',
          {
            routes:
              '[{ path: "/a/:x", match: { query: { n: 1 } }, response: { body: first } }, { path: "/a/:x", response: { body: second } }]',
            steps: [
              get('/a/b?n=1', 'body == "first"'),
              get('/a/b?n=2', 'body == "second"'),
              get('/a/b', 'body == "second"'),
            ],
          },
        ],
        [
          'with templates over the request and the flow',
          {
            routes:
              '[{ method: POST, path: "/u/:id", response: { status: 201, headers: { x-who: "{{who}}", x-q: "{{request.query.q}}" }, body: { id: "{{request.params.id}}", n: "{{request.body.n + 1}}", ua: "{{request.headers[\'user-agent\']}}" } } }]',
            steps: [
              post(
                '/u/7?q=z',
                'body: { n: 41 }',
                'status == 201',
                'headers["x-who"] == "Ada" && headers["x-q"] == "z"',
                'body == {id: "7", n: 42, ua: "testmesh"}',
              ),
            ],
          },
        ],
        [
          'each time anew, with random values of its own',
          {
            routes: '[{ path: /id, response: { body: "{{uuid()}}" } }]',
            steps: [get('/id', 'is_uuid(body)'), get('/id', 'is_uuid(body)', 'body != s0.body')],
          },
        ],
        [
          'in turn, and the last stays',
          {
            routes: '[{ path: /a, responses: [{ status: 500 }, { status: 503 }, { body: [] }] }]',
            steps: [
              get('/a', 'status == 500'),
              get('/a', 'status == 503'),
              get('/a', 'body == []'),
              get('/a', 'body == []'),
            ],
          },
        ],
        [
          'so many times',
          {
            routes: '[{ path: /a, times: 1, response: { body: once } }, { path: /a, response: { body: then } }]',
            steps: [get('/a', 'body == "once"'), get('/a', 'body == "then"')],
          },
        ],
        [
          'by state',
          {
            routes:
              '[{ path: /cart, state: { cart: paid }, response: { body: paid } }, { path: /cart, response: { body: open } }, { method: POST, path: /pay, sets: { cart: paid } }]',
            steps: [
              get('/cart', 'body == "open"'),
              post('/pay', 'body: {}', 'status == 200'),
              get('/cart', 'body == "paid"'),
            ],
          },
        ],
        [
          'by header, form, body and expression',
          {
            routes: `[
          { path: /h, match: { headers: { X-A: "1", x-b: { absent: true } } }, response: { body: header } },
          { path: /f, match: { form: { a: "1" } }, response: { body: form } },
          { path: /b, match: { body: { user: { id: 7 } } }, response: { body: body } },
          { path: /w, match: { where: "request.body.total > 10 && request.method == 'POST'" }, response: { body: where } } ]`,
            steps: [
              request('url: "{{stub.url}}/h", headers: { x-a: "1" }', 'body == "header"'),
              request('url: "{{stub.url}}/h", headers: { x-a: "1", x-b: "2" }', 'status == 404'),
              post('/f', 'form: { a: "1", b: "2" }', 'body == "form"'),
              post('/b', 'body: { user: { id: 7, name: x }, more: 1 }', 'body == "body"'),
              post('/b', 'body: { user: { id: "7" } }', 'status == 404'),
              post('/w', 'body: { total: 11 }', 'body == "where"'),
              post('/w', 'body: { total: 9 }', 'status == 404'),
              post('/w', 'body: []', 'status == 404'),
            ],
          },
        ],
        [
          'from a file, of the type that is given',
          {
            routes: '[{ path: /a, response: { headers: { content-type: application/json }, body_file: answer.json } }]',
            steps: [get('/a', 'body == {from: "a file"}')],
          },
        ],
        [
          'with every digit of a number',
          {
            routes: '[{ method: POST, path: /a, response: { body: { n: "{{request.body.n}}" } } }]',
            steps: [post('/a', 'body: { n: 12345678901234567890 }', 'body.n == 12345678901234567890')],
          },
        ],
        [
          'after a delay',
          {
            routes: '[{ path: /a, delay: 150ms }, { path: /b, delay: { min: 100ms, max: 120ms } }]',
            steps: [get('/a', 'duration_ms >= 145'), get('/b', 'duration_ms >= 95')],
          },
        ],
        [
          'what no route takes, with the nearest route',
          {
            routes: '[{ method: GET, path: "/u/:id" }, { method: POST, path: /other }]',
            steps: [
              get(
                '/v/1',
                'status == 404',
                'body.nearest == {route: "GET /u/:id", differs: ["path: expected /u/:id, got /v/1"]}',
                'body.routes == ["GET /u/:id", "POST /other"]',
              ),
            ],
          },
        ],
        [
          'with its fallback',
          {
            more: ', fallback: { status: 418, body: { path: "{{request.path}}" } }',
            steps: [get('/x', 'status == 418', 'body.path == "/x"')],
          },
        ],
        [
          'without a body to 204, 304 and HEAD',
          {
            routes:
              '[{ path: /a, response: { status: 204 } }, { path: /b, response: { status: 304, body: x } }, { path: /c, response: { body: four } }]',
            steps: [
              get('/a', 'status == 204', 'body == nil'),
              get('/b', 'status == 304', 'body == ""'),
              request('method: HEAD, url: "{{stub.url}}/c"', 'status == 200', 'headers["content-length"] == "4"'),
            ],
          },
        ],
      ],
      { count: 8 },
    ),
  )('%s', async (_title, parts) => {
    const { exitCode, output, errors } = await run(parts);
    expect(exitCode, output + errors).toBe(0);
  });

  it.each<[string, string, string]>([
    ['reset', 'fault: reset', 'error.code == "ECONNRESET"'],
    ['empty', 'fault: empty', 'error.kind == "connection"'],
    ['garbage', 'fault: garbage', 'error.code == "HTTP_BROKEN"'],
    ['timeout', 'fault: timeout', 'error.kind == "timeout"'],
    [
      'truncate',
      'fault: { truncate: { after: 3 } }, response: { body: "0123456789" }',
      'error.kind in ["http", "connection"]',
    ],
    ['reset, of one of several answers', 'responses: [{ fault: reset }]', 'error.code == "ECONNRESET"'],
  ])('not, as a fault: %s', async (_title, route, assertion) => {
    const step = `action: http_request, timeout: 400ms, config: { url: "{{stub.url}}/a" }, expect_error: true, assert: [${JSON.stringify(assertion)}]`;
    const { exitCode, output, errors } = await run({ routes: `[{ path: /a, ${route} }]`, steps: [step] });
    expect(exitCode, output + errors).toBe(0);
  });

  inFullRun('slowly, and the next request of the connection at once', async () => {
    const slow = (path: string, body: string) =>
      `{ path: ${path}, fault: { slow_body: { over: 300ms } }, response: { body: "${body}" } }`;
    const { exitCode, output } = await run({
      routes: `[${slow('/a', '0123456789')}, ${slow('/short', 'abc')}, ${slow('/empty', '')}, { path: /b, response: { body: b } }]`,
      steps: [
        get('/a', 'body == "0123456789"', 'duration_ms >= 290'),
        get('/short', 'body == "abc"', 'duration_ms >= 290'),
        get('/empty', 'status == 200'),
        get('/b', 'body == "b"', 'duration_ms < 250'),
      ],
    });
    expect(exitCode, output).toBe(0);
  });
});

describe('what a stub was asked', () => {
  it('is counted and shown', async () => {
    const { exitCode, output } = await run({
      routes: '[{ path: "/u/:id" }]',
      steps: [
        get('/u/1', 'status == 200'),
        post('/u/2?a=b', 'body: { n: 1 }', 'status == 200'),
        verify('count: 2'),
        verify(
          'method: POST, path: "/u/:id", query: { a: b }, body: { n: 1 }, count: 1',
          'requests[0].params.id == "2"',
          'requests[0].matched_route == "* /u/:id"',
        ),
        verify('method: DELETE, count: 0'),
        verify('count: { min: 1, max: 2 }'),
        verify('where: "request.path == \'/u/1\'"', 'count == 1'),
        'action: mock_server_reset, config: { server: stub }',
        verify('count: 0'),
      ],
    });
    expect(exitCode, output).toBe(0);
  });

  inFullRun('is told from a path that is spelled nearly so, where nothing came', async () => {
    const ask = async (
      config: string,
      routes = '[{ path: "/payments" }, { path: "/users/:id" }, { path: "/orders/:id" }]',
    ) => {
      const steps = [
        post('/payments', 'body: { n: 1 }', 'status == 200'),
        get('/users/ada', 'status == 200'),
        get('/orders/13', 'status == 200'),
      ];
      const { exitCode, output } = await run({ routes, steps: [...steps, verify(`${config}, count: 0`)] });
      expect(exitCode, output).toBe(0);
      return / note +((?:nothing came|`path_regex`) .*)/.exec(output)?.[1];
    };
    expect(await ask('method: POST, path: /payment')).toBe(
      'nothing came to `/payment`, but POST `/payments` did: is that path meant?',
    );
    expect(await ask('path: /payments/')).toContain('but POST `/payments` did');
    expect(await ask('path: "/user/:name"')).toContain('but GET `/users/ada` did');
    expect(await ask('method: DELETE, path: /payments')).toBeUndefined();
    expect(await ask('path: /orders/12')).toBeUndefined();
    expect(await ask('path_regex: "/user"')).toBe(
      '`path_regex` has to match the whole path: it matches only a part of GET `/users/ada`',
    );
    expect(await ask('path: /refunds')).toBeUndefined();
    expect(await ask('path_regex: "^/payment$"')).toBeUndefined();
    expect(await ask('path_regex: "^/refunds"')).toBeUndefined();
    expect(await ask('path: /payment', '[{ path: "/payment" }, { path: "/*" }]')).toBeUndefined();
  });

  it.each(
    sample<[string, string | undefined]>(
      'requests that are nearly so',
      [
        ['body: { amnt: 5 }', '`body.amnt`, but POST `/pay` has `body.amount`'],
        ['body: { items: [{ skk: a }] }', undefined],
        ['body: { items: [{ prodct: a }] }', '`body.items[0].prodct`, but POST `/pay` has `body.items[0].product`'],
        ['body: { amount: "5" }', '`body.amount` as string "5", but POST `/pay` has int 5'],
        ['body: { amount: 6 }', undefined],
        ['where: "request.body.amnt == 5"', '`request.body.amnt`, but POST `/pay` has `request.body.amount`'],
        ['where: "request.body.amount == 6"', undefined],
        ['where: "request.body.amnt == 5", method: GET', undefined],
        ['query: { pgae: 2 }', '`query.pgae`, but POST `/pay` has `query.page`'],
        ['query: { page: 3 }', undefined],
        ['headers: { X-Kye: a }', '`headers.x-kye`, but POST `/pay` has `headers.x-key`'],
        ['headers: { x-kye: { absent: true }, x-key: b }', undefined],
        ['form: { amount: 5 }', '`amount` in a form, but POST `/pay` has them in JSON, which `body` is compared with'],
        ['form: { amountt: 5 }', undefined],
      ],
      { count: 4 },
    ),
  )('is told from a request that is nearly so, where nothing came: %s', async (config, told) => {
    const sent = 'headers: { X-Key: a }, body: { amount: 5, items: [{ product: p }] }';
    const { exitCode, output } = await run({
      routes: '[{ path: /pay }]',
      steps: [post('/pay?page=2', sent, 'status == 200'), verify(`${config}, count: 0`)],
    });
    expect(exitCode, output).toBe(0);
    expect(/ note +nothing came with (.*): is that meant\?/.exec(output)?.[1]).toBe(told);
  });

  it.each(
    sample<[string, string]>(
      'requests that say the same in another way',
      [
        ['query: { page: "01" }', '`query.page` as string "01", but POST `/pay` has string "1"'],
        ['body: { note: Hi }', '`body.note` as string "Hi", but POST `/pay` has string "hi "'],
        [
          'body: { at: "2026-01-01T00:00:00.000Z" }',
          '`body.at` as string "2026-01-01T00:00:00.000Z", but POST `/pay` has string "2026-01-01T00:00:00Z"',
        ],
        [
          'body: { inner: { id: 1 } }',
          '`body.inner` as map {"id": 1}, but POST `/pay` has a text that holds this JSON',
        ],
        ['headers: { x-key: gold }', '`headers.x-key` as string "gold", but POST `/pay` has string "Gold"'],
      ],
      { count: 1 },
    ),
  )('is told from a request that says the same in another way, where nothing came: %s', async (config, told) => {
    const sent = `headers: { X-Key: Gold }, body: { note: "hi ", at: "2026-01-01T00:00:00Z", inner: '{"id": 1}' }`;
    const { exitCode, output } = await run({
      routes: '[{ path: /pay }]',
      steps: [
        post('/pay?page=1', sent, 'status == 200'),
        verify(`${config}, count: 0`),
        verify('query: { page: "01", x: "1" }, count: 0'),
        verify('body: { note: Hi, at: other }, count: 0'),
        verify(`where: 'request.body.note == "HI "', count: 0`),
      ],
    });
    expect(exitCode, output).toBe(0);
    const notes = output.replaceAll(/\n {9,}/g, ' ').match(/ note +nothing came.*/g) ?? [];
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain(`nothing came with ${told}: is that meant?`);
    expect(notes[1]).toContain('one text but for letter case: `lower(request.body.note) == lower("HI ")`');
  });

  it('is told from a request of which the condition is false for a type alone', async () => {
    const { exitCode, output } = await run({
      routes: '[{ path: /pay }]',
      steps: [post('/pay', 'body: { n: 5 }', 'status == 200'), verify(`where: "request.body.n == '5'", count: 0`)],
    });
    expect(exitCode, output).toBe(0);
    expect(output.replaceAll(/\n {9,}/g, ' ')).toContain("`request.body.n == '5'` compares int with string");
  });

  it.each(
    sample(
      'conditions of stubs for want of what they read',
      [
        ["request.body.statuss != 'failed'", '`request.body` has no `statuss`; there is `status`'],
        ['request.body.statuss == nil', '`request.body` has no `statuss`; there is `status`'],
        [
          "request.body.n != '5'",
          "`request.body.n != '5'` compares int with string: they read the same and differ by type alone",
        ],
        ["request.body.status != 'Failed'", '"failed" and "Failed" are one text but for letter case'],
        ['first([request.body]).statuss == nil', 'no item of `[request.body]` has `statuss`; there is `status`'],
      ],
      { count: 1 },
    ),
  )('that a condition takes for want of what it reads is noted: %s', async (condition, note) => {
    const where = JSON.stringify(condition);
    const verified = await run({
      routes: '[{ path: /pay }]',
      steps: [
        post('/pay', 'body: { status: failed, n: 5 }', 'status == 200'),
        verify(`path: /pay, count: 1, where: ${where}`),
      ],
    });
    expect(verified.exitCode, verified.output).toBe(0);
    expect(verified.output.replaceAll(/\n {9,}/g, ' ')).toContain(note);
    const routed = await run({
      routes: `[{ method: POST, path: /pay, match: { where: ${where} } }]`,
      steps: [post('/pay', 'body: { status: failed, n: 5 }', 'status == 200')],
    });
    expect(routed.exitCode, routed.output).toBe(0);
    expect(routed.output).toContain('`where` took requests for want of what it reads');
    expect(routed.output.replaceAll(/\n {9,}/g, ' ')).toContain(`POST /pay: ${note}`);
  });

  it('is waited for', async () => {
    const { exitCode, output } = await run({
      routes:
        '[{ method: POST, path: /a, response: { status: 202 }, then: [{ after: 100ms, http: { url: "{{request.body.to}}", headers: { x-n: "{{request.body.n}}" }, body: { n: "{{request.body.n}}" } } }] }, { path: /cb }]',
      steps: [
        post('/a', 'body: { to: "{{stub.url}}/cb", n: 5 }', 'status == 202'),
        verify(
          'path: /cb, body: { n: 5 }, headers: { x-n: "5" }, count: { min: 1 }, within: 5s',
          'count == 1',
          'requests[0].headers.traceparent contains TRACE_ID',
        ),
      ],
    });
    expect(exitCode, output).toBe(0);
  });

  const count = (assertion: string) => `action: assert, config: { assertions: [${JSON.stringify(assertion)}] }`;
  it.each([
    ['by its own assertion', [verify('path: /cb, within: 5s', 'count == 1')]],
    ['by the length of the list', [verify('path: /cb, within: 5s', 'len(requests) == 1')]],
    ['by a later step', [verify('path: /cb, within: 5s'), count('s1.count == 1')]],
  ])('is waited for a moment longer where it is asked how many came: %s', async (_title, steps) => {
    const { exitCode, output } = await run({
      routes:
        '[{ path: /a, then: [{ after: 50ms, http: { url: "{{request.query.to}}/cb" } }, { after: 350ms, http: { url: "{{request.query.to}}/cb" } }] }, { path: /cb }]',
      steps: [get('/a?to={{stub.url}}', 'status == 200'), ...steps],
    });
    expect(exitCode, output).toBe(1);
    expect(output).toContain(' 2 requests');
  });

  it.each(sample('ways to want no request', ['count: 0', 'count: { max: 0 }'], { count: 1 }))(
    'is looked for a moment where none may come: %s',
    async (none) => {
      const routes =
        '[{ path: /a, then: [{ after: 100ms, http: { url: "{{request.query.to}}/cb" } }] }, { path: /cb }]';
      const steps = [get('/a?to={{stub.url}}', 'status == 200'), verify(`path: /cb, ${none}`)];
      const late = await run({ routes, steps });
      expect(late.exitCode, late.output).toBe(1);
      expect(late.output).toContain('expected 0 requests * /cb, got 1');
      const silent = await run({ routes: '[{ path: /a }]', steps });
      expect(silent.exitCode, silent.output).toBe(0);
      expect(silent.output).toContain('0 requests within 500 ms');
    },
  );

  it.each(
    sample('ways to want one request', ['count: 1', 'count: { max: 1 }', 'count: { min: 1, max: 1 }'], { count: 1 }),
  )('is looked on for where one more would be wrong, though nothing is waited for: %s', async (one) => {
    const call = (more: string) =>
      `[{ path: /a, then: [{ after: 0ms, http: { url: "{{request.query.to}}/cb" } }${more}] }, { path: /cb }]`;
    const steps = [
      get('/a?to={{stub.url}}', 'status == 200'),
      verify('path: /cb, within: 5s'),
      verify(`path: /cb, ${one}`),
    ];
    const late = await run({ routes: call(', { after: 300ms, http: { url: "{{request.query.to}}/cb" } }'), steps });
    expect(late.exitCode, late.output).toBe(1);
    const single = await run({ routes: call(''), steps });
    expect(single.exitCode, single.output).toBe(0);
    expect(single.output).toContain('1 request, no more for 500 ms');
  });

  it.each(sample('ways to ask how many requests', ['count == 1', 'len(requests) == 1'], { count: 1 }))(
    'is looked on for where an assertion says how many, though nothing is waited for: %s',
    async (assertion) => {
      const routes =
        '[{ path: /a, then: [{ after: 0ms, http: { url: "{{request.query.to}}/cb" } }, { after: 300ms, http: { url: "{{request.query.to}}/cb" } }] }, { path: /cb }]';
      const { exitCode, output } = await run({
        routes,
        steps: [
          get('/a?to={{stub.url}}', 'status == 200'),
          verify('path: /cb, within: 5s'),
          verify('path: /cb', assertion),
        ],
      });
      expect(exitCode, output).toBe(1);
      expect(output).toContain(' 2 requests');
    },
  );

  it('is judged at once where more may come, and where too few or too many have', async () => {
    const steps = [verify('count: { min: 0 }'), get('/a', 'status == 200'), verify('path: /a')];
    const { exitCode, output } = await run({ routes: '[{ path: /a }]', steps });
    expect(exitCode, output).toBe(0);
    expect(output).not.toContain('no more for');
    const few = await run({ routes: '[{ path: /a }]', steps: [verify('count: 1')] });
    expect(few.exitCode, few.output).toBe(1);
    expect(few.output).not.toContain('no more for');
  });

  it('says that it looked for more', async () => {
    const { exitCode, output } = await run({
      routes: '[{ path: /a }]',
      steps: [get('/a', 'status == 200'), verify('path: /a, within: 50ms', 'count == 1')],
    });
    expect(exitCode, output).toBe(0);
    expect(output).toContain('it looked for more for 50 ms, since the flow asks how many requests there are');
  });

  it.each(
    sample('ways to wait for a request', ['count: 1', 'count: { min: 1, max: 1 }', 'count: { min: 1 }'], { count: 1 }),
  )('is not waited for longer than `within`: %s', async (count) => {
    const { exitCode, output } = await run({
      routes: '[{ path: /a, then: [{ after: 450ms, http: { url: "{{request.query.to}}/cb" } }] }, { path: /cb }]',
      steps: [get('/a?to={{stub.url}}', 'status == 200'), verify(`path: /cb, ${count}, within: 250ms`)],
    });
    expect(exitCode, output).toBe(1);
    expect(output).toContain(' within 250 ms, got 0');
  });

  it.each(['count: 0', 'count: 1', 'path: /a'])('is an error where `where` is no bool: %s', async (more) => {
    const { exitCode, output } = await run({
      routes: '[{ path: /a }]',
      steps: [post('/a', 'body: { n: 5 }', 'status == 200'), verify(`where: request.body.n, ${more}`)],
    });
    expect(exitCode, output).toBe(2);
    expect(output).toContain('`where` has to be true or false, and `request.body.n` is int 5 of POST /a');
    expect(output).toContain('`where: request.body.n == …`');
  });

  it('names the nearest requests with what differs', async () => {
    const { exitCode, output } = await run({
      routes: '[{ path: "/u/:id" }]',
      steps: [
        post('/u/2', 'body: { n: 1 }', 'status == 200'),
        get('/u/3', 'status == 200'),
        verify('method: POST, path: /u/2, body: { n: 2 }, count: 1'),
      ],
    });
    expect(exitCode, output).toBe(1);
    expect(output).toContain('`stub`: expected 1 request POST /u/2, got 0');
    expect(output).toMatch(
      /nearest 2 of 2 requests\n +POST \/u\/2 at \S+, body map \{"n": 1\}\n +✗ body\.n: expected int 2, got int 1\n/,
    );
  });

  it('fails a flow that wants no request unmatched', async () => {
    const { exitCode, output } = await run({
      routes: '[{ method: POST, path: /a }]',
      more: ', unmatched: fail',
      steps: [get('/a', 'status == 404')],
    });
    expect(exitCode, output).toBe(1);
    expect(output).toContain('stub stub: 1 request matched no route');
    expect(output).toContain('GET /a; nearest is POST /a: method: expected POST, got GET');
  });

  it('lists in the report of a flow that passes what no route took', async () => {
    const { exitCode, output } = await run({
      routes: '[{ method: POST, path: /a }]',
      steps: [get('/a', 'status == 404'), get('/b', 'status == 404')],
    });
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(
      /\n {3}stub stub: 2 requests matched no route\n {5}GET \/a; nearest is POST \/a: method: expected POST, got GET\n {5}GET \/b; .*\n\n ✓ passed/,
    );
  });

  it('does not list what the fallback answers', async () => {
    const { output } = await run({ more: ', fallback: { status: 418 }', steps: [get('/a', 'status == 418')] });
    expect(output).not.toContain('matched no route');
  });

  it('is an error where an answer cannot be made, or what follows it fails', async () => {
    const { exitCode, output } = await run({
      routes:
        '[{ path: /a, response: { body: "{{request.body.x.y}}" } }, { path: /b, then: [{ http: { url: "http://127.0.0.1:1/" } }, { http: { url: "{{request.query.cb}}" } }] }]',
      steps: [get('/a', 'status == 500'), get('/b', 'status == 200'), verify('path: /c, count: 0, within: 200ms')],
    });
    expect(exitCode, output).toBe(3);
    expect(output).toContain('the stub could not answer * /a: ');
    expect(output).toContain('`then` of the route * /b: POST http://127.0.0.1:1/ failed: ');
    expect(output).toContain(
      '`then` of the route * /b: POST failed: its `url` is nil: what it reads was not sent with GET /b',
    );
  });

  it('waits for what it is sending when the flow is over, and says what is still to come', async () => {
    const { exitCode, output } = await run({
      routes:
        '[{ path: /a, then: [{ after: 1ms, http: { url: "{{request.query.to}}/slow" } }, { after: 1h, http: { url: "{{request.query.to}}/late" } }] }, { path: /slow, response: { status: 500, delay: 200ms } }]',
      steps: [get('/a?to={{stub.url}}', 'status == 200'), verify('path: /slow, within: 5s')],
    });
    expect(exitCode, output).toBe(3);
    expect(output).toMatch(/`then` of the route \* \/a: POST http:\S+\/slow failed: the answer was 500/);
    expect(output).toMatch(
      /\n {3}stub stub: still to come of `then` when the flow was over\n {5}POST http:\S+\/late of the route \* \/a: due in 1 h\n/,
    );
  });
});

describe('a stub', () => {
  it('names who holds its port', async () => {
    const serve = "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";
    const holder = spawn(process.execPath, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = await once(holder.stdout, 'data');
    const { exitCode, output } = await run({
      more: `, port: ${Number(port)}`,
      steps: ['action: log, config: { message: hi }'],
    });
    holder.kill();
    expect(exitCode, output).toBe(3);
    expect(output).toContain(`the port ${Number(port)} is in use by ${process.execPath} -e `);
    expect(output).toContain(`(pid ${holder.pid})`);
  });

  it('says that its port is in use by its own run', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exitCode, output } = await run({
      more: `, port: ${port}`,
      steps: ['action: log, config: { message: hi }'],
    });
    holder.close();
    expect(exitCode, output).toBe(3);
    expect(output).toContain(`the port ${port} is in use by another step of this run [EADDRINUSE]`);
    expect(output).toContain('; flows that share a port get the same `serial:`');
  });

  it('takes routes while it runs', async () => {
    const { exitCode, output } = await run({
      routes: '[{ path: /a, response: { body: old } }]',
      steps: [
        'action: mock_server_configure, config: { server: stub, routes: [{ path: /a, times: 1, response: { body: new } }] }',
        get('/a', 'body == "new"'),
        get('/a', 'body == "old"'),
        'action: mock_server_configure, config: { server: stub, replace: true, routes: [{ path: /b, response: { body: only } }] }',
        get('/a', 'status == 404'),
        get('/b', 'body == "only"'),
        `action: set, config: { later: "'known by now'" }`,
        'action: mock_server_configure, config: { server: stub, routes: [{ path: /c, response: { body: "{{later}}" } }] }',
        get('/c', 'body == "known by now"'),
      ],
    });
    expect(exitCode, output).toBe(0);
  });

  it.each<[string, FlowParts, string]>([
    [
      'a route without a path',
      { routes: '[{ method: GET }]', steps: [get('/a', 'status == 200')] },
      '[TM381] a route needs `path`',
    ],
    [
      'a path without its slash',
      { routes: '[{ path: users }]', steps: [get('/a', 'status == 200')] },
      'a path that begins with `/`',
    ],
    [
      'both answers',
      { routes: '[{ path: /a, response: {}, responses: [{}] }]', steps: [get('/a', 'status == 200')] },
      '`response` and `responses` are both given',
    ],
    [
      'a pattern that does not parse',
      { routes: '[{ path_regex: "/(" }]', steps: [get('/a', 'status == 200')] },
      '[TM381] `path_regex`:',
    ],
    [
      'what follows by no way',
      { routes: '[{ path: /a, then: [{ after: 1s }] }]', steps: [get('/a', 'status == 200')] },
      'either `http` or `kafka`',
    ],
    [
      'a name that the flow does not have',
      { routes: '[{ path: /a, response: { body: "{{nobody}}" } }]', steps: [get('/a', 'status == 200')] },
      '`nobody`',
    ],
    [
      '`request` outside of an answer',
      { routes: '[{ path: "/{{request.path}}" }]', steps: [get('/a', 'status == 200')] },
      '`request`',
    ],
    ['a server that no step starts', { steps: ['action: mock_server_verify, config: { server: nobody }'] }, '`nobody`'],
    ['an unknown fault', { routes: '[{ path: /a, fault: explode }]', steps: [get('/a', 'status == 200')] }, 'fault'],
  ])('has its mistakes found before the run: %s', async (_title, parts, words) => {
    const { exitCode, errors, output } = await run(parts);
    expect(exitCode, output + errors).toBe(2);
    expect(errors).toContain(words);
    expect(output).not.toContain('mock_server_start');
  });
});

describe('over HTTP/2 a stub', () => {
  it.each([
    ['from the first byte on', '', ''],
    ['over TLS', ', tls: { self_signed: true }', ', tls: { ca: "{{stub.ca}}" }'],
  ])('has the same routes, faults and counts %s', async (_title, more, trust) => {
    const ask = (target: string, config: string, ...asserts: readonly string[]) =>
      request(`url: "{{stub.url}}${target}", http2: true${config}${trust}`, ...asserts);
    const { exitCode, output, errors } = await run({
      routes:
        '[{ method: POST, path: "/u/:id", response: { status: 201, body: { id: "{{request.params.id}}", host: "{{request.headers.host}}", n: "{{request.body.n}}" } } }, { path: /cut, fault: reset }]',
      more,
      steps: [
        ask(
          '/u/7',
          ', method: POST, body: { n: 1 }',
          'status == 201',
          'body == {id: "7", host: "127.0.0.1:" + string(stub.port), n: 1}',
        ),
        ask('/none', '', 'status == 404', 'body.error contains "GET /none"'),
        `action: http_request, config: { url: "{{stub.url}}/cut", http2: true${trust} }, expect_error: { kind: connection }`,
        request(`url: "{{stub.url}}/none"${trust}`, 'status == 404'),
        verify('method: POST, path: "/u/:id", body: { n: 1 }, count: 1'),
        verify('count: 4'),
      ],
    });
    expect(exitCode, output + errors).toBe(0);
  });
});

describe('over TLS a stub', () => {
  const CERTIFICATE = makeSelfSigned(Date.now());
  const trusting = (target: string, ca: string, ...asserts: readonly string[]): string =>
    request(`url: "{{stub.url}}${target}", tls: { ca: ${ca} }`, ...asserts);

  it('makes a certificate, and gives the authority that vouches for it', async () => {
    const { exitCode, output, errors } = await run({
      routes: '[{ method: POST, path: /a, response: { body: "{{request.body.n}}" } }, { path: /cut, fault: reset }]',
      more: ', tls: { self_signed: true }',
      steps: [
        request('method: POST, url: "{{stub.url}}/a", body: { n: 7 }, tls: { ca: "{{stub.ca}}" }', 'body == 7'),
        'action: assert, config: { assertions: ["stub.url startsWith \'https://127.0.0.1:\'"] }',
        'action: http_request, config: { url: "https://localhost:{{stub.port}}/none", tls: { ca: "{{stub.ca}}" } }, assert: [status == 404]',
        'action: http_request, config: { url: "{{stub.url}}/cut", tls: { ca: "{{stub.ca}}" } }, expect_error: { code: ECONNRESET }',
        'action: http_request, config: { url: "{{stub.url}}/a" }, expect_error: { kind: connection, code: UNABLE_TO_VERIFY_LEAF_SIGNATURE }',
        verify('path: /a, count: 1'),
      ],
    });
    expect(exitCode, output + errors).toBe(0);
  });

  it('shows a certificate of its own', async () => {
    const { ca, cert, key } = CERTIFICATE;
    const start =
      '{ id: stub, action: mock_server_start, config: { routes: [{ path: /a }], tls: { cert: c.pem, key: k.pem } } }';
    const steps = [
      trusting('/a', 'ca.pem', 'status == 200'),
      'action: assert, config: { assertions: ["stub.ca == nil"] }',
    ];
    const { exitCode, output, errors } = await runText(
      { setup: [start], steps },
      { 'c.pem': cert, 'k.pem': key, 'ca.pem': ca },
    );
    expect(exitCode, output + errors).toBe(0);
  });

  it('does not start with a key that belongs to another certificate', async () => {
    const start = '{ id: stub, action: mock_server_start, config: { tls: { cert: c.pem, key: k.pem } } }';
    const { exitCode, output } = await runText(
      { setup: [start], steps: [get('/a', 'status == 200')] },
      { 'c.pem': CERTIFICATE.cert, 'k.pem': makeSelfSigned(Date.now()).key },
    );
    expect(exitCode, output).toBe(2);
    expect(output).toContain('is not the key of the certificate');
  });
});

describe('a whole answer by one placeholder', () => {
  const ROUTES = '[{ path: "/a", response: "{{item.answer}}" }]';
  const each = (answer: string) =>
    `action: for_each, config: { items: [{ answer: ${answer} }], steps: [{ id: routes, action: mock_server_configure, config: { server: stub, replace: true, routes: ${ROUTES} } }] }`;

  it('is what a row says', async () => {
    const answer = '{ status: 201, headers: { x-a: "1" }, body: { id: 7 } }';
    const steps = [each(answer), get('/a', 'status == 201', 'headers["x-a"] == "1"', 'body.id == 7')];
    const { exitCode, output } = await run({ steps });
    expect(exitCode, output).toBe(0);
  });

  it.each([
    ['5', 'expected a map, got int 5'],
    ['{ statuss: 404 }', 'did you mean `status`?'],
    ['{ status: 700 }', 'expected at most 599, got int 700'],
  ])('is refused where it is none: %s', async (answer, message) => {
    const { exitCode, output } = await run({ steps: [each(answer)] });
    expect([exitCode, output]).toEqual([2, expect.stringContaining(message)]);
  });
});
