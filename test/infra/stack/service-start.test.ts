import { type ChildProcess, spawn } from 'node:child_process';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { openDatabase, prepareSchema } from '../../../demo-services/shared/database.ts';
import { outboxTable } from '../../../demo-services/shared/outbox.ts';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { repeats } from '../../support/sample.ts';
import { type Json, send } from '../../support/stack/json-client.ts';
import { demoBundle, describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of services that start', 1, 0) > 0);

const patience = { timeout: 15_000, interval: 50 };
const nowhere = { DATABASE_URL: 'postgresql://root:admin@127.0.0.1:1/postgres', KAFKA_BROKERS: '127.0.0.1:1' };

describeWithStack('a service by itself', ({ databaseUrl, kafkaBrokers }) => {
  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  const run = async (name: string, env: NodeJS.ProcessEnv) => {
    const port = await findFreePort();
    const child = spawn(process.execPath, [demoBundle(name)], {
      env: { ...process.env, ...nowhere, HOST: '127.0.0.1', PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    return { child, ended, url: `http://127.0.0.1:${port}`, output: () => output };
  };
  const readHealth = (url: string): Promise<Json> =>
    send('GET', `${url}/health`).then(
      ({ body }) => body,
      () => ({}),
    );

  inFullRun('says what it waits for, refuses its routes until then, and stops at SIGTERM', async () => {
    const service = await run('notification-service', {});
    await expect
      .poll(() => readHealth(service.url), patience)
      .toEqual({
        status: 'starting',
        service: 'notification-service',
        waiting_for: ['schema', 'topics', 'partitions of user.created', 'partitions of order.placed'],
      });
    const { status, body } = await send('GET', `${service.url}/api/v1/notifications/x`);
    expect(status).toBe(503);
    expect(body['error']).toMatch(/^notification-service is starting: it waits for schema, topics, partitions of /);
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  });

  test('waits for the broker when the database is there', async () => {
    const service = await run('user-service', { DATABASE_URL: databaseUrl, DB_SCHEMA: 'alone' });
    await expect.poll(() => readHealth(service.url), patience).toMatchObject({ waiting_for: ['topics'] });
  });

  inFullRun('is healthy with both, and stops at SIGINT', async () => {
    const env = { DATABASE_URL: databaseUrl, KAFKA_BROKERS: kafkaBrokers, DB_SCHEMA: 'alone' };
    const service = await run('user-service', env);
    await expect.poll(() => readHealth(service.url), patience).toMatchObject({ status: 'healthy' });
    service.child.kill('SIGINT');
    expect(await service.ended).toBe(0);
  });

  test('shouts and shows a planted defect', async () => {
    const service = await run('order-service', { DEFECT: 'order_event_missing' });
    await expect.poll(() => readHealth(service.url), patience).toMatchObject({ defect: 'order_event_missing' });
    expect(service.output()).toContain(
      'DEFECT order_event_missing IS PLANTED IN order-service: orders are stored, but order.placed is never published',
    );
  });

  inFullRun('refuses a defect that nobody knows', async () => {
    const service = await run('user-service', { DEFECT: 'nope' });
    expect(await service.ended).toBe(1);
    expect(service.output()).toContain('user-service cannot start: unknown defect `nope`');
  });

  test('makes its tables beside others that do the same', async () => {
    const schema = 'made_at_once';
    const log = pino({ level: 'silent' });
    const pools = Array.from({ length: 8 }, () => openDatabase(databaseUrl, schema, log));
    try {
      await Promise.all(pools.map((pool) => prepareSchema(pool, schema, outboxTable)));
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rowCount } = await client.query(`SELECT FROM ${schema}.outbox`).finally(() => client.end());
    expect(rowCount).toBe(0);
  });
});
