import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { expectNoCrash, giveVars, type RunningCli, startCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const timeout = 30_000;
const patience = { timeout: 15_000, interval: 20 };
/** The running step has 2 s to end; what is added is for a loaded machine. */
const MOST_MS = 2_000 + 4_000;

const waits = {
  'an HTTP request': 'action: http_request, config: { url: "{{URL}}/never" }',
  'a Kafka wait':
    'action: kafka_consumer, config: { brokers: "{{KAFKA_BROKERS}}", topic: order.placed, timeout: 25s, match: { value: { order_id: none } } }',
  'a poll':
    'action: poll, config: { timeout: 25s, interval: 100ms, until: "status == 404", step: { action: http_request, config: { url: "{{URL}}/ok" } } }',
  'a delay': 'action: delay, config: { duration: 25s }',
  'a retry':
    'action: http_request, retry: { max_attempts: 9, delay: 25s }, config: { url: "{{URL}}/ok" }, assert: [status == 404]',
  'SQL that sleeps':
    'action: database_query, config: { connection: "{{DB_URL}}", query: "SELECT pg_sleep(25) /* interrupted here */" }',
};
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof signals;
const names = Object.keys(signals) as Signal[];
// Each wait begins with another signal, so that a sample with the first of each wait has all signals.
const cases = Object.entries(waits).flatMap(([what, step], index) =>
  names.map((_, turn) => ({ what, step, signal: names[(index + turn) % names.length] ?? 'SIGINT' })),
);
const inFullRun = test.runIf(repeats('further tests of signals', 1, 0) > 0).concurrent;
const chosen = sample('interrupted waits', cases, { count: 2 });

describeWithStack('a run that is interrupted', ({ vars, databaseUrl }) => {
  const workspace = useWorkspace();
  const database = new pg.Client(databaseUrl);
  const undone = new Set<string>();
  let server: TestServer;
  beforeAll(async () => {
    await database.connect();
    server = await startHttpServer((request, response) => {
      const path = request.url ?? '';
      if (path.startsWith('/undo/')) undone.add(path.slice('/undo/'.length));
      if (path !== '/never') response.end('done');
    });
  });
  afterAll(async () => {
    await server.close();
    await database.end();
  });

  /** Starts a flow that waits in its second step, and resolves when it does. */
  const startWaiting = async (
    step: string,
    teardown = 'url: "{{URL}}/undo/{{NAME}}"',
    ...words: string[]
  ): Promise<{ cli: RunningCli; name: string }> => {
    const name = workspace.nextName('wait');
    const flow = `
name: n
env: { URL: x, DB_URL: x, KAFKA_BROKERS: x, NAME: ${name} }
steps:
  - { id: before, action: log, config: { message: hi } }
  - { id: waits, ${step} }
  - { id: after, action: log, config: { message: "never reached" } }
teardown:
  - { id: undo, action: http_request, config: { ${teardown} }, assert: [status == 200] }
`;
    const file = workspace.write(`${name}.yaml`, flow);
    const given = giveVars({ ...vars, URL: server.url });
    const cli = startCli(['run', file, ...given, '--reporter', 'ndjson', '--reporter', `tree=${name}.txt`, ...words], {
      cwd: workspace.path,
    });
    await vi.waitFor(
      async () => expect(await cli.stdout()).toMatch(/"type":"step_(started|finished)".*"address":"waits/),
      patience,
    );
    return { cli, name };
  };
  const countSleeping = async (): Promise<number> => {
    const select =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%interrupted here%' AND pid <> pg_backend_pid()";
    return (await database.query(select)).rows[0].n;
  };

  test.concurrent.each(chosen)('$signal during $what: teardown runs', { timeout }, async ({ what, step, signal }) => {
    const { cli, name } = await startWaiting(step);
    const signalledAt = performance.now();
    cli.child.kill(signal);
    const ended = await cli.ended;
    expect(performance.now() - signalledAt).toBeLessThan(MOST_MS);
    expect(ended.code, ended.output).toBe(signals[signal]);
    expect(undone).toContain(name);
    const tree = workspace.read(`${name}.txt`);
    expect(tree).toMatch(/[!✗] waits +[\s\S]*✓ undo /);
    expect(tree.match(/interrupted by/g), tree).toHaveLength(1);
    expect(tree.trimEnd().split('\n').at(-1)).toBe(` interrupted by ${signal}`);
    expect(tree).not.toContain('log   never reached');
    expect(ended.stderr).toContain(`${signal}: stopping; teardown runs`);
    expectNoCrash(ended);
    if (what === 'SQL that sleeps') await vi.waitFor(async () => expect(await countSleeping()).toBe(0), patience);
  });

  test.concurrent('a request that changes something and was sent is told: its effect may come later', {
    timeout,
  }, async () => {
    const { cli, name } = await startWaiting(
      'action: http_request, config: { method: POST, url: "{{URL}}/never", body: { a: 1 } }',
    );
    cli.child.kill('SIGINT');
    expect((await cli.ended).code).toBe(130);
    const tree = workspace.read(`${name}.txt`);
    expect(tree).toContain('the POST was sent: its changes may come after teardown, which then does not undo them');
  });

  test.concurrent('a second Ctrl-C ends at once, in the middle of teardown', { timeout }, async () => {
    const { cli, name } = await startWaiting(waits['a delay'], 'url: "{{URL}}/never"');
    cli.child.kill('SIGINT');
    await vi.waitFor(
      async () => expect(await cli.stdout()).toMatch(/"type":"step_started".*"address":"teardown\/undo"/),
      patience,
    );
    const signalledAt = performance.now();
    cli.child.kill('SIGINT');
    const ended = await cli.ended;
    expect(performance.now() - signalledAt).toBeLessThan(5_000);
    expect(ended.code, ended.output).toBe(130);
    const tree = workspace.read(`${name}.txt`);
    expect(tree).toContain('teardown did not finish: `undo`');
    expect(tree.match(/\(the flow\)/g), tree).toHaveLength(1);
    expectNoCrash(ended);
  });

  inFullRun('a second Ctrl-C ends at once, before the step has', { timeout }, async () => {
    const { cli, name } = await startWaiting(waits['an HTTP request']);
    cli.child.kill('SIGINT');
    await vi.waitFor(async () => expect(await cli.stderr()).toContain('a second Ctrl-C ends at once'), patience);
    cli.child.kill('SIGINT');
    const signalledAt = performance.now();
    const ended = await cli.ended;
    expect(performance.now() - signalledAt).toBeLessThan(1_900);
    expect(ended.code, ended.output).toBe(130);
    expect(undone).not.toContain(name);
    const tree = workspace.read(`${name}.txt`);
    expect(tree).toContain('teardown did not run: `undo`');
    expect(tree.match(/\(the flow\)/g), tree).toHaveLength(1);
  });

  inFullRun('a teardown that hangs has its own time', { timeout }, async () => {
    const { cli } = await startWaiting(waits['a delay'], 'url: "{{URL}}/never"', '--teardown-timeout', '500ms');
    cli.child.kill('SIGTERM');
    const signalledAt = performance.now();
    const ended = await cli.ended;
    expect(performance.now() - signalledAt).toBeLessThan(MOST_MS + 500);
    expect(ended.code, ended.output).toBe(143);
    expect(ended.stdout).toContain('teardown took longer than its timeout');
  });
});
