import { beforeAll, expect, test, vi } from 'vitest';
import type { DefectName } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import {
  type CliEnd,
  expectNoCrash,
  projectPath,
  runCli,
  shareVars,
  startCli,
  useWorkspace,
} from '../../support/stack/cli.ts';
import { CONSUMER_FLOW, DATABASE_FLOW, PRODUCER_FLOW, SERVICES_FLOW } from '../../support/stack/faulty-flows.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 120_000;
const patience = { timeout: 20_000, interval: 20 };
const GUIDE = projectPath('examples/07-order-journey-as-the-guide-tells-it.yaml');
const JOURNEY = projectPath('examples/08-order-journey.yaml');

interface Defect {
  readonly defect: DefectName;
  /** The step that claims what is broken, in the guide's flow and in the journey, and what is reported. */
  readonly guide: readonly [step: string, ...says: RegExp[]];
  readonly journey: readonly [step: string, ...says: RegExp[]];
}

const defects: readonly Defect[] = [
  {
    defect: 'order_total_wrong',
    guide: ['create_order', /`body\.total == 59\.98` is false/, /body\.total +float 59\.99/],
    journey: ['create_order', /`body\.total == 59\.98` is false/, /body\.total +float 59\.99/],
  },
  {
    defect: 'order_event_missing',
    guide: ['verify_order_event', /expected 1 message on `order\.placed`/],
    journey: ['order_announced', /expected exactly 1 message on `order\.placed` that matches, got none/],
  },
  {
    defect: 'notification_missing',
    guide: ['check_notifications', /`body\.count >= 2` is false/, /body\.count +int 1/],
    journey: ['user_notified', /not within 15 s .*`body\.count == 2` is false/, /body\.count +int 1/],
  },
];

describeWithStack('a stack that is broken', () => {
  const workspace = useWorkspace();
  let stack: Stack;
  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);

  const run = (file: string): Promise<CliEnd> =>
    runCli(['run', file], { cwd: workspace.path, env: shareVars(stack.vars) });
  const runText = (text: string): Promise<CliEnd> => run(workspace.write(`${workspace.nextName('flow')}.yaml`, text));

  test('healthy, both order flows pass, and leave rows and events that look alike', { timeout }, async () => {
    for (const file of [GUIDE, JOURNEY]) {
      const ended = await run(file);
      expect(ended.code, ended.output).toBe(0);
    }
  });

  test.each(defects)('$defect: the flows fail where it is claimed', { timeout }, async ({ defect, guide, journey }) => {
    await plant(stack, defect);
    const ends = await Promise.all([run(GUIDE), run(JOURNEY)]);
    for (const [index, [step, ...says]] of [guide, journey].entries()) {
      const ended = ends[index] as CliEnd;
      expect(ended.code, ended.output).toBe(1);
      expect(ended.stdout.match(/^ {3}[✗!] \S+/gm)).toEqual([`   ✗ ${step}`]);
      for (const text of says) expect(ended.stdout).toMatch(text);
      expect(ended.stdout).toMatch(new RegExp(`again: testmesh run .* --only ${step}$`, 'm'));
      expectNoCrash(ended);
    }
    expect(ends[1].stdout).toMatch(/✓ remove_user +database_query .*1 row affected/);
  });

  test('a journey of the mended services passes again', { timeout }, async () => {
    await plant(stack, undefined);
    const ended = await run(JOURNEY);
    expect(ended.code, ended.output).toBe(0);
  });

  // From here on, one after the other is stopped and stays so: each step is met by the first that is away.
  test.each([
    { name: 'notification-service', step: 'read_notifications', url: 'notification' },
    { name: 'order-service', step: 'create_order', url: 'order' },
    { name: 'product-service', step: 'create_product', url: 'product' },
    { name: 'user-service', step: 'create_user', url: 'user' },
  ] as const)('without $name', { timeout }, async ({ name, step, url }) => {
    await stack.stopService(name);
    const ended = await runText(SERVICES_FLOW);
    expectErrored(ended, step, new URL(stack.urls[url]).host);
    expect(ended.stdout).toMatch(/✓ answered +database_query/);
  });

  test('a broker that goes away during a wait is not a missing message', { timeout }, async () => {
    const file = workspace.write('long-wait.yaml', CONSUMER_FLOW.replace('timeout: 3s', 'timeout: 8s'));
    const cli = startCli(['run', file, '--reporter', 'ndjson', '--reporter', 'tree=tree.txt'], {
      cwd: workspace.path,
      env: shareVars(stack.vars),
    });
    await vi.waitFor(() => expect(cli.stdout()).toMatch(/"type":"step_started".*"address":"wait"/), patience);
    await stack.stopBroker();
    const ended = await cli.ended;
    expectErrored({ ...ended, stdout: workspace.read('tree.txt') }, 'wait', stack.kafkaBrokers);
  });

  test.each([
    { what: 'wait', step: 'wait', flow: CONSUMER_FLOW },
    { what: 'message to send', step: 'send', flow: PRODUCER_FLOW },
  ])('without the broker, a $what', { timeout }, async ({ step, flow }) => {
    expectErrored(await runText(flow), step, stack.kafkaBrokers);
  });

  test('a database that goes away during a query', { timeout }, async () => {
    const text = DATABASE_FLOW.replace('SELECT 1 AS one', 'SELECT pg_sleep(20)').replace('timeout: 3s', 'timeout: 15s');
    const file = workspace.write('long-query.yaml', text);
    const cli = startCli(['run', file, '--reporter', 'ndjson', '--reporter', 'tree=tree.txt'], {
      cwd: workspace.path,
      env: shareVars(stack.vars),
    });
    await vi.waitFor(() => expect(cli.stdout()).toMatch(/"type":"step_started".*"address":"look"/), patience);
    await stack.stopPostgres();
    const ended = await cli.ended;
    expectErrored({ ...ended, stdout: workspace.read('tree.txt') }, 'look', new URL(stack.databaseUrl).host);
  });

  test('without the database', { timeout }, async () => {
    expectErrored(await runText(DATABASE_FLOW), 'look', new URL(stack.databaseUrl).host);
  });

  /** Exit code 3, the step and the peer named, teardown done, and nothing called failed. */
  const expectErrored = (ended: Omit<CliEnd, 'output'>, step: string, peer: string): void => {
    expect(ended.code, ended.stdout).toBe(3);
    const summary = ended.stdout.slice(ended.stdout.indexOf('\n ! errored in '));
    expect(summary).toMatch(new RegExp(`\\b${step}\\b`));
    expect(ended.stdout).toContain(peer);
    expect(ended.stdout).toContain('teardown was here');
    expect(ended.stdout).not.toMatch(/✗/);
    expect(ended.stderr).toBe('');
    expectNoCrash({ output: ended.stdout });
  };
});
