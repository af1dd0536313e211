import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startHttpServer, startTcpServer, type TestServer } from '../support/servers/http-server.ts';
import { writeFiles } from '../support/write-files.ts';
import { callCommand } from './command.ts';

let service: TestServer;
let silent: TestServer;
let folder = '';
beforeAll(async () => {
  service = await startHttpServer((_request, response) =>
    response.setHeader('server', 'shop/1.2').writeHead(404).end(),
  );
  silent = await startTcpServer();
});
afterAll(() => Promise.all([service.close(), silent.close()]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (words: readonly string[] = [], env: Record<string, string> = {}) =>
  callCommand(['doctor', ...words], { cwd: folder, env });
const flow = (env: string): string =>
  `name: a\nenv: ${env}\nsteps: [{ action: log, config: { message: "{{TARGET}}" } }]\n`;

it('says what answers, with its version and how long it took', async () => {
  writeFiles(folder, {
    'flows/a.yaml': flow(`{ TARGET: "${service.url}/api/v1", AGAIN: "${service.url}/other", TEXT: hello }`),
  });
  const { exitCode, output, errors } = await call();
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output.split('\n').map((line) => line.replace(/ +/g, ' ').replace(/in \S+ m?s$/, 'in 1 ms'))).toEqual([
    `✓ node ${process.versions.node}`,
    '✓ output folder `.testmesh` can be written',
    `✓ TARGET, AGAIN ${service.url} 404, shop/1.2, in 1 ms`,
    '✓ all is well',
    '',
  ]);
});

it('says what does not answer, why, and what to do; passwords are masked', async () => {
  const env = [
    'TARGET: "http://127.0.0.1:9/"',
    'DB: "postgres://app:hunter2-hunter2@127.0.0.1:9/shop"',
    'MY: "mysql://app:hunter2-hunter2@127.0.0.1:9/shop"',
    'CACHE: "redis://:hunter2-hunter2@127.0.0.1:9"',
    'KAFKA_BROKERS: "127.0.0.1:9"',
  ];
  writeFiles(folder, { 'flows/a.yaml': flow(`{ ${env.join(', ')} }`) });
  const { exitCode, output } = await call();
  expect(exitCode).toBe(3);
  expect(output).not.toContain('hunter2');
  for (const name of ['TARGET', 'DB', 'MY', 'CACHE', 'KAFKA_BROKERS'])
    expect(output).toMatch(new RegExp(`^✗ ${name} .*127\\.0\\.0\\.1:9.*refused.*\\n {4}= `, 'm'));
  expect(output).toContain('✗ 5 of 7 are not well');
});

it('waits no longer than it is told, for all at the same time', async () => {
  const silence = Array.from({ length: 6 }, (_, index) => `S${index}: "http://user${index}.localhost:${silent.port}/"`);
  writeFiles(folder, {
    'flows/a.yaml': flow(`{ TARGET: x, ${silence.join(', ')}, DB: "postgres://a@${silent.peer}/x" }`),
  });
  const begun = performance.now();
  const { exitCode, output } = await call(['--timeout', '300ms']);
  expect(exitCode).toBe(3);
  expect(output.match(/^✗ S\d /gm)).toHaveLength(6);
  expect(output).toMatch(/^✗ DB .*300 ms/m);
  expect(performance.now() - begun).toBeLessThan(6000);
});

it('asks what the chosen environment names: its variables over those of flows, and its connections', async () => {
  const connections = '{ orders: "postgres://app:hunter2-hunter2@127.0.0.1:9/shop", bus: { brokers: "127.0.0.1:9" } }';
  writeFiles(folder, {
    'testmesh.yaml': `environments:\n  local: { env: { TARGET: "${service.url}" }, connections: ${connections} }\n  other: { env: { TARGET: "http://127.0.0.1:9" } }\n`,
    'flows/a.yaml': flow('{ TARGET: "http://flow.invalid" }'),
  });
  const local = await call(['-e', 'local']);
  expect(local.exitCode).toBe(3);
  expect(local.output).toContain(`✓ TARGET  ${service.url}`);
  expect(local.output).toMatch(/^✗ orders {2}postgres:\/\/\*\*\*@127\.0\.0\.1:9\/shop .*refused/m);
  expect(local.output).toMatch(/^✗ bus {2}127\.0\.0\.1:9 .*refused/m);
  expect(local.output).not.toContain('hunter2');
  expect((await call(['-e', 'other'])).output).toMatch(/^✗ TARGET {2}http:\/\/127\.0\.0\.1:9 /m);
  expect((await call(['--var', `TARGET=${service.url}`])).exitCode).toBe(0);
  expect((await call([], { TARGET: service.url })).exitCode).toBe(0);
});

it('asks what an environment names though no flow repeats it', async () => {
  const env = `{ SHOP: "${service.url}", DB: "postgres://app:hunter2-hunter2@127.0.0.1:9/shop", BROKERS: "127.0.0.1:9" }`;
  writeFiles(folder, { 'testmesh.yaml': `environments:\n  local: { env: ${env} }\n` });
  const { exitCode, output } = await call(['-e', 'local']);
  expect(exitCode).toBe(3);
  expect(output).toContain(`✓ SHOP  ${service.url}`);
  for (const name of ['DB', 'BROKERS']) expect(output).toMatch(new RegExp(`^✗ ${name} .*refused`, 'm'));
  expect(output).not.toContain('hunter2');
});

it('asks what a step has written out, before its path', async () => {
  const steps = [
    `{ action: http_request, config: { url: "${service.url}/users/{{UUID}}" }, assert: [status == 200] }`,
    '{ action: redis.get, config: { url: "redis://127.0.0.1:9", key: a }, assert: [value == 1] }',
  ];
  writeFiles(folder, { 'flows/a.yaml': `name: a\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}` });
  const { exitCode, output } = await call();
  expect(exitCode).toBe(3);
  expect(output).toContain(`✓ url  ${service.url}`);
  expect(output).toMatch(/^✗ url {2}redis:\/\/127\.0\.0\.1:9 .*refused/m);
});

it('says that flows have mistakes, with the first', async () => {
  writeFiles(folder, { 'flows/a.yaml': flow(`{ OTHER: "${service.url}" }`) });
  const { exitCode, output } = await call();
  expect(exitCode).toBe(2);
  expect(output).toMatch(/^✗ flows .*1 error, first flows\/a\.yaml:3: unknown name `TARGET`\n {4}= testmesh validate/m);
  expect(output).not.toContain('all is well');
});

it('does not say that all is well where nothing is named', async () => {
  const { exitCode, output } = await call();
  expect(exitCode).toBe(0);
  expect(output).toContain('no address is named, and nothing was asked: neither in `env`');
  expect(output).not.toContain('all is well');
});

it('tells a mistake of testmesh.yaml first', async () => {
  writeFiles(folder, { 'testmesh.yaml': 'enviroments: {}\n' });
  const { exitCode, errors } = await call();
  expect(exitCode).toBe(2);
  expect(errors).toContain('unknown key `enviroments`');
});

it('says when records cannot be written', async () => {
  writeFiles(folder, { closed: '' });
  const { output } = await call(['--output-dir', 'closed/records']);
  expect(output).toMatch(/^✗ output folder .*cannot be written\n {4}= name another with --output-dir/m);
});
