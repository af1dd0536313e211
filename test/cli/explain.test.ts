import { describe, expect, it } from 'vitest';
import { listActions } from '../../src/actions/registry.ts';
import { codeDocs } from '../../src/plan/code-docs/all-codes.ts';
import { repeats } from '../support/sample.ts';
import { callCommand } from './command.ts';

const inFullRun = it.runIf(repeats('further tests of explanations', 1, 0) > 0);

describe('testmesh explain', () => {
  it('lists every code', async () => {
    const { exitCode, output } = await callCommand(['explain']);
    expect(exitCode).toBe(0);
    expect(output.trimEnd().split('\n')).toHaveLength(codeDocs.length);
    expect(output).toContain('TM104  an unknown name\n');
  });

  it.each([
    ['set', 'config: { total: price * 2 }'],
    ['assert', 'config: { data: { total: 30 }, assertions: [total == 30] }'],
  ])('%s is shown with settings', async (word, shown) => {
    expect((await callCommand(['explain', word])).output).toContain(`  - action: ${word}\n    ${shown}\n`);
  });

  it.each(['TM115', 'tm115', '115'])('tells what %s means', async (word) => {
    const { exitCode, output } = await callCommand(['explain', word]);
    expect(exitCode).toBe(0);
    expect(output).toBe(`TM115  a named file cannot be read

A setting names a file, relative to the flow file, and there is none that can be read.

wrong
  name: Users
  steps:
    - action: database_query
      config: { connection: "postgres://localhost/shop", query: { file: orders.sql } }
      assert: [row_count == 1]

right
  name: Users
  steps:
    - action: database_query
      config: { connection: "postgres://localhost/shop", query: { file: orders.sql } }
      assert: [row_count == 1]

  # orders.sql
  SELECT id FROM orders LIMIT 1
`);
  });

  it('shows the command of an example', async () => {
    const { output } = await callCommand(['explain', 'TM116']);
    expect(output).toContain('wrong\n  # testmesh run flow.yaml --var MAX=five\n');
  });

  inFullRun('has no line that is too long to be read', async () => {
    for (const { code } of codeDocs) {
      const { output } = await callCommand(['explain', code]);
      expect(Math.max(...output.split('\n').map((line) => line.length)), code).toBeLessThanOrEqual(205);
    }
  });

  it.each([
    ['TM999', 'code'],
    ['TM140', 'code'],
    ['expression', 'code, action, function or key'],
  ])('says that there is no %s', async (word, what) => {
    const { exitCode, errors } = await callCommand(['explain', word]);
    expect(exitCode).toBe(2);
    expect(errors).toContain(`testmesh: there is no ${what} \`${word}\`\n`);
    expect(errors).toContain(
      '  = testmesh explain lists all codes, testmesh explain actions and testmesh explain functions the others, testmesh explain testmesh.yaml what a project has\n',
    );
  });

  it.each(['approx', 'approx()', 'approx(1, 2)'])('tells how %s is called', async (word) => {
    const { exitCode, output } = await callCommand(['explain', word]);
    expect(exitCode).toBe(0);
    expect(output).toBe(`approx(a, b, tolerance)

says whether two numbers differ by at most the tolerance

for example
  approx(59.98, 60, 0.05)
`);
  });

  it('tells where functions of the language are described', async () => {
    const { exitCode, output } = await callCommand(['explain', 'groupBy']);
    expect(exitCode).toBe(0);
    expect(output).toContain('https://expr-lang.org/docs/language-definition#groupby');
  });

  it.each(['kafka_producer', 'kafka_publish'])('shows what the action %s takes and gives', async (word) => {
    const { exitCode, output } = await callCommand(['explain', word]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /^kafka_producer\n\nSends messages to a Kafka topic\nalso written kafka_publish, kafka_produce\n/,
    );
    expect(output).toMatch(/\n {2}brokers\* +text or list\n/);
    expect(output).toMatch(/\n {2}value +any value, also written payload, also written message\n/);
    expect(output).toMatch(/\n {2}offset +\w+/);
    expect(output).toContain('  - action: kafka_producer\n    config: { brokers: …, topic: … }\n');
  });

  it('shows every action, the steps inside it too', async () => {
    const { output } = await callCommand(['explain', 'actions']);
    const names = [...output.matchAll(/^ {2}([\w.]+) /gm)].map(([, name]) => name ?? '');
    expect(names).toEqual(listActions().map(({ name }) => name));
    for (const name of names) {
      const { exitCode, output: one } = await callCommand(['explain', name]);
      expect([exitCode, one.split('\n')[0]]).toEqual([0, name]);
      expect(one, name).toContain(`  - action: ${name}\n`);
    }
    expect((await callCommand(['explain', 'poll'])).output).toMatch(
      /\n {2}step\* +step\n +the step .*\n {2}until\* +expression/,
    );
    expect((await callCommand(['explain', 'for_each'])).output).toMatch(/\n {2}steps\* +list of steps\n/);
    expect((await callCommand(['explain', 'db_poll'])).output).toBe(
      'db_poll means a `poll`: see testmesh explain poll\n',
    );
  });

  it.each([
    ['mock_server_start', 'testmesh explain routes shows what a route has\n'],
    [
      'mock_server_configure',
      '    config: { server: users, routes: [{ path: /users/:id, response: { status: 503 } }] }\n',
    ],
    ['mock_server_configure', 'testmesh explain routes shows what a route has\n'],
    ['fault_set', 'testmesh explain faults shows which faults there are\n'],
    ['unchanged', '    config: { tables: [shop.orders], steps: … }\n'],
    ['effects', '  effects: { tables: { shop.orders: +1, shop.products: changed }, topics: { order.placed: 1 } }\n'],
    ['effects', '  {added: 1, changed: any}  each by itself'],
    ['after', 'after is a setting of `then`: see testmesh explain then\n'],
    ['match', 'match is a setting of `routes`: see testmesh explain routes\n'],
  ])('shows of %s: %s', async (word, text) => {
    const { exitCode, output } = await callCommand(['explain', word]);
    expect(output).toContain(text);
    expect(exitCode).toBe(0);
  });

  it('suggests the nearest action', async () => {
    const { exitCode, errors } = await callCommand(['explain', 'http_requst']);
    expect(exitCode).toBe(2);
    expect(errors).toContain('  = did you mean `http_request`?\n');
  });

  it('suggests the nearest function', async () => {
    expect((await callCommand(['explain', 'aprox'])).errors).toContain('did you mean `approx`?');
  });

  it('lists the functions', async () => {
    const { exitCode, output } = await callCommand(['explain', 'functions']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^ {2}uuid\(\) +a new UUID on each call$/m);
    expect(output.replaceAll(/\s+/g, ' ')).toContain('abs, all, any, ');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(130);
  });

  it('suggests the nearest code', async () => {
    expect((await callCommand(['explain', 'TM1044'])).errors).toContain('did you mean `TM104`?');
  });
});
