import { afterAll, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { get, order, ProjectFolder } from './project-folder.ts';

const inFullRun = it.runIf(repeats('further tests of proxies of a run', 1, 0) > 0);

const folder = new ProjectFolder();
afterAll(() => folder.remove());

const PROJECT = `
stubs: { users: { routes: [{ path: "/users/:id", response: { body: { name: Ada } } }] } }
proxies: { users: { upstream: "{{stubs.users.url}}" }, pg: { upstream: "postgres://app:pw@127.0.0.1/orders?a=b", protocol: tcp } }
`;
const write = (): void => folder.writeProject(PROJECT, { users: '{{proxies.users.url}}' });
const set = (faults: string, proxy = 'users'): string =>
  `action: fault_set, config: { proxy: ${proxy}, faults: ${faults} }`;
const clear = (assertion: string): string =>
  `action: fault_clear, config: { proxy: users }, assert: [${JSON.stringify(assertion)}]`;

describe('a proxy of the run', () => {
  inFullRun('has faults that end with the flow that sets them', async () => {
    write();
    const ended = await folder.run({
      first: [order('/u1', 'status == 201'), set('{ reset: true }'), order('/u1', 'status == 503')],
      second: [
        order('/u1', 'status == 201'),
        order('/u1', 'status == 201'),
        clear('requests == 0 && total.requests == 2'),
      ],
    });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('gives its address in the place of that to which it leads', async () => {
    write();
    const message = '{{proxies.pg.url}} {{proxies.pg.host}} {{proxies.pg.port}} {{proxies.pg.address}}';
    const ended = await folder.run({ a: [`action: log, config: { message: "${message}" }`] });
    expect(ended.output).toMatch(/postgres:\/\/app:pw@127\.0\.0\.1:(\d+)\/orders\?a=b 127\.0\.0\.1 \1 127\.0\.0\.1:\1/);
  });

  inFullRun('makes an error of a fault that nobody met, in its flow alone', async () => {
    write();
    const ended = await folder.run({ first: [set('{ latency: 5ms }')], second: [order('/u1', 'status == 201')] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output.match(/proxy users: `latency` met nothing/g)?.length).toBe(2);
    expect(ended.output).toContain('2 flows: 1 passed, 1 errored');
  });

  inFullRun('lets no other flow run beside one that sets its faults', async () => {
    write();
    const wait = 'action: delay, config: { duration: 100ms }';
    const plain = [order('/u1', 'status == 201'), wait, order('/u1', 'status == 201')];
    const down = [set('{ down: true }'), wait, order('/u1', 'status == 503')];
    const ended = await folder.run({ first: plain, second: down, third: plain }, { words: ['-j', '3'] });
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('lets others run beside one that sets faults in a proxy of its own', async () => {
    folder.write('testmesh.yaml', PROJECT);
    const own = `name: own
setup:
  - { id: stub, action: mock_server_start, config: { routes: [{ path: / }] } }
  - { id: gate, action: fault_proxy_start, config: { upstream: "{{stub.url}}" } }
steps:
  - { action: ${set('{ latency: 300ms }', 'gate').slice('action: '.length)} }
  - { ${get('{{gate.url}}/', 'status == 200')} }
`;
    folder.write('flow.yaml', `${own}---\n${own.replace('own', 'twin')}`);
    const words = ['-j', '2', '--services', 'all', '--reporter', 'ndjson'];
    const { exitCode, all, output } = await folder.call(['run', 'flow.yaml', ...words]);
    expect(exitCode, all).toBe(0);
    const types = output.split('\n').flatMap((line) => /"type":"(flow_[a-z]+)"/.exec(line)?.[1] ?? []);
    expect(types).toEqual(['flow_started', 'flow_started', 'flow_finished', 'flow_finished']);
  });

  inFullRun('is what a step names, or there is none', async () => {
    write();
    const ended = await folder.run({ a: [set('{ reset: true }', 'user')] });
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('there is no step `user`, and no such proxy in testmesh.yaml');
    expect(ended.errors).toContain('did you mean `users`?');
  });
});
