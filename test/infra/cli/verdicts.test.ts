import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { nameTopic } from '../../support/servers/kafka.ts';
import { expectNoCrash, giveVars, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of verdicts', 1, 0) > 0);

const timeout = 30_000;

/** What must never end green: a step in short, the code, and what the output has to say. */
interface Case {
  readonly name: string;
  readonly flow: string;
  readonly code: number;
  readonly says: readonly (string | RegExp)[];
}

const steps = (text: string): string => `name: n\nenv: { URL: "http://localhost" }\nsteps:\n${text}`;
const get = '{ id: get, action: http_request, config: { url: "{{URL}}/item" }';

const cases: readonly Case[] = [
  {
    name: 'an assertion under a misspelt key',
    flow: steps('  - { id: get, action: log, config: { message: hi }, asserts: ["1 == 2"] }\n'),
    code: 2,
    says: ['asserts', 'assert', 'nothing ran'],
  },
  {
    name: 'a capture whose path finds nothing',
    flow: steps(
      `  - ${get}, output: { order_id: $.body.order.id } }\n  - { action: log, config: { message: "{{order_id}}" } }\n`,
    ),
    code: 1,
    says: ['order_id', '$.body.order', 'not reached'],
  },
  {
    name: 'a capture from an empty list',
    flow: steps(
      `  - ${get}, output: { first: "body.items[0].id" } }\n  - { action: log, config: { message: "{{first}}" } }\n`,
    ),
    code: 1,
    says: ['first', 'body.items[0]'],
  },
  {
    name: 'a placeholder that nobody makes',
    flow: steps('  - { id: get, action: log, config: { message: "{{order_idd}}" } }\n'),
    code: 2,
    says: ['unknown name `order_idd`', 'nothing ran'],
  },
  {
    name: 'an env_file that is not there',
    flow: `name: n\nenv_file: .env.missing\nsteps:\n  - { action: log, config: { message: hi } }\n`,
    code: 2,
    says: ['.env.missing', 'nothing ran'],
  },
  {
    name: 'a teardown that fails',
    flow: `${steps(`  - ${get}, assert: [status == 200] }\n`)}teardown:\n  - { id: undo, action: assert, config: { assertions: ["1 == 2"] } }\n  - { id: later, action: log, config: { message: "still ran" } }\n`,
    code: 3,
    says: ['undo', 'still ran', /✓ get/, /✗ undo/],
  },
  {
    name: 'a failure whose teardown fails too',
    flow: `${steps(`  - ${get}, assert: [status == 404] }\n`)}teardown:\n  - { id: undo, action: assert, config: { assertions: ["1 == 2"] } }\n`,
    code: 1,
    says: ['status == 404', 'undo'],
  },
  {
    name: 'a `when` that cannot be evaluated',
    flow: steps(
      `  - ${get} }\n  - { id: maybe, when: "get.body.items[0].id == 1", action: log, config: { message: "ran by accident" } }\n`,
    ),
    code: 3,
    says: [/! maybe/, 'get.body.items[0]'],
  },
  {
    name: 'a failure under on_error: continue',
    flow: steps(
      `  - ${get}, on_error: continue, assert: [status == 404] }\n  - { id: after, action: log, config: { message: "went on" } }\n`,
    ),
    code: 1,
    says: ['went on', /✗ get/, 'status == 404'],
  },
  {
    name: 'an error under on_error: continue',
    flow: steps(
      '  - { id: get, on_error: continue, action: http_request, config: { url: "http://127.0.0.1:9/" } }\n  - { id: after, action: log, config: { message: "went on" } }\n',
    ),
    code: 3,
    says: ['went on', /! get/],
  },
  {
    name: 'an assertion that is no yes or no',
    flow: steps(`  - ${get}, assert: [status] }\n`),
    code: 1,
    says: ['status', '200'],
  },
  {
    name: 'one equals sign',
    flow: steps(`  - ${get}, assert: ["status = 200"] }\n`),
    code: 2,
    says: ['=='],
  },
  {
    name: 'a number that is compared with text',
    flow: steps(`  - ${get}, assert: ['status == "200"'] }\n`),
    code: 1,
    says: [/status +int 200/],
  },
  {
    name: 'one false assertion among true ones',
    flow: steps(`  - ${get}, assert: [status == 200, body.total == 59.99, "body.id == '7'"] }\n`),
    code: 1,
    says: ['1 of 3 assertions is false', /body\.total +float 59\.98/],
  },
  {
    name: 'an error that was expected and did not come',
    flow: steps(`  - ${get}, expect_error: true }\n`),
    code: 1,
    says: ['expected an error'],
  },
  {
    name: 'a wait whose condition never holds',
    flow: steps(
      '  - { id: wait, action: poll, config: { timeout: 500ms, interval: 100ms, until: "body.total == 1", step: { action: http_request, config: { url: "{{URL}}/item" } } } }\n',
    ),
    code: 1,
    says: ['body.total == 1', '59.98'],
  },
  {
    name: 'a retry that never passes',
    flow: steps(`  - ${get}, retry: { max_attempts: 2, delay: 10ms }, assert: [status == 404] }\n`),
    code: 1,
    says: ['status == 404', /attempt/],
  },
];

