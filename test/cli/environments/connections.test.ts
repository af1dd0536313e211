import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-connections-'));
const cwd = join(root, 'flows');
beforeAll(() => mkdirSync(cwd));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PROJECT = `
default_environment: local
environments:
  local:
    connections:
      orders: "postgres://app:open-sesame-77@127.0.0.1:1/orders"
      bus: { brokers: "127.0.0.1:1" }
      cache: "redis://127.0.0.1:1/3"
  staging:
    env: { HOST: staging.example }
    secrets: { PASSWORD: { file: password.txt } }
    connections:
      orders: "postgres://app:\${PASSWORD}@<<HOST>>/orders"
      bus:
        brokers: ["{{HOST}}:9093"]
        sasl: { mechanism: plain, username: app, password: "{{PASSWORD}}" }
        tls: { ca: certs/ca.pem }
      audit: "mysql://{{HOST}}/audit"
`;

const step = (action: string, settings: string): string =>
  `name: One\nsteps:\n  - id: one\n    action: ${action}\n    config: ${settings}\n`;
const QUERY = step('database_query', '{ connection: orders, query: SELECT id FROM orders }');
const SEND = step('kafka_producer', '{ connection: bus, topic: t, value: a }');

function call(flow: string, words: readonly string[], project = PROJECT) {
  writeFileSync(join(root, 'testmesh.yaml'), project);
  writeFileSync(join(root, 'password.txt'), 'hunter2-swordfish\n');
  writeFileSync(join(cwd, 'flow.yaml'), flow);
  return callCommand([words[0] ?? '', 'flow.yaml', ...words.slice(1)], { cwd });
}

async function plan(flow: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, output, errors } = await call(flow, ['run', '--dry-run', ...words]);
  expect(exitCode, errors).toBe(0);
  return output;
}

describe('a connection of an environment', () => {
  it('stands in the place of its name', async () => {
    expect(await plan(QUERY)).toContain('connection: postgres://app:***@127.0.0.1:1/orders');
    expect(await plan(QUERY, '-e', 'staging')).toContain('@staging.example/orders');
    expect(await plan(SEND)).toContain('brokers: 127.0.0.1:1');
    const secured = await plan(SEND, '-e', 'staging');
    expect(secured).toContain('brokers: ["staging.example:9093"]');
    expect(secured).toContain('"username":"app"');
    expect(secured).toContain(join(root, 'certs/ca.pem'));
    expect(await plan(step('redis.get', '{ connection: cache, key: a }'))).toContain('url: redis://127.0.0.1:1/3');
    expect(await plan(step('kafka_group', '{ connection: bus, group: g, topic: t }'))).toContain(
      'brokers: 127.0.0.1:1',
    );
    const poll = step('db_poll', '{ connection: orders, query: SELECT 1 }');
    expect(await plan(poll)).toContain('@127.0.0.1:1/orders');
  });

  it('is what `effects` borrows of the steps: a database, and brokers', async () => {
    const both = `${QUERY.replace('steps:', 'effects: {}\nsteps:')}${SEND.slice(SEND.indexOf('  - ')).replace('id: one', 'id: two')}`;
    const { exitCode, output, errors } = await call(both, ['validate']);
    expect(exitCode, output + errors).toBe(0);
  });

  it('has its password masked in every output', async () => {
    const asked = ['run', '-vv', '--reporter', 'tree', '--reporter', 'json=out.json', '--reporter', 'html=out.html'];
    for (const [words, secret] of [
      [[], 'open-sesame-77'],
      [['-e', 'staging', '--var', 'HOST=127.0.0.1:1'], 'hunter2-swordfish'],
    ] as const) {
      const { exitCode, output, errors } = await call(QUERY, [...asked, ...words]);
      expect(exitCode, output + errors).toBe(3);
      const [run = ''] = readdirSync(join(cwd, '.testmesh', 'runs'))
        .sort()
        .reverse();
      const files = ['out.json', 'out.html', `.testmesh/runs/${run}/events.ndjson`].map((file) =>
        readFileSync(join(cwd, file), 'utf8'),
      );
      for (const text of [output, errors, ...files]) expect(text).not.toContain(secret);
      expect(output).toContain('127.0.0.1:1');
    }
  });

  it.each<[string, string, readonly string[], string, string]>([
    [
      'that nobody has',
      QUERY.replace('orders,', 'ordres,'),
      [],
      'there is no connection `ordres`',
      'did you mean `orders`?',
    ],
    [
      'of another environment',
      QUERY.replace('orders,', 'audit,'),
      [],
      'environment `local` has no connection `audit`',
      '`staging` has one: add it to `local`, or choose `-e staging`',
    ],
    [
      'of brokers for a database',
      QUERY.replace('orders,', 'bus,'),
      [],
      '`database_query` needs an address, and `bus` has brokers',
      'name a connection that is a text',
    ],
    [
      'of a database for Kafka',
      SEND.replace('bus,', 'orders,'),
      [],
      '`kafka_producer` needs brokers, and `orders` is an address',
      'name a connection that is `{brokers: "host:9092"}`',
    ],
    ['of Redis for a database', QUERY.replace('orders,', 'cache,'), [], 'got `redis://`', 'testmesh.yaml:'],
    [
      'beside what it gives',
      SEND.replace('bus,', 'bus, brokers: "b:9092",'),
      [],
      '`connection` names a connection, which has `brokers` already',
      'write one of the two',
    ],
    [
      'of Redis beside a host',
      step('redis.get', '{ connection: cache, url: "redis://a", key: a }'),
      [],
      '`connection` names a connection, which has `url` already',
      '',
    ],
  ])('is refused: one %s', async (_, flow, words, message, help) => {
    const { exitCode, errors } = await call(flow, ['validate', ...words]);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    expect(errors).toContain(help);
    expect(errors).toMatch(/✗|^error\[/m);
    expect(errors.match(/^error\[/gm)).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['{ orders: "localhost:5432/orders" }', 'connection `orders`: expected an address, got a text without a scheme'],
    ['{ bus: [a] }', 'connection `bus`: expected an address, got a list'],
    ['{ bus: { sasl: { mechanism: plain } } }', 'connection `bus` needs `brokers`'],
    ['{ bus: { brokers: "a:1", broker: a } }', 'did you mean `brokers`?'],
    ['{ orders: "postgres://{{HOTS}}/orders" }', 'unknown name `HOTS`'],
    ['{ bus: { brokers: "http://a" } }', 'expected the address of a broker'],
    ['[orders]', '`connections`: expected a map'],
  ])('is told what is wrong with it: %s', async (connections, message) => {
    const project = `default_environment: local\nenvironments:\n  local: { connections: ${connections} }\n`;
    const flow = `${connections.includes('bus') ? SEND : QUERY}`;
    const { exitCode, errors } = await call(flow, ['validate'], project);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    expect(errors).toContain('testmesh.yaml:3:');
  });

  it('has to be in the environment that is chosen, or one has to be', async () => {
    const project = PROJECT.replace('default_environment: local', '');
    const { errors } = await call(QUERY, ['validate'], project);
    expect(errors).toContain('there is no connection `orders`: no environment is chosen');
    expect(errors).toContain('`local` and `staging` have one: `-e local` chooses it');
    const none = await call(SEND, ['validate'], 'workers: 1');
    expect(none.errors).toContain('write it into testmesh.yaml, below its environment: `connections: {bus: …}`');
    expect((await call(QUERY, ['validate'], 'workers: 1')).errors).toContain('got the name `orders`');
  });
});
