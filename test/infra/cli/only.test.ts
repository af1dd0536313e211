import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { repeats } from '../../support/sample.ts';
import { startHttpServer, startTcpServer, type TestServer } from '../../support/servers/http-server.ts';
import { type CliEnd, giveVars, readEvents, readProjectFile, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of one step alone', 1, 0) > 0);

const timeout = 60_000;
const [JOURNEY = ''] = readProjectFile('examples/08-order-journey.yaml').split('\n  teardown:');

/** A way to a server that counts who takes it. */
async function startCountingWay(target: string): Promise<TestServer & { count(): number }> {
  const [host = '', port] = target.split(':');
  let count = 0;
  const way = await startTcpServer((socket: Socket) => {
    count++;
    const onward = connect(Number(port), host);
    for (const end of [socket, onward]) end.on('error', () => socket.destroy(onward.destroy().errored ?? undefined));
    socket.pipe(onward).pipe(socket);
  });
  return { ...way, count: () => count };
}

describeWithStack('--only after a whole run of the order journey', ({ vars, databaseUrl }) => {
  const workspace = useWorkspace();
  const output = 'journey';
  let orderId = '';
  let dead: Record<string, string>;
  const database = new pg.Client(databaseUrl);

  const run = (given: Record<string, string>, ...words: string[]): Promise<CliEnd> =>
    runCli(['run', 'journey.yaml', '--output-dir', output, ...giveVars(given), ...words], { cwd: workspace.path });
  const runWhole = async (): Promise<string> => {
    const ended = await run(vars, '--reporter', 'ndjson=whole.ndjson');
    expect(ended.code, ended.output).toBe(0);
    return readOrderId('whole.ndjson');
  };
  const readOrderId = (name: string): string => {
    const finished = readEvents(workspace.read(name)).find((event) => event.type === 'flow_finished');
    return String(finished?.output.captures['order_id']);
  };

  beforeAll(async () => {
    await database.connect();
    workspace.write('journey.yaml', JOURNEY);
    const port = await findFreePort();
    const address = `127.0.0.1:${port}`;
    dead = Object.fromEntries(Object.keys(vars).map((name) => [name, `http://${address}`]));
    dead = { ...dead, DB_URL: `postgresql://root:admin@${address}/postgres`, KAFKA_BROKERS: address };
    orderId = await runWhole();
  }, timeout);
  afterAll(() => database.end());

  test('one contact, and the verdict is that of the database now', { timeout }, async () => {
    const url = new URL(databaseUrl);
    const way = await startCountingWay(url.host);
    url.host = way.peer;
    const given = { ...dead, DB_URL: url.href };
    const stored = await run(given, '--only', 'order_stored');
    expect(stored.code, stored.output).toBe(0);
    expect(stored.stdout).toMatch(/✓ order_stored +database_query .* 1 row$/m);
    expect(stored.stdout).toContain('1 passed');
    expect(way.count()).toBe(1);
    await database.query("UPDATE order_service.orders SET status = 'lost' WHERE id = $1", [orderId]);
    const lost = await run(given, '--only', 'order_stored');
    await database.query("UPDATE order_service.orders SET status = 'pending' WHERE id = $1", [orderId]);
    expect(lost.code, lost.output).toBe(1);
    expect(lost.stdout).toContain('lost');
    expect(way.count()).toBe(2);
    await way.close();
  });

  inFullRun('a Kafka wait finds the event of that run, and no other', { timeout }, async () => {
    const given = { ...dead, KAFKA_BROKERS: vars.KAFKA_BROKERS };
    const words = ['--only', 'order_announced', '--reporter', 'ndjson=only.ndjson'];
    const first = await run(given, ...words);
    expect(first.code, first.output).toBe(0);
    expect(findMessages('only.ndjson')).toEqual([orderId]);
    const otherId = await runWhole();
    expect(otherId).not.toBe(orderId);
    expect((await run(given, ...words)).code).toBe(0);
    expect(findMessages('only.ndjson')).toEqual([otherId]);
    const wrong = await run(
      given,
      '--only',
      'order_announced',
      '--var',
      `order_id=${crypto.randomUUID()}`,
      '--step-timeout',
      '2s',
    );
    expect(wrong.code, wrong.output).toBe(1);
    expect(wrong.stdout).toMatch(/expected exactly 1 message on `order.placed` that matches, got none/);
    orderId = otherId;
  });

  test('--offline judges all of it as it is written now, and asks nobody', { timeout }, async () => {
    const edit = (from: RegExp, to: string): void => {
      expect(JOURNEY).toMatch(from);
      workspace.write('journey.yaml', JOURNEY.replace(from, to));
    };
    const before = JOURNEY.match(/^ {4}- id: /gm)?.length;
    orderId = await runWhole();
    const whole = await run({}, '--offline');
    expect(whole.code, whole.output).toBe(0);
    expect(whole.stdout).toContain(`${before} passed`);
    const others = await run(dead, '--offline', '--only', 'order_stored,order_announced');
    expect(others.code, others.output).toBe(4);
    expect(others.stdout).toMatch(/order_stored .*not judged: `connection` is not as in run /);
    edit(/order_id: ('|")\{\{order_id\}\}\1/, 'order_id: "other"');
    const unmatched = await run({}, '--offline', '--only', 'order_announced');
    expect(unmatched.code, unmatched.output).toBe(4);
    workspace.write('journey.yaml', JOURNEY);
  });

  const findMessages = (name: string): unknown[] => {
    const step = readEvents(workspace.read(name)).find((event) => event.type === 'step_finished');
    const { messages = [] } = (step?.output.result ?? {}) as { messages?: { value: { order_id: string } }[] };
    return messages.map(({ value }) => value.order_id);
  };

  inFullRun('a value given wins over the record', { timeout }, async () => {
    const ended = await run(
      { ...dead, DB_URL: vars.DB_URL },
      '--only',
      'order_stored',
      '--var',
      `order_id=${crypto.randomUUID()}`,
    );
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toContain('0 rows');
  });

  inFullRun('without a record it says what is missing, who makes it, and the ways out', { timeout }, async () => {
    const ended = await run(dead, '--only', 'order_announced', '--output-dir', 'fresh');
    expect(ended.code, ended.output).toBe(2);
    expect(ended.stdout).toBe('');
    for (const text of [
      '`order_announced` needs `order_id`',
      'there is no record of a run of this flow',
      'step `create_order` (line ',
      '--only create_order,order_announced',
      '--var order_id=…',
      'run the whole flow once: testmesh run journey.yaml',
      'nothing ran',
    ])
      expect(ended.stderr).toContain(text);
  });

  inFullRun('a file that changed since is told, and used', { timeout }, async () => {
    const changed = JOURNEY.replace('status: "pending"', 'status: "paid"');
    expect(changed).not.toBe(JOURNEY);
    const line = changed.slice(0, changed.indexOf('"paid"')).split('\n').length;
    const same = await run({ ...dead, DB_URL: vars.DB_URL }, '--only', 'order_stored');
    expect(same.stderr).toBe('');
    workspace.write('journey.yaml', changed);
    const ended = await run({ ...dead, DB_URL: vars.DB_URL }, '--only', 'order_stored');
    workspace.write('journey.yaml', JOURNEY);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stderr).toMatch(new RegExp(`^note: \`journey\\.yaml\` .*line ${line} is new or changed$`, 'm'));
  });
});

describe('what a record keeps', () => {
  const workspace = useWorkspace();
  let server: TestServer;
  beforeAll(async () => {
    server = await startHttpServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const asked = searchParams.get('big');
      const token = pathname === '/login' ? '"token":"tok-5ecret-1",' : '';
      response
        .setHeader('content-type', 'application/json')
        .end(`{"id":"u-1",${token}"big":9007199254740993,"price":0.1000000000000000000001,"asked":"${asked}"}`);
    });
  });
  afterAll(() => server.close());

  const FLOW = `
name: n
env: { URL: x, MARK: "m-{{UUID}}" }
steps:
  - id: login
    action: http_request
    config: { url: "{{URL}}/login" }
    output: { big: $.body.big, price: $.body.price, token: { path: $.body.token, secret: true } }
  - id: exact
    action: http_request
    config: { url: "{{URL}}/", query: { big: "{{big}}" } }
    assert: ['body.asked == "9007199254740993"', big == 9007199254740993, price == 0.1000000000000000000001, big + 1 == 9007199254740994]
  - { id: enter, action: http_request, config: { url: "{{URL}}/", headers: { X-Token: "{{token}}" } }, assert: [status == 200] }
  - { id: enter_by_result, action: http_request, config: { url: "{{URL}}/", headers: { X-Token: "{{login.body.token}}" } }, assert: [status == 200] }
  - { id: greet, action: log, config: { message: "hello {{login.body.id}} {{MARK}}" } }
`;
  const run = (...words: string[]) =>
    runCli(['run', 'login.yaml', ...giveVars({ URL: server.url }), ...words], { cwd: workspace.path });

  inFullRun('numbers digit for digit, generated values, and never a secret', { timeout }, async () => {
    workspace.write('login.yaml', FLOW);
    const whole = await run();
    expect(whole.code, whole.output).toBe(0);
    const mark = /hello u-1 (m-\S+)/.exec(whole.stdout)?.[1];
    expect(workspace.readAll('.testmesh')).not.toContain('tok-5ecret-1');
    expect(workspace.read('.testmesh/.gitignore')).toBe('*\n');

    const exact = await run('--only', 'exact');
    expect(exact.code, exact.output).toBe(0);
    const greet = await run('--only', 'greet');
    expect(greet.stdout).toContain(`hello u-1 ${mark}`);

    const enter = await run('--only', 'enter');
    expect(enter.code, enter.output).toBe(2);
    expect(enter.stderr).toContain(
      '`enter` needs `token`, but it is a secret, which no record keeps; step `login` (line 5) captures it',
    );
    expect(enter.stderr).toContain('--secret token=…');
    const given = await run('--only', 'enter', '--secret', 'token=tok-5ecret-1');
    expect(given.code, given.output).toBe(0);

    const byResult = await run('--only', 'enter_by_result');
    expect(byResult.code, byResult.output).toBe(2);
    expect(byResult.stderr).toContain('needs `login.body.token`, but it is a secret, which no record keeps');
    const both = await run('--only', 'login,enter_by_result');
    expect(both.code, both.output).toBe(0);
    expect(workspace.readAll('.testmesh')).not.toContain('tok-5ecret-1');
  });

  test('a record that cannot be written is told; the run goes on', { timeout }, async () => {
    workspace.write('login.yaml', FLOW);
    workspace.write('in-the-way', '');
    const ended = await run('--output-dir', 'in-the-way/records');
    expect(ended.code, ended.output).toBe(0);
    expect(ended.output).toMatch(/this run leaves no record in `.*in-the-way\/records`/);
    expect(ended.stdout).toContain('5 passed');
  });

  inFullRun('an unknown id is told with the nearest', { timeout }, async () => {
    workspace.write('login.yaml', FLOW);
    const ended = await run('--only', 'entr');
    expect(ended.code, ended.output).toBe(2);
    expect(ended.stderr).toContain('did you mean `enter`?');
  });
});