describe('what must not end green', () => {
  const workspace = useWorkspace();
  let server: TestServer;
  beforeAll(async () => {
    server = await startHttpServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"id":"7","total":59.98,"items":[]}');
    });
  });
  afterAll(() => server.close());

  test.concurrent.each(sample('what must not end green', cases, { count: 1 }))(
    '$name ends with $code',
    { timeout },
    async ({ flow, code, says }) => {
      const file = workspace.write(`${workspace.nextName('flow')}.yaml`, flow);
      const ended = await runCli(['run', file, ...giveVars({ URL: server.url })], { cwd: workspace.path });
      expect(ended.code, ended.output).toBe(code);
      for (const text of says) {
        if (typeof text === 'string') expect(ended.output).toContain(text);
        else expect(ended.output).toMatch(text);
      }
      expect(ended.output).not.toMatch(/✓ passed in|log +ran by accident/);
      expectNoCrash(ended);
    },
  );
});

describeWithStack('a verdict on Kafka and SQL', ({ vars }) => {
  const workspace = useWorkspace();
  const run = (flow: string, ...words: string[]) => {
    const file = workspace.write(`${workspace.nextName('flow')}.yaml`, flow);
    return runCli(['run', file, ...giveVars(vars), ...words], { cwd: workspace.path });
  };

  test('a wait without a message fails, though the topic holds older ones that match', { timeout }, async () => {
    const write = await run(`
name: n
env: { KAFKA_BROKERS: x }
steps:
  - { action: kafka_producer, config: { brokers: "{{KAFKA_BROKERS}}", topic: verdicts, value: { event_type: user.created } } }
`);
    expect(write.code, write.output).toBe(0);
    const ended = await run(`
name: n
env: { KAFKA_BROKERS: x }
steps:
  - { id: any, action: kafka_consumer, on_error: continue, config: { brokers: "{{KAFKA_BROKERS}}", topic: verdicts, timeout: 1s } }
  - id: ours
    action: kafka_consumer
    on_error: continue
    config: { brokers: "{{KAFKA_BROKERS}}", topic: verdicts, timeout: 1s, match: { value: { event_type: user.created } } }
    assert: [len(messages) >= 0]
  - { id: whole, action: kafka_consumer, config: { brokers: "{{KAFKA_BROKERS}}", topic: verdicts, since: earliest, timeout: 5s } }
`);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toMatch(/✗ any[\s\S]*✗ ours[\s\S]*✓ whole/);
    expect(ended.stdout).toContain('expected 1 message');
    expect(ended.stdout).toMatch(/older|before this run/);
  });

  test.each(
    sample('readers of a count', ['assert: [count == 1]', 'assert: [len(messages) < 3]', 'output: { n: count }'], {
      count: 1,
    }),
  )('three messages where one is asserted fail: %s', { timeout }, async (judged) => {
    const topic = nameTopic('thrice');
    const send = `{ action: kafka_producer, config: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, key: "{{KEY}}", value: { n: 1 } } }`;
    const ended = await run(`
name: thrice
env: { KAFKA_BROKERS: x, KEY: "{{UUID}}" }
steps:
  - ${send}
  - ${send}
  - ${send}
  - id: heard
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, timeout: 5s, match: { key: "{{KEY}}", value: { n: 1 } } }
    ${judged}
  - { action: assert, when: 'get($env, "n") != nil', config: { assertions: ['get($env, "n") == 1'] } }
`);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.output).toMatch(/3 matched of 3 seen/);
    expect(ended.output).toMatch(/\[TM217\]/);
  });

  test('a wait that the broker does not answer is never called a missing message', { timeout }, async () => {
    const flow = `
name: n
env: { BROKERS: "127.0.0.1:9" }
steps:
  - { id: wait, action: kafka_consumer, config: { brokers: "{{BROKERS}}", topic: t, timeout: 1s } }
`;
    const ended = await run(flow);
    expect(ended.code, ended.output).toBe(3);
    expect(ended.output).not.toMatch(/expected 1 message|no message/);
  });

  inFullRun('text from SQL stays text on its way through captures', { timeout }, async () => {
    const flow = `
name: n
env: { DB_URL: x }
steps:
  - id: read
    action: database_query
    config: { connection: "{{DB_URL}}", query: "SELECT '02134' AS zip, 9007199254740993::int8 AS big, 59.9800::numeric AS total" }
    assert: ['first_row.zip == "02134"', first_row.big == 9007199254740993, first_row.total == 59.98]
    output: { zip: "$.rows[0].zip", big: "$.rows[0].big" }
  - id: write
    action: database_query
    config:
      connection: "{{DB_URL}}"
      query: "SELECT $1::text AS zip, $2::int8 AS big, $3::jsonb AS all"
      params: ["{{zip}}", "{{big}}", { zip: "{{zip}}", big: "{{big}}" }]
    assert: ['first_row == {zip: "02134", big: 9007199254740993, all: {zip: "02134", big: 9007199254740993}}']
  - { id: wrong, action: assert, config: { data: { zip: "{{zip}}" }, assertions: [zip == 2134] } }
`;
    const ended = await run(flow);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toMatch(/✓ read[\s\S]*✓ write[\s\S]*✗ wrong/);
    expect(ended.stdout).toMatch(/zip +string "02134"/);
  });

  test('a column that no row has, a list without items and a key that no message has do not pass without a word', {
    timeout,
  }, async () => {
    const topic = nameTopic('misspelt');
    const ended = await run(`
name: n
env: { DB_URL: x, KAFKA_BROKERS: x, ID: "{{UUID}}" }
steps:
  - id: columns
    on_error: continue
    action: database_query
    config: { connection: "{{DB_URL}}", query: "SELECT 1 AS id, 'x' AS deleted_at" }
    assert: [first_row.deletd_at == nil, "rows[0].idd != 7", "none(rows, .deletd_at != nil)", first_row.id == 1]
  - id: empty
    action: database_query
    config: { connection: "{{DB_URL}}", query: "SELECT 1 AS one WHERE 1 IN (:ids)", params: { ids: [] } }
    assert: [row_count == 0]
  - { action: kafka_producer, config: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, value: { user_id: "{{ID}}" } } }
  - id: silence
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: ${topic}, timeout: 2s, count: 0, match: { value: { user_idd: "{{ID}}" } } }
`);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toContain('3 of 4 assertions are false');
    expect(ended.stdout).toContain('did you mean `deleted_at`? each row has `id` and `deleted_at`');
    expect(ended.stdout).toMatch(/✓ empty[\s\S]*`:ids` is an empty list: `IN \(:ids\)` is true of no row/);
    expect(ended.stdout).toMatch(/✓ silence[\s\S]*no message that was seen has `value\.user_idd`/);
  });

  inFullRun('a parameter that is called a password stands in no report', { timeout }, async () => {
    const ended = await run(`
name: n
env: { DB_URL: x }
steps:
  - id: read
    action: database_query
    config:
      connection: "{{DB_URL}}"
      query: "SELECT :password::text AS pw"
      params: { password: "{{'Ppw' + '-5512-zz'}}" }
    assert: ['first_row.pw == "x"']
`);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toContain('$1 = "***"');
    expect(ended.output).not.toContain('Ppw-5512-zz');
  });
});
