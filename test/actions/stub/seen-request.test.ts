import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/actions/stub/received.ts';
import { seeRequest } from '../../../src/actions/stub/seen-request.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

const ALL = 'method`, `path`, `query`, `headers`, `body`, `form`, `params`, `at` and `matched_route';

function plan(route: string, more = '') {
  const start = `setup:\n  - id: users\n    action: mock_server_start\n    config:\n      routes:\n        - ${route}\n${more}`;
  const { diagnostics } = planText(
    `name: Users\n${start}steps:\n  - action: http_request\n    config: { url: "{{users.url}}/users/u1" }\n    assert: [status == 200]\n`,
  );
  return diagnostics.map(
    ({ code, severity, message, help = [], span }) =>
      `${severity} ${code} ${span?.file.text.slice(span.start, span.end)}: ${message} = ${help.join()}`,
  );
}

describe('what is read of a request', () => {
  it.each([
    [
      '{ path: /users/:id, response: { body: "{{request.parms.id}}" } }',
      'parms: `request` has no `parms` = did you mean `request.params`?',
    ],
    [
      '{ path: /users/:id, response: { body: { a: [{ id: "{{request.params.idd}}" }] } } }',
      'idd: `request.params` has no `idd` = did you mean `request.params.id`?',
    ],
    [
      '{ path: "/users/{user_id}/o.{kind}", response: { headers: { x: "{{request.params.kin}}" } } }',
      'kin: `request.params` has no `kin` = did you mean `request.params.kind`?',
    ],
    [
      '{ path: /users, responses: [{ body: 1 }, { body: "{{request.params.id}}" }] }',
      'id: `request.params` has no `id` = it is empty there',
    ],
    [
      '{ path: /users/:id, match: { where: request.quary.a == "1" }, response: { status: 200 } }',
      'quary: `request` has no `quary` = did you mean `request.query`?',
    ],
    [
      '{ path: /users/:id, match: { where: \'request["parms"].id == "1"\' }, response: { status: 200 } }',
      'parms: `request` has no `parms` = did you mean `request.params`?',
    ],
    [
      '{ path: /users/:id, then: [{ http: { url: "{{request.bdy.callback}}" } }] }',
      'bdy: `request` has no `bdy` = did you mean `request.body`?',
    ],
    [
      '{ path: /users/:id, then: [{ kafka: { brokers: "x:1", topic: t, key: "{{request.zzz}}" } }] }',
      `zzz: \`request\` has no \`zzz\` = it has \`${ALL}\``,
    ],
  ])('is there: %s', (route, told) => {
    expect(plan(route)).toEqual([`warning TM226 ${told}`]);
  });

  it.each([
    '{ path: /users/:id, response: { body: "{{request.params.id}} {{request.body.any.thing}} {{request.headers.accept}}" } }',
    '{ path: "/f/{name}.{type}", response: { body: "{{request.params.name}}{{request.params.type}}" } }',
    '{ path: "/users/{{UUID}}/:id", response: { body: "{{request.params.idd}}" } }',
    '{ path: /users, response: { body: { n: "{{len(request.body.items)}}", all: "{{request}}" } } }',
  ])('may be anything else: %s', (route) => {
    expect(plan(route)).toEqual([]);
  });

  it('is told of a fallback, too, for which no path names anything', () => {
    expect(plan('{ path: /a, response: {} }', '      fallback: { status: 404, body: "{{request.pth}}" }\n')).toEqual([
      'warning TM226 pth: `request` has no `pth` = did you mean `request.path`?',
    ]);
  });

  it('is told of a verify', () => {
    const found = planText(
      'name: U\nsteps:\n  - { id: u, action: mock_server_start, config: { routes: [{ path: /a, response: {} }] } }\n  - { action: mock_server_verify, config: { server: u, where: request.quary.a == "1" } }\n',
    );
    expect(findingsOf(found)).toEqual(['TM226 4:71 `request` has no `quary`']);
  });

  it('knows all that a request has', () => {
    const request = readRequest({ method: 'GET', target: '/', rawHeaders: [], body: Buffer.of(), atMs: 0 });
    expect(Object.keys(seeRequest({}, []).request).sort()).toEqual(Object.keys(request).sort());
  });

  it.each([
    ['match: { where: body.amount == 5 }', 'body', 'request.body.amount'],
    ['match: { where: "method == \'POST\'" }', 'method', 'request.method'],
    ['response: { body: "{{query.page}}" }', 'query', 'request.query.page'],
  ])('stands below `request`: %s', (part, name, written) => {
    expect(plan(`{ path: /users, ${part} }`)).toEqual([
      `error TM104 ${name}: unknown name \`${name}\` = it is a key of the request: write \`${written}\``,
    ]);
  });

  it('is not known to the status of an answer', () => {
    expect(plan('{ path: /users, response: { status: "{{request.query.code}}" } }')).toEqual([
      'error TM104 request: unknown name `request` = what a stub was asked is known to `body` and `headers` of its answers, to `then` and to `where`: for another status write another route',
    ]);
  });

  it('is one of `requests` in an assertion', () => {
    const { diagnostics } = planText(
      'name: x\nsetup:\n  - { id: s, action: mock_server_start, config: { routes: [{ path: /a }] } }\nsteps:\n  - { action: mock_server_verify, config: { server: s }, assert: ["request[0].path == \'/a\'"] }\n',
    );
    expect(diagnostics.map(({ help }) => help)).toEqual([['did you mean `requests`?']]);
  });
});
