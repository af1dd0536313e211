import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const request = 'action: http_request, config: { url: "http://localhost/" }';
const wait = 'action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: { value: { id: "1" } }';

/** The findings of a flow of these lines of steps, the first in line 4. */
function find(steps: readonly string[], head = ''): string[] {
  return findingsOf(planText(`name: x\n${head}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`));
}

describe('a step that judges nothing', () => {
  it.each([
    ['a request', `{ id: a, ${request} }`, true],
    ['a request with an empty list', `{ id: a, ${request}, assert: [] }`, true],
    ['a request with an assertion', `{ id: a, ${request}, assert: [status == 200] }`, false],
    ['a request with a wrong assertion', `{ id: a, ${request}, assert: ["status ="] }`, false],
    ['a request with a misspelt assertion', `{ id: a, ${request}, asserts: ["status == 200"] }`, false],
    [
      'a request with its assertion below `config`',
      '{ id: a, action: http_request, config: { url: "http://localhost/", assert: [status == 500] } }',
      false,
    ],
    ['a request with another misspelt key', `{ id: a, ${request}, retyr: { max_attempts: 1 } }`, true],
    ['a request that must fail', `{ id: a, ${request}, expect_error: true }`, false],
    [
      'a SELECT',
      '{ id: a, action: database_query, config: { connection: "postgres://h/d", query: "SELECT 1" } }',
      true,
    ],
    [
      'an INSERT',
      '{ id: a, action: database_query, config: { connection: "postgres://h/d", query: "INSERT INTO t VALUES (1)" } }',
      false,
    ],
    ['a wait', `{ id: a, ${wait} } }`, false],
    ['a poll', `{ id: a, action: poll, config: { step: { ${request} }, until: status == 200 } }`, false],
  ])('%s', (_title, step, isTold) => {
    expect(find([step]).some((finding) => finding.startsWith('TM204 4:'))).toBe(isTold);
  });

  it.each(['a.status == 200', 'steps["a"].status == 200'])('is judged by whoever reads its result: %s', (claim) => {
    const later = `{ id: b, action: assert, config: { assertions: ['${claim}'] } }`;
    expect(find([`{ id: a, ${request} }`, later]).filter((finding) => finding.startsWith('TM204'))).toEqual([]);
  });

  it.each([
    [request, 'status == 200'],
    ['action: database_query, config: { connection: "postgres://h/d", query: "SELECT 1" }', 'row_count == 1'],
    ['action: redis.get, config: { url: "redis://h", key: k }', 'exists'],
    ['action: redis.command, config: { url: "redis://h", command: LLEN, args: [k] }', 'value != nil'],
  ])('%s: is helped with an assertion that it can have', (step, example) => {
    const { diagnostics } = planText(`name: x\nsteps:\n  - { id: a, ${step} }\n`);
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ['TM204', [`add \`assert:\`, for example \`- ${example}\``]],
    ]);
    expect(find([`{ id: a, ${step}, assert: ["${example}"] }`])).toEqual([]);
  });

  it('is left alone in setup and teardown', () => {
    const text = `name: x\nsetup: [{ ${request} }]\nsteps: [{ action: log, config: { message: m } }]\nteardown: [{ ${request} }]\n`;
    expect(findingsOf(planText(text))).toEqual([]);
  });
});

