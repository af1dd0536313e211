import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startHttpServer } from '../../support/servers/http-server.ts';
import { callCommand } from '../command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-defaults-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const PROJECT = `
default_environment: local
environments: { local: { connections: { orders: "postgres://app@db.example/orders", bus: { brokers: "bus.example:9093", tls: true } } } }
defaults:
  http: { timeout: 10s, headers: { X-Tenant: "{{TENANT}}", Accept: application/json }, tls: { ca: ca.pem } }
  kafka: { connection: bus, settle: 1s }
  database: { connection: orders, max_rows: 5 }
  redis: { url: "redis://cache.example/1", password: open-sesame }
`;

/** What a step comes to, a setting a line. */
async function plan(action: string, config: string, more = '', project = PROJECT): Promise<string> {
  writeFileSync(join(cwd, 'testmesh.yaml'), project);
  writeFileSync(join(cwd, 'ca.pem'), '');
  const step = `  - id: one\n    action: ${action}\n    config: ${config}\n${more}`;
  writeFileSync(join(cwd, 'flow.yaml'), `name: One\nenv: { TENANT: acme }\nsteps:\n${step}`);
  const { exitCode, output, errors } = await callCommand(['run', 'flow.yaml', '--dry-run'], { cwd });
  expect(exitCode, errors).toBe(0);
  return output.replace(/^[\s\S]*?one +\w[\w.]*\n/, '').replace(/\n\n[\s\S]*$/, '');
}

async function refuse(action: string, config: string, project: string): Promise<string> {
  writeFileSync(join(cwd, 'testmesh.yaml'), project);
  writeFileSync(
    join(cwd, 'flow.yaml'),
    `name: One\nsteps:\n  - { id: one, action: ${action}, config: ${config}, assert: [true] }\n`,
  );
  const { exitCode, errors } = await callCommand(['validate', 'flow.yaml'], { cwd });
  expect(exitCode, errors).toBe(2);
  return errors;
}

describe('defaults of testmesh.yaml', () => {
  it.each<[string, string, string, string, readonly string[], readonly string[]]>([
    [
      'are settings of every step of the kind',
      'http_request',
      '{ url: "http://a" }',
      '',
      ['timeout: 10s', '"X-Tenant":"acme"', `{"ca":"${join(cwd, 'ca.pem')}"}`],
      [],
    ],
    [
      'give way to what the step says',
      'http_request',
      '{ url: "http://a", timeout: 1s, tls: { insecure: true } }',
      '',
      ['timeout: 1s', 'tls: {"insecure":true}'],
      ['10s', 'ca.pem'],
    ],
    [
      'give way to the timeout of the step itself',
      'http_request',
      '{ url: "http://a" }',
      '    timeout: 60s\n',
      ['X-Tenant'],
      ['10s'],
    ],
    [
      'are merged by the names of headers',
      'http_request',
      '{ url: "http://a", headers: { x-tenant: other, B: b } }',
      '',
      ['{"Accept":"application/json","x-tenant":"other","B":"b"}'],
      ['acme'],
    ],
    [
      'are taken away by a step that leaves them empty',
      'http_request',
      '{ url: "http://a", timeout: null, headers: { x-tenant: null } }',
      '',
      ['headers: {"Accept":"application/json"}'],
      ['timeout', 'tenant'],
    ],
    [
      'are those that the action has',
      'kafka_producer',
      '{ topic: t, value: a }',
      '',
      ['brokers: bus.example:9093', 'tls: true'],
      ['settle'],
    ],
    [
      'are all that the action has',
      'kafka_consumer',
      '{ topic: t, match: { key: a } }',
      '',
      ['brokers: bus.example:9093', 'settle: 1s'],
      [],
    ],
    [
      'do not follow a step to other brokers',
      'kafka_producer',
      '{ brokers: "else.example:9092", topic: t, value: a }',
      '',
      ['brokers: else.example:9092'],
      ['tls', 'bus.example'],
    ],
    [
      'name a connection',
      'database_query',
      '{ query: SELECT 1 }',
      '',
      ['connection: postgres://app@db.example/orders', 'max_rows: 5'],
      [],
    ],
    [
      'give way to another spelling',
      'database_query',
      '{ connection_string: "mysql://root@a/b", query: SELECT 1 }',
      '',
      ['mysql://root@a/b'],
      ['db.example'],
    ],
    [
      'are for other spellings of steps, too',
      'db_poll',
      '{ query: SELECT 1 }',
      '',
      ['connection: postgres://app@db.example/orders'],
      [],
    ],
    [
      'are one whole where a server is',
      'redis.get',
      '{ host: else.example, key: a }',
      '',
      ['host: else.example'],
      ['cache.example', 'password'],
    ],
    ['are no settings of other actions', 'log', '{ message: a }', '', ['message: a'], ['timeout']],
  ])('%s', async (_, action, config, more, there, absent) => {
    const text = await plan(action, config, more);
    for (const part of there) expect(text).toContain(part);
    for (const part of absent) expect(text).not.toContain(part);
  });

  it('are sent', async () => {
    const server = await startHttpServer((request, response) => {
      response.end(`${request.headers['x-tenant']} ${request.headers['accept']}`);
    });
    const step = `  - { id: one, action: http_request, config: { url: "${server.url}" }, assert: ['body == "acme application/json"'] }\n`;
    writeFileSync(join(cwd, 'testmesh.yaml'), PROJECT.replace(', tls: { ca: ca.pem }', ''));
    writeFileSync(join(cwd, 'flow.yaml'), `name: One\nenv: { TENANT: acme }\nsteps:\n${step}`);
    const { exitCode, output } = await callCommand(['run', 'flow.yaml'], { cwd });
    await server.close();
    expect(exitCode, output).toBe(0);
  });

  it.each<[string, string, string, string]>([
    ['defaults: { http: { timout: 10s } }', 'http_request', '{ url: "http://a" }', 'did you mean `timeout`?'],
    ['defaults: { htpp: { timeout: 10s } }', 'http_request', '{ url: "http://a" }', 'did you mean `http`?'],
    ['defaults: { http_request: { timeout: 10s } }', 'http_request', '{ url: "http://a" }', 'did you mean `http`?'],
    ['defaults: { log: {} }', 'log', '{ message: a }', 'there are those of `http`'],
    ['defaults: { http: 10s }', 'http_request', '{ url: "http://a" }', '`defaults.http`: expected a map'],
    ['defaults: [http]', 'http_request', '{ url: "http://a" }', '`defaults`: expected a map'],
    ['defaults: { http: { timeout: soon } }', 'http_request', '{ url: "http://a" }', 'testmesh.yaml:1:30'],
    [
      'defaults: { http: { headers: { a: "{{TENNANT}}" } } }',
      'http_request',
      '{ url: "http://a" }',
      'unknown name `TENNANT`',
    ],
    [
      'defaults: { kafka: { connection: bsu } }',
      'kafka_producer',
      '{ topic: t, value: a }',
      'there is no connection `bsu`',
    ],
  ])('are told what is wrong with them: %s', async (project, action, config, message) => {
    const errors = await refuse(action, config, project);
    expect(errors).toContain(message);
    expect(errors.match(/^error\[/gm)).toHaveLength(1);
  });
});
