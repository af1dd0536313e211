import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { get, order, ProjectFolder } from './project-folder.ts';

const inFullRun = it.runIf(repeats('further tests of mocks of a run', 1, 0) > 0);

const folder = new ProjectFolder();
afterAll(() => folder.remove());

const PROJECT = `
stubs:
  orders: { routes: [{ path: "/u1", response: { status: 201, body: { name: "from the stub" } } }] }
  users: { routes: [{ path: "/users/:id", response: { body: { name: Ada } } }] }
`;
const verified = (when: string): string =>
  `action: mock_server_verify, ${when}config: { server: orders, path: /u1, count: 1 }`;

describe('mocks', () => {
  it.each([
    ['on', 'from the stub', 'started `stub orders` in '],
    ['off', 'Ada', 'started `stub users` and `orders` in '],
  ])('%s: the same flow asks the stub, or the service', async (mocks, name, started) => {
    folder.writeProject(`${PROJECT}mocks: { orders: "\${ORDERS_MOCK:-on}" }\n`);
    const flows = { a: [order('/u1', 'status == 201', `body.name == "${name}"`), verified('when: mocks.orders, ')] };
    const ended = await folder.run(flows, { env: mocks === 'on' ? {} : { ORDERS_MOCK: mocks } });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain(started);
  });

  inFullRun('off: what asks the stub all the same is told what to do', async () => {
    folder.writeProject(`${PROJECT}mocks: { orders: off }\n`);
    const ended = await folder.run({ a: [order('/u1', 'status == 201'), verified('')] });
    expect(ended.exitCode).toBe(2);
    expect(ended.output).toContain('no stub `orders` is running');
    expect(ended.output).toContain(
      '`mocks` in testmesh.yaml says that the service `orders` is asked: give the step `when: mocks.orders`',
    );
  });

  inFullRun('on: the service cannot be stopped, for it does not run', async () => {
    folder.writeProject(`${PROJECT}mocks: { orders: on }\n`);
    const ended = await folder.run({ a: ['action: service_stop, config: { service: orders }'] });
    expect(ended.exitCode).toBe(2);
    expect(ended.output).toContain('service `orders` does not run here: its stub stands in for it');
  });
});

describe('a stub of the flow', () => {
  const FLOW = `name: a
env: { ORDERS_URL: "" }
setup:
  - { id: own, when: "ORDERS_URL == ''", action: mock_server_start, config: { routes: [{ path: /u1, response: { body: { from: stub } } }] } }
steps:
  - { id: asked, ${get("{{ORDERS_URL == '' ? own.url : ORDERS_URL}}/u1", 'body.from == expected')} }
  - { id: called, when: "ORDERS_URL == ''", action: mock_server_verify, config: { server: own, path: /u1, count: 1 } }
`;

  it('stands in for a service unless the environment has an address', async () => {
    const real = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end('{ "from": "service" }');
    });
    await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
    const { port } = Object(real.address());
    folder.write('testmesh.yaml', 'stubs: {}\n');
    folder.write('flow.yaml', FLOW);
    const stubbed = await folder.call(['run', 'flow.yaml', '--var', 'expected=stub']);
    expect([stubbed.exitCode, stubbed.errors]).toEqual([0, '']);
    const asked = await folder.call(['run', 'flow.yaml', '--var', 'expected=service'], {
      ORDERS_URL: `http://127.0.0.1:${port}`,
    });
    real.close();
    expect([asked.exitCode, asked.errors]).toEqual([0, '']);
  });
});
