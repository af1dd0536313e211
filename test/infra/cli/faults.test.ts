import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { sample } from '../../support/sample.ts';
import { startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import { expectNoCrash, readEvents, runCli, shareVars, useWorkspace } from '../../support/stack/cli.ts';
import {
  CONSUMER_FLOW,
  DATABASE_FLOW,
  POLL_FLOW,
  PRODUCER_FLOW,
  SERVICES_FLOW,
} from '../../support/stack/faulty-flows.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

/** The timeout of the step that meets the fault, with what a loaded machine needs for the rest of the run. */
const MOST_MS = 3_000 + 5_000;

interface Case {
  readonly flow: string;
  /** The address that is led astray, and the step that meets it. */
  readonly name: string;
  readonly step: string;
  readonly scheme: string;
  readonly refused: string;
  readonly silent: string;
}

const http = { scheme: 'http://', refused: 'nothing listens at PEER (connection refused)' };
const noAnswer = 'PEER accepted the connection but did not answer within 3 s';
const cases: readonly Case[] = [
  { ...http, flow: SERVICES_FLOW, name: 'USER_SERVICE_URL', step: 'create_user', silent: noAnswer },
  { ...http, flow: SERVICES_FLOW, name: 'PRODUCT_SERVICE_URL', step: 'create_product', silent: noAnswer },
  { ...http, flow: SERVICES_FLOW, name: 'ORDER_SERVICE_URL', step: 'create_order', silent: noAnswer },
  { ...http, flow: SERVICES_FLOW, name: 'NOTIFICATION_SERVICE_URL', step: 'read_notifications', silent: noAnswer },
  {
    flow: DATABASE_FLOW,
    name: 'DB_URL',
    step: 'look',
    scheme: 'postgresql://root:admin@',
    refused: 'nothing listens at PEER (connection refused)',
    silent: noAnswer,
  },
  {
    flow: CONSUMER_FLOW,
    name: 'KAFKA_BROKERS',
    step: 'wait',
    scheme: '',
    refused: '`PEER` cannot be reached: connection refused (ECONNREFUSED)',
    silent: 'no answer from `PEER` within',
  },
  {
    flow: PRODUCER_FLOW,
    name: 'KAFKA_BROKERS',
    step: 'send',
    scheme: '',
    refused: '`PEER` cannot be reached: connection refused (ECONNREFUSED)',
    silent: 'no answer from `PEER` within',
  },
  {
    flow: POLL_FLOW,
    name: 'USER_SERVICE_URL',
    step: 'wait',
    scheme: 'http://',
    refused: 'the last: nothing listens at PEER (connection refused)',
    silent: 'no look was answered within 3 s',
  },
];

describeWithStack('a peer that fails', ({ vars }) => {
  const workspace = useWorkspace();
  let silent: TestServer;
  let deadPort: number;
  beforeAll(async () => {
    silent = await startTcpServer();
    deadPort = await findFreePort();
  });
  afterAll(() => silent.close());

  const check = async ({ flow, name, step, scheme }: Case, peer: string, message: string): Promise<void> => {
    const id = workspace.nextName('fault');
    const file = workspace.write(`${id}.yaml`, flow);
    const env = shareVars({ ...vars, [name]: `${scheme}${peer}` });
    const reporters = ['--reporter', 'tree', '--reporter', `ndjson=${id}.ndjson`];
    const ended = await runCli(['run', file, ...reporters], { cwd: workspace.path, env });
    expect(ended.code, ended.output).toBe(3);
    const last = readEvents(workspace.read(`${id}.ndjson`)).at(-1);
    expect(last?.type === 'run_finished' && last.durationMs).toBeLessThan(MOST_MS);
    expect(ended.stderr).toBe('');
    expectNoCrash(ended);
    const text = message.replace('PEER', peer);
    const reported = ended.stdout.split('\n').filter((line) => line.includes(text));
    expect(reported.length, ended.stdout).toBeGreaterThan(0);
    const lastLines = ended.stdout.slice(ended.stdout.indexOf(' ! errored in '));
    expect(lastLines).toMatch(new RegExp(`\\b${step}\\b`));
    expect(lastLines).toContain(peer);
    expect(ended.stdout).toContain('teardown was here');
    expect(ended.stdout).not.toMatch(/✗/);
    if (flow === SERVICES_FLOW) expect(ended.stdout).toMatch(/✓ answered +database_query/);
    if (flow === CONSUMER_FLOW) expect(ended.stdout).not.toMatch(/^ +log +(setup|the trigger) was here$/m);
  };

  test.concurrent.each(sample('services that refuse', cases, { count: 1 }))(
    'refuses: $name, met by $step',
    { timeout: 30_000 },
    async (one) => check(one, `127.0.0.1:${deadPort}`, one.refused),
  );

  test.concurrent.each(sample('services that are silent', cases, { count: 1 }))(
    'accepts and is silent: $name, met by $step',
    { timeout: 30_000 },
    async (one) => check(one, silent.peer, one.silent),
  );
});
