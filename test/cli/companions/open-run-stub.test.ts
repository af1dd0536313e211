import { createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { get, order, ProjectFolder, verify } from './project-folder.ts';

const inFullRun = it.runIf(repeats('further tests of stubs of a run', 1, 0) > 0);

const folder = new ProjectFolder();
afterAll(() => folder.remove());

const ADA = '{ path: "/users/:id", response: { body: { name: Ada } } }';
const stubs = (...routes: readonly string[]): string => `stubs:\n  users: { routes: [${routes.join(', ')}] }\n`;

describe('a stub of the run', () => {
  inFullRun('is what a service asks that is given its address, and what flows verify', async () => {
    folder.write('stubs/users.yaml', `routes:\n  - ${ADA}\n`);
    folder.writeProject('stubs: { users: { file: stubs/users.yaml, port: 0 } }\n');
    const ended = await folder.run({
      first: [order('/u1', 'status == 201', 'body.name == "Ada"'), verify('path: /users/u1, count: 1')],
      second: [order('/u2', 'status == 201'), verify('count: 1')],
    });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain('note: started `stub users` and `orders` in ');
  });

  inFullRun('has the routes, states and turns of each flow alone', async () => {
    const turns = '{ path: "/users/turns", responses: [{ status: 200 }, { status: 404 }] }';
    const sets = '{ path: "/users/sets", sets: { is: left } }, { path: "/users/state", state: { is: left } }';
    folder.writeProject(stubs(turns, sets, '{ path: /users/once, times: 1 }'));
    const steps = [
      order('/turns', 'status == 201'),
      order('/turns', 'status == 422'),
      order('/state', 'status == 422'),
      order('/sets', 'status == 201'),
      order('/state', 'status == 201'),
      order('/once', 'status == 201'),
      order('/once', 'status == 422'),
      order('/own', 'status == 422'),
      'action: mock_server_configure, config: { server: users, routes: [{ path: /users/own }] }',
      order('/own', 'status == 201'),
      verify('count: 9'),
      'action: mock_server_reset, config: { server: users }',
      verify('count: 0'),
    ];
    const ended = await folder.run({ first: steps, second: steps });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('lists what no route took in the report of the flow that caused it', async () => {
    folder.writeProject(stubs('{ method: POST, path: /users/x }'));
    const flows = { first: [order('/x', 'status == 422')], second: [get('{{stubs.users.url}}/y', 'status == 404')] };
    const ended = await folder.run(flows);
    expect(ended.exitCode, ended.all).toBe(0);
    const [, first = '', second = ''] = ended.output.split(/^ (?:first|second) /m);
    expect(first).toContain(
      'stub users: 1 request matched no route\n     GET /users/x; nearest is POST /users/x: method',
    );
    expect(second).toContain('stub users: 1 request matched no route\n     GET /y; nearest is POST /users/x: ');
    folder.writeProject('stubs: { users: { routes: [], unmatched: fail } }\n');
    const failed = await folder.run({ first: [order('/x', 'status == 422')], second: [order('/x', 'true')] });
    expect(failed.exitCode, failed.all).toBe(1);
    expect(failed.output.match(/stub users: 1 request matched no route/g)?.length).toBeGreaterThanOrEqual(2);
  });

  inFullRun('has what goes wrong in it reported by the flow that caused it', async () => {
    folder.writeProject(stubs('{ path: "/users/:id", response: { body: "{{request.body.x.y}}" } }'));
    const ended = await folder.run({
      first: [order('/x', 'status == 422')],
      second: [get('{{services.orders.url}}/../x', 'true')],
    });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('the stub could not answer * /users/:id: ');
  });

  inFullRun('asks back a service that needs it, which need not be there before', async () => {
    const callback = '{ path: /users/a, then: [{ http: { url: "{{services.orders.url}}/b" } }] }, { path: /users/b }';
    folder.writeProject(stubs(callback));
    const ended = await folder.run({ a: [order('/a', 'status == 201'), verify('path: /users/b, within: 5s')] });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('counts for no flow what may be of any of several, and says so', async () => {
    folder.writeProject(stubs(ADA));
    const steps = [
      order('/u1', 'status == 201'),
      'action: delay, config: { duration: 150ms }',
      order('/u2', 'status == 201'),
      verify('count: 2'),
    ];
    const ended = await folder.run({ first: steps, second: steps }, { words: ['-j', '2'] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('while other flows ran too: whose they are cannot be known');
  });

  inFullRun('is started only where it is named; one whose variable something else sets is not', async () => {
    folder.writeProject(`${stubs(ADA)}  other: { port: 1, routes: [] }\n`);
    folder.write(
      'flow.yaml',
      `name: a\nenv: { USERS: "{{stubs.other.url}}" }\nsteps:\n  - { ${get('{{USERS}}/x', 'status == 200')} }\n`,
    );
    const { exitCode, all } = await folder.call(['run', 'flow.yaml', '--var', 'USERS=http://127.0.0.1:2']);
    expect(exitCode, all).toBe(3);
    expect(all).toContain('connection refused');
    expect(all).not.toContain('started');
    const none = await folder.call(['run', 'flow.yaml', '--services', 'none']);
    expect(none.exitCode).toBe(2);
    expect(none.errors).toContain('stub `other` does not run with `--services none`');
  });

  inFullRun('whose port is taken is one error that names who has it, and no flow runs', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = Object(holder.address());
    folder.writeProject(`stubs: { users: { port: ${port}, routes: [] } }\n`);
    const ended = await folder.run({ a: [order('/u1', 'true')] });
    holder.close();
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      `error: stub \`users\` (testmesh.yaml:7:10) is not started: the port ${port} is in use by `,
    );
    expect(ended.output).toContain('; `port: 0` gives it a free one');
    expect(ended.output).toContain('skipped: not reached: a service is not there');
  });

  inFullRun('whose settings cannot be rendered is an error at their place', async () => {
    folder.writeProject('stubs:\n  users: { port: "{{TEXT}}", routes: [] }\n');
    const ended = await folder.run({ a: [order('/u1', 'true')] }, { words: ['--var', 'TEXT=often'] });
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.output).toContain('stub `users` (testmesh.yaml:8:18): `port` of `users`: expected a number');
  });

  inFullRun('masks the secrets of its file', async () => {
    folder.write(
      'users.yaml',
      `secrets: [KEY]\nenv: { KEY: open-sesame-1 }\nroutes: [{ path: "/users/:id", response: { body: "{{KEY}}" } }]\n`,
    );
    folder.writeProject('stubs: { users: { file: users.yaml } }\n');
    const ended = await folder.run({ a: [order('/u1', 'body == "no"')] });
    expect(ended.exitCode).toBe(1);
    expect(ended.all).toContain('***');
    expect(ended.all).not.toContain('open-sesame-1');
  });

  inFullRun('says what of its contract is not checked', async () => {
    const pattern = "{ type: string, pattern: '^(?!x)a$' }";
    const answer = `{ '200': { description: ok, content: { application/json: { schema: ${pattern} } } } }`;
    folder.write(
      'users.openapi.yaml',
      `openapi: 3.1.0\ninfo: { title: users, version: '1' }\npaths: { /users/a: { get: { responses: ${answer} } } }\n`,
    );
    folder.writeProject(
      'stubs: { users: { contract: users.openapi.yaml, routes: [{ path: /users/a, response: { body: a } }] } }\n',
    );
    const ended = await folder.run({ a: [get('{{stubs.users.url}}/users/a', 'status == 200')] });
    expect(ended.output).toMatch(/note: stub `users`: .*\^\(\?!x\)a\$/);
  });

  inFullRun('is known to flows that are called, to branches and to what cleans up', async () => {
    folder.writeProject(stubs(ADA));
    const asks = `name: asks\nsteps:\n  - { id: ask, ${order('/u1', 'status == 201')} }\n  - { id: seen, ${verify('path: /users/u1, count: 1')} }\n`;
    folder.write('lib/asks.yaml', asks);
    const ended = await folder.run({
      a: [
        'action: run_flow, config: { flow: lib/asks.yaml }',
        `action: parallel, config: { steps: [{ ${verify('count: { min: 1 }')} }, { ${order('/u2', 'status == 201')} }] }`,
        `action: log, config: { message: done }, cleanup: { ${verify('count: 2')} }`,
      ],
    });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('is hidden by a step of its name, which a warning says', async () => {
    folder.writeProject(stubs(ADA));
    folder.write(
      'flow.yaml',
      `name: a\nsetup:\n  - { id: users, action: mock_server_start, config: { routes: [{ path: /own }] } }\nsteps:\n  - { ${get('{{users.url}}/own', 'status == 200')} }\n  - { ${verify('path: /own, count: 1')} }\n`,
    );
    const { exitCode, all, errors } = await folder.call(['run', 'flow.yaml']);
    expect(exitCode, all).toBe(0);
    expect(errors).toContain(
      'warning[TM206] `users` is a step of this flow, not the stub of testmesh.yaml with that name',
    );
  });
});
