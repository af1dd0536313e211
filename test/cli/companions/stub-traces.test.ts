import { afterAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { repeats, sample } from '../../support/sample.ts';
import { get, order, ProjectFolder, verify } from './project-folder.ts';

const inFullRun = it.runIf(repeats('further tests of stubs that flows share', 1, 0) > 0);

const folder = new ProjectFolder();
/** Without a testmesh.yaml. */
const bare = new ProjectFolder();
afterAll(() => {
  folder.remove();
  bare.remove();
});

const ADA = '{ path: "/users/:id", response: { body: { name: Ada } } }';
const stubs = (...routes: readonly string[]): string => `stubs:\n  users: { routes: [${routes.join(', ')}] }\n`;
const calls = (count: number, path = '/u1'): string[] =>
  Array.from({ length: count }, () => order(path, 'status == 201'));

describe('a stub of the run that flows share at the same time', () => {
  it.each(sample('headers that tell flows apart', ['traceparent', 'baggage'], { count: 0 }))(
    'tells their requests apart by the `%s` that the service passes on',
    async (passes) => {
      folder.writeProject(stubs(ADA, '{ path: "/:x" }'));
      const flows = Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((count) => {
          const own = get('{{stubs.users.url}}/direct', 'status == 200');
          return [
            `f${count}`,
            [...calls(count), own, verify(`path: /users/u1, count: ${count}`), verify(`count: ${count + 1}`)],
          ];
        }),
      );
      const ended = await folder.run(flows, { words: ['-j', '6'], env: { PASSES: passes } });
      expect(ended.exitCode, ended.all).toBe(0);
    },
  );

  inFullRun('keeps apart what each sets: routes, states, turns and what it forgets', async () => {
    folder.writeProject(
      stubs(
        '{ path: /users/once, times: 1 }',
        '{ path: /users/go, sets: { is: on } }',
        '{ path: /users/on, state: { is: on } }',
      ),
    );
    const flow = (name: string): string[] => [
      order('/once', 'status == 201'),
      order('/once', 'status == 422'),
      order('/on', 'status == 422'),
      order('/go', 'status == 201'),
      order('/on', 'status == 201'),
      `action: mock_server_configure, config: { server: users, routes: [{ path: /users/mine, response: { body: { name: ${name} } } }] }`,
      order('/mine', `body.name == "${name}"`),
      verify('count: 6'),
      'action: mock_server_reset, config: { server: users }',
      order('/mine', 'status == 201'),
      verify('count: 1'),
    ];
    const flows = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, flow(name)]));
    const ended = await folder.run(flows, { words: ['-j', '4'], env: { PASSES: 'traceparent' } });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('counts what all of them caused with `scope: all`, traces or none', async () => {
    folder.writeProject(stubs(ADA));
    const all = verify('path: /users/u1, scope: all, count: 3, within: 10s');
    const flows = { one: [...calls(1), all], two: [...calls(2), all] };
    for (const passes of ['traceparent', '']) {
      const ended = await folder.run(flows, { words: ['-j', '2'], env: { PASSES: passes } });
      expect(ended.exitCode, ended.all).toBe(0);
    }
  });

  inFullRun('says how many requests without a trace came, where they would count', async () => {
    folder.writeProject(stubs(ADA));
    const both = verify('path: /users/u1, scope: all, count: 3, within: 10s');
    const flows = {
      one: [...calls(1), both, verify('path: /users/other, count: 0'), verify('path: /users/u1, count: 1')],
      two: [...calls(2), both],
    };
    const ended = await folder.run(flows, { words: ['-j', '2'] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      '`users` got 3 such requests without the trace of a flow while other flows ran too: whose they are cannot be known',
    );
    expect(ended.output).toContain('steps: 6 passed, 1 errored');
  });

  inFullRun('gives a trace that the flow set itself back to the flow by its baggage', async () => {
    folder.writeProject(stubs(ADA));
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';
    const own = `action: http_request, config: { url: "{{services.orders.url}}/u1", headers: { traceparent: "${traceparent}" } }, assert: [status == 201]`;
    const flows = { one: [own, verify('count: 1')], two: [own, own, verify('count: 2')] };
    const ended = await folder.run(flows, { words: ['-j', '2'], env: { PASSES: 'traceparent baggage' } });
    expect(ended.exitCode, ended.all).toBe(0);
  });
});

describe('a stub of one flow that others find too', () => {
  const start = (port: number): string =>
    `action: mock_server_start, id: stub, config: { port: ${port}, routes: [{ path: "/*", times: 2 }] }`;
  const ask = (port: number, headers = ''): string =>
    `action: http_request, config: { url: "http://127.0.0.1:${port}/x"${headers} }, retry: { max_attempts: 500, delay: 10ms }, assert: [status == 200]`;
  const check = (config: string): string => `action: mock_server_verify, config: { server: stub, ${config} }`;
  const write = (first: readonly string[], second: readonly string[]): void => {
    const flow = (name: string, steps: readonly string[]) =>
      `name: ${name}\nid: ${name}\nsteps:\n${steps.map((step) => `  - { ${step} }\n`).join('')}`;
    bare.write('flow.yaml', `${flow('first', first)}---\n${flow('second', second)}`);
  };

  it('counts only what its flow caused', async () => {
    const port = await findFreePort();
    write(
      [
        start(port),
        ask(port),
        check('scope: all, count: 2, within: 10s'),
        check('count: 1'),
        ask(port),
        check('count: 2'),
      ],
      [ask(port)],
    );
    const ended = await bare.call(['run', 'flow.yaml', '-j', '2']);
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('does not know whose it is what bears no trace', async () => {
    const port = await findFreePort();
    const silent = ', headers: { traceparent: null, baggage: null }';
    write([start(port), check('scope: all, count: 1, within: 10s'), check('count: 0')], [ask(port, silent)]);
    const ended = await bare.call(['run', 'flow.yaml', '-j', '2']);
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('`stub` got 1 such request without the trace of a flow while other flows ran too');
  });

  inFullRun('takes what bears no trace for its flow where no other ran, or could find it', async () => {
    const silent = ', headers: { traceparent: null, baggage: null }';
    const port = await findFreePort();
    write([start(port), ask(port, silent), check('count: 1')], ['action: log, config: { message: over }']);
    const alone = await bare.call(['run', 'flow.yaml']);
    expect(alone.exitCode, alone.all).toBe(0);
    const free = [start(0), ask(0, silent).replace(/http:[^"]*/, '{{stub.url}}/x'), check('count: 1')];
    write(free, free);
    const beside = await bare.call(['run', 'flow.yaml', '-j', '2']);
    expect(beside.exitCode, beside.all).toBe(0);
  });
});