describe('a fixed delay', () => {
  const delay = '{ id: d, action: delay, config: { duration: 5s } }';
  const redis = (command: string, rest = ''): string =>
    `action: redis.${command}, config: { url: "redis://h", key: k${rest} }`;
  const command = (words: string): string =>
    `action: redis.command, config: { url: "redis://h", command: ${words} }, assert: ["value != nil"]`;
  it.each([
    ['a request', `${request}, assert: [status == 200]`],
    [
      'a query',
      'action: database_query, config: { connection: "postgres://h/d", query: "SELECT 1" }, assert: [row_count == 1]',
    ],
    ['redis.get', `${redis('get')}, assert: [exists]`],
    ['redis.exists', `${redis('exists')}, assert: [exists]`],
    ['a command that looks', command('[HGET, k, f]')],
    ['a command that looks, in a line', command('LLEN k')],
  ])('before a look is told: %s', (_title, look) => {
    expect(find([delay, `{ id: a, ${look} }`])).toEqual([
      'TM209 4:11 `d` waits a fixed time before `a` looks: too short on a bad day, too long on every other',
    ]);
  });

  it.each([
    ['log', 'action: log, config: { message: m }, assert: ["message == \'m\'"]'],
    ['redis.set', `${redis('set', ', value: 1')}, assert: [ok]`],
    ['redis.del', `${redis('del')}, assert: [deleted == 1]`],
    ['a command that does something', command('[INCR, k]')],
    ...['POST', 'PUT', 'DELETE', '{{METHOD}}'].map((method): [string, string] => [
      method,
      `action: http_request, config: { method: "${method}", url: "http://localhost/" }, assert: [status == 201]`,
    ]),
    [
      'an INSERT',
      'action: database_query, config: { connection: "postgres://h/d", query: "INSERT INTO t VALUES (1)" }, assert: [rows_affected == 1]',
    ],
    ['a look of which nothing is asked', `${redis('get')}, output: { cart: value }`],
    ['a wait', `${wait} }, assert: [count == 1]`],
    ['a poll', `action: poll, config: { until: exists, step: { ${redis('exists')} } }`],
  ])('before something else is not: %s', (_title, step) => {
    expect(find([delay, `{ id: a, ${step} }`]).filter((finding) => finding.startsWith('TM209'))).toEqual([]);
  });
});

describe('two equal waits', () => {
  it('are told, and that each may name its step', () => {
    const plan = planText(`name: x\n\nsteps:\n  - { id: a, ${wait} } }\n  - { id: b, ${wait} } }\n`);
    expect(findingsOf(plan)).toEqual(['TM211 5:11 `b` waits for the same message as `a`: one message satisfies both']);
  });

  it.each([
    ['since another step', `{ id: b, ${wait}, since: "step:a" } }`],
    ['another key', `{ id: b, ${wait.replace('"1"', '"2"')} } }`],
  ])('%s', (_title, second) => {
    expect(find([`{ id: a, ${wait} } }`, second])).toEqual([]);
  });
});

describe('a literal secret', () => {
  it.each([
    ['API_TOKEN: "c0ffee"', true],
    ['PASSWORD: ""', false],
    ['PASSWORD: "{{env(\'P\')}}"', false],
    ['DB: "postgres://u:hunter2@db.example/d"', true],
    ['DB: "postgres://u:hunter2@localhost/d"', false],
    ['DB: "postgres://u@db.example/d"', false],
    ['URL: "http://example.org/a:b@c"', false],
  ])('%s', (variable, isTold) => {
    const findings = find(['{ action: log, config: { message: m } }'], `env: { ${variable} }`);
    expect(findings.map((finding) => finding.slice(0, 5))).toEqual(isTold ? ['TM203'] : []);
  });

  const http = (more: string) =>
    `{ action: http_request, config: { url: "http://localhost/", ${more} }, assert: [status == 200] }`;
  const send = (more: string) => `{ action: kafka_producer, config: { brokers: "b:1", topic: t, value: 1, ${more} } }`;
  it.each<[string, string | undefined]>([
    [http('auth: { basic: { username: bob, password: BasicLit1234 } }'), 'auth.basic.password'],
    [http('auth: { bearer: BearerLit1234 }'), 'auth.bearer'],
    [http('headers: { Authorization: "Bearer c0ffee-1234" }'), 'headers.Authorization'],
    [http('auth: { basic: { username: bob, password: "{{env(\'PW\')}}" } }'), undefined],
    [http('auth: { basic: { username: bob, password: short } }'), undefined],
    [http('method: POST, body: { password: Longer-than-8 }'), undefined],
    [send('sasl: { mechanism: plain, username: bob, password: SaslLit3ralPw }'), 'sasl.password'],
    ['{ action: redis.get, config: { host: h, key: k, password: RedisSetPw1234 }, assert: [exists] }', 'password'],
    ['{ action: redis.get, config: { url: "redis://:RedisSetPw1234@cache", key: k }, assert: [exists] }', 'url'],
    [
      '{ action: redis.get, config: { url: "redis://:RedisSetPw1234@localhost", key: k }, assert: [exists] }',
      undefined,
    ],
  ])('in the settings of a step: %s', (step, setting) => {
    const findings = find([step]).filter((finding) => finding.startsWith('TM203'));
    expect(findings).toEqual(
      setting === undefined ? [] : [expect.stringContaining(`\`${setting}\` holds a secret in the file`)],
    );
  });
});
