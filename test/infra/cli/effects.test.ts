import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/model/events.ts';
import { repeats } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { connectOtherClient, nameTopic, type OtherClient } from '../../support/servers/kafka.ts';
import { expectNoCrash, readEvents, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of effects of flows', 1, 0) > 0);

const timeout = 60_000;
const SECRET = 'correct-horse-battery';

describeWithStack('what flows may change', ({ databaseUrl, kafkaBrokers: brokers }) => {
  const workspace = useWorkspace();
  const client = new pg.Pool({ connectionString: databaseUrl });
  let other: OtherClient;
  let server: TestServer;
  let topic: string;

  // A service that does what it is told by the body of a request: SQL, and messages.
  beforeAll(async () => {
    await client.query('CREATE SCHEMA fx_cli; CREATE TABLE fx_cli.orders (id int PRIMARY KEY, owner text, token text)');
    await client.query('CREATE TABLE fx_cli.log (line text)');
    other = await connectOtherClient(brokers);
    server = await startHttpServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { sql = [], send = [] } = JSON.parse(body) as { sql?: string[]; send?: string[] };
      for (const statement of sql) await client.query(statement);
      if (send.length > 0)
        await other.send(
          topic,
          send.map((value) => ({ key: 'k1', value })),
        );
      response.end('done');
    });
  });
  afterAll(async () => {
    await client.query('DROP SCHEMA fx_cli CASCADE');
    await Promise.all([client.end(), other.close(), server.close()]);
  });
  beforeEach(async () => {
    topic = nameTopic('fx-cli');
    await other.createTopic(topic, 1);
    await client.query(
      `DELETE FROM fx_cli.orders; DELETE FROM fx_cli.log; INSERT INTO fx_cli.orders VALUES (1, 'ada', 'old')`,
    );
  });

  const run = async (flows: Readonly<Record<string, string>>, ...words: string[]) => {
    const folder = workspace.nextName('fx');
    for (const [name, text] of Object.entries(flows)) workspace.write(`${folder}/${name}`, text);
    const files = Object.keys(flows).filter((name) => name !== 'testmesh.yaml');
    const given = ['--var', `DB=${databaseUrl}`, '--var', `K=${brokers}`, '--secret', `TOKEN=${SECRET}`];
    const reporters = ['--reporter', 'tree', '--reporter', 'junit=junit.xml', '--reporter', 'ndjson=events.ndjson'];
    const cwd = `${workspace.path}/${folder}`;
    const ended = await runCli(['run', ...files, ...given, ...reporters, ...words], { cwd });
    expectNoCrash(ended);
    const read = (name: string) => workspace.read(`${folder}/${name}`);
    return {
      ...ended,
      junit: read('junit.xml'),
      ndjson: read('events.ndjson'),
      events: readEvents(read('events.ndjson')),
    };
  };
  const flow = (more: string, body: string, ofStep = ''): string => `
name: "it does"
secrets: [TOKEN]
${more}
steps:
  - id: told
    action: http_request
    config: { method: POST, url: "${server.url}", body: ${body} }
    ${ofStep}
  - { id: known, action: log, config: { message: "{{TOKEN}}" } }
`;
  const settings = (what: string): string =>
    `{ ${what}, others: any, settle: 50ms, connection: "{{DB}}", brokers: "{{K}}" }`;
  const watching = (events: readonly RunEvent[], address = 'steps/effects') =>
    events.find((event) => event.type === 'step_finished' && event.step.address === address);

  test('is in every report, with what was and is, at its line, and without secrets', { timeout }, async () => {
    const body = `{ sql: ["INSERT INTO fx_cli.orders VALUES (2, 'bob', '${SECRET}')", "UPDATE fx_cli.orders SET owner = 'eve', token = '${SECRET}'  WHERE id = 1"], send: ["{\\"token\\": \\"${SECRET}\\"}"] }`;
    const effects = `effects: ${settings(`tables: { "fx_cli.*": none }, topics: { ${topic}: none }`)}`;
    const { code, stdout, junit, ndjson, events } = await run({ 'flow.yaml': flow(effects, body) });
    expect(code).toBe(1);
    const shown = [
      '`fx_cli.orders`: expected no change, got 1 row added, 1 row changed',
      '+ {"id": 2, "owner": "bob", "token": "***"}',
      '~ {"id": 1}: owner "ada" → "eve", token "old" → "***"',
      `\`${topic}\`: expected no message, got 1 message`,
      '+ [0] offset 0, key "k1", {"token": "***"}',
    ];
    for (const text of shown) expect(stdout).toContain(text);
    const xml = junit.replaceAll('&quot;', '"').replaceAll('&gt;', '>');
    for (const text of shown) expect(xml).toContain(text);
    expect(watching(events)).toMatchObject({
      outcome: 'failed',
      step: { id: 'effects', role: 'watch', phase: 'steps' },
      problems: [{ location: { file: 'flow.yaml', line: 4 } }, { location: { file: 'flow.yaml', line: 4 } }],
      output: {
        result: {
          count: 3,
          changes: [
            { table: 'fx_cli.orders', what: 'added', row: { id: 2, owner: 'bob', token: '***' } },
            {
              table: 'fx_cli.orders',
              what: 'changed',
              key: { id: 1 },
              before: { owner: 'ada' },
              after: { owner: 'eve' },
            },
            { topic, what: 'added', message: { key: 'k1', value: { token: '***' } } },
          ],
        },
      },
    });
    for (const report of [stdout, junit, ndjson]) expect(report).not.toContain(SECRET);
    expect(stdout).toContain('steps/effects   flow.yaml:4   `fx_cli.orders`: expected no change');
    expect(stdout).toMatch(/again: testmesh run flow\.yaml --var .* --secret "TOKEN=\$TOKEN"$/m);
  });

  inFullRun('is judged at a step too, which then fails', { timeout }, async () => {
    const ofStep = `effects: ${settings('tables: { fx_cli.orders: none }')}`;
    const { code, stdout, events } = await run({
      'flow.yaml': flow('', `{ sql: ["DELETE FROM fx_cli.orders"] }`, ofStep),
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ told .*\n(?:.*\n)?.*✗ effects /);
    expect(watching(events, 'told/effects')).toMatchObject({ outcome: 'failed', step: { parent: 'told' } });
    const bad = events.flatMap((event) =>
      event.type === 'step_finished' && event.outcome === 'failed' ? [event.step.address] : [],
    );
    expect(bad).toEqual(['told/effects', 'told']);
  });

  inFullRun('is listed with -vv for a flow that does not say it, and judged nowhere', { timeout }, async () => {
    const db =
      '  - { id: look, action: database_query, config: { connection: "{{DB}}", query: "SELECT 1 AS n" }, assert: ["row_count == 1"] }';
    const text = `${flow('', `{ sql: ["INSERT INTO fx_cli.log VALUES ('x')"] }`)}${db}\n`;
    const { code, stdout } = await run({ 'flow.yaml': text }, '-vv');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/✓ effects .*\n +changes\n(?:.*\n)*? +fx_cli\.log\n +\+ {"line": "x"}/);
    const quiet = await run({ 'flow.yaml': text }, '-v');
    expect(quiet.stdout).not.toContain('effects');
  });

  inFullRun('is not looked at where only some steps run', { timeout }, async () => {
    const effects = `effects: ${settings('tables: { "fx_cli.*": none }')}`;
    const text = flow(effects, `{ sql: ["INSERT INTO fx_cli.log VALUES ('x')"] }`);
    expect((await run({ 'flow.yaml': text })).code).toBe(1);
    expect((await run({ 'flow.yaml': text }, '--only', 'told')).code).toBe(0);
  });

  inFullRun('comes from testmesh.yaml, and the report points there', { timeout }, async () => {
    const project = `effects:\n  tables:\n    fx_cli.orders: +1\n  others: any\n  settle: 20ms\n  connection: "{{DB}}"\n`;
    const { code, stdout } = await run({ 'testmesh.yaml': project, 'flow.yaml': flow('', '{ sql: [] }') });
    expect(code).toBe(1);
    expect(stdout).toContain('`fx_cli.orders`: expected 1 row added, got no change');
    expect(stdout).toContain('testmesh.yaml:3:20');
  });

  inFullRun('of several flows at once is told apart by `where`; without it they run alone', { timeout }, async () => {
    const make = (where: string) =>
      Object.fromEntries(
        [11, 12, 13, 14].map((id) => {
          const own = `tables: { fx_cli.orders: +1 }, topics: { ${topic}: 1 }${where.replaceAll('ID', String(id))}`;
          const body = `{ sql: ["INSERT INTO fx_cli.orders VALUES (${id}, 'own', '')"], send: ["{\\"id\\": ${id}}"] }`;
          return [`flow-${id}.yaml`, flow(`effects: ${settings(own)}`, body).replace('it does', `it does ${id}`)];
        }),
      );
    const told = await run(make(', where: record.id == ID'), '-j', '4');
    expect(told.code, told.output).toBe(0);
    expect(told.output).not.toContain('alone');
    await client.query('DELETE FROM fx_cli.orders');
    const alone = await run(make(''), '-j', '4');
    expect(alone.code, alone.output).toBe(0);
    expect(alone.output).toContain('4 flows each run alone');
    await client.query('DELETE FROM fx_cli.orders');
    const untold = await run(make(', where: { fx_cli.orders: record.id == ID }'), '-j', '4');
    expect(untold.code).toBe(3);
    expect(untold.output).toContain('it cannot be told whether');
  });

  inFullRun('says in one clear message that a table, a broker or a database is not there', { timeout }, async () => {
    const fail = async (what: string) => {
      const { code, output } = await run({ 'flow.yaml': flow(`effects: { ${what}, others: any }`, '{ sql: [] }') });
      expect(code).toBe(3);
      expect(output).toMatch(/told +not reached/);
      return output;
    };
    const table = await fail('tables: { fx_cli.ordres: 1 }, connection: "{{DB}}"');
    expect(table).toContain('the table `fx_cli.ordres` does not exist');
    expect(table).toContain('= there is `fx_cli.orders`');
    expect(await fail('tables: { a.b: 1 }, connection: "postgres://127.0.0.1:1/x"')).toContain(
      'nothing listens at 127.0.0.1:1',
    );
    expect(await fail('topics: { t: 1 }, brokers: "127.0.0.1:1", timeout: 2s')).toContain('127.0.0.1:1');
  });
});
