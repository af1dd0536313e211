import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer, type TestServer } from '../support/servers/http-server.ts';
import { callCommand } from './command.ts';

let cwd = '';
let server: TestServer;
/** Answers that are held back until as many requests have come as their path says: `/meet/3`. */
const held = new Map<string, (() => void)[]>();
let running = 0;
let most = 0;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-workers-'));
  server = await startHttpServer((request, response) => {
    const path = request.url ?? '';
    const wanted = Number(/^\/meet\/(\d+)/.exec(path)?.[1] ?? 1);
    most = Math.max(most, ++running);
    const answers = held.get(path) ?? [];
    held.set(path, answers);
    answers.push(() => {
      running--;
      response.end('ok');
    });
    if (answers.length < wanted) return;
    held.delete(path);
    for (const answer of answers) setImmediate(answer);
  });
});
afterAll(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await server.close();
});

/** A flow that asks for each path in turn. */
const flow = (name: string, paths: readonly string[], more = ''): string => `
id: ${name}
name: Flow ${name}
${more}
steps:
${paths.map((path, index) => `  - { id: ${name}_${index + 1}, action: http_request, config: { url: "${server.url}${path}" }, assert: [status == 200] }\n`).join('')}
teardown:
  - { id: ${name}_end, action: log, config: { message: "end of ${name}" } }
`;

const run = (line: string, env: Record<string, string> = {}) => callCommand(line.split(' '), { cwd, env });

describe('several workers', () => {
  it('run flows at the same time; the lines of each stay together', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) writeFileSync(join(cwd, `${name}.yaml`), flow(name, ['/meet/3?first', '/meet/3?second']));
    const reporters = '--reporter tree --reporter ndjson=events.ndjson --reporter junit=junit.xml';
    const ended = await run(`run a.yaml b.yaml c.yaml -j 3 ${reporters}`);
    expect(ended.exitCode, ended.output + ended.errors).toBe(0);
    expect(ended.output).toContain('3 flows: 3 passed   steps: 9 passed');
    const owners = [...ended.output.matchAll(/^ +(?:✓|log) .*?\b(?:end of )?([abc])(?:_\w+)?\b/gm)].map(
      (match) => match[1],
    );
    expect(owners.join('')).toMatch(/^a{4}b{4}c{4}$/);

    const events = readFileSync(join(cwd, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const flowsOfSteps = events.filter(({ type }) => type === 'step_started').map((event) => event.flow);
    expect(flowsOfSteps.slice(0, 3)).toEqual([0, 1, 2]);
    for (const event of events.filter(({ address }) => address !== undefined))
      expect(event.address).toContain(`${names[event.flow]}_`);

    const junit = readFileSync(join(cwd, 'junit.xml'), 'utf8');
    expect(junit).toMatch(/<testsuites name="testmesh" tests="9" failures="0"/);
    for (const suite of junit.split('<testsuite ').slice(1)) {
      const name = /^name="Flow (\w)"/.exec(suite)?.[1];
      expect([...suite.matchAll(/<testcase name="(?:teardown.)?(\w)_/g)].map((match) => match[1])).toEqual([
        name,
        name,
        name,
      ]);
    }
  });

  it('keep flows of one serial group apart', async () => {
    const paths = ['/one', '/two', '/three'];
    for (const name of ['s1', 's2', 's3'])
      writeFileSync(join(cwd, `${name}.yaml`), flow(name, paths, 'serial: inventory'));
    most = 0;
    const ended = await run('run s1.yaml s2.yaml s3.yaml', { TESTMESH_WORKERS: '3' });
    expect(ended.exitCode, ended.output + ended.errors).toBe(0);
    expect(most).toBe(1);
  });

  it('give the worst outcome, and what failed is told to the end', async () => {
    writeFileSync(join(cwd, 'good.yaml'), flow('good', ['/meet/2?x']));
    writeFileSync(join(cwd, 'bad.yaml'), flow('bad', ['/meet/2?x']).replace('status == 200', 'status == 201'));
    writeFileSync(join(cwd, 'broken.yaml'), flow('broken', ['/']).replace(server.url, 'http://127.0.0.1:9'));
    const ended = await run('run good.yaml broken.yaml bad.yaml --workers 3');
    expect(ended.exitCode, ended.output).toBe(1);
    expect(ended.output).toContain('3 flows: 1 passed, 1 failed, 1 errored');
    for (const name of ['good', 'bad', 'broken']) expect(ended.output).toContain(`end of ${name}`);
  });

  it('leave a record from which each flow can be taken alone', async () => {
    for (const name of ['r1', 'r2']) {
      const captured = flow(name, ['/meet/2?record']).replace(
        'status == 200]',
        `status == 200], output: { got: "'${name}'" }`,
      );
      writeFileSync(
        join(cwd, `${name}.yaml`),
        captured.replace(
          'teardown:',
          `  - { id: use, action: assert, config: { assertions: ["got == '${name}'"] } }\nteardown:`,
        ),
      );
    }
    expect((await run('run r1.yaml r2.yaml -j2')).exitCode).toBe(0);
    for (const name of ['r1', 'r2']) {
      const only = await run(`run ${name}.yaml --only use`);
      expect(only.exitCode, only.output + only.errors).toBe(0);
    }
  });

  it.each([
    ['--workers 0', {}, '--workers'],
    ['-j many', {}, '--workers'],
    ['', { TESTMESH_WORKERS: '1.5' }, 'TESTMESH_WORKERS'],
  ])('are a whole number: %s %j', async (flags, env, name) => {
    const ended = await run(`run a.yaml ${flags}`.trim(), env);
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain(`testmesh: ${name}: expected a whole number from 1 to 9999, got`);
  });

  it('name the whole file to run again what failed, where flows share it', async () => {
    const wrong = (name: string) => flow(name, ['/meet/2?shared']).replace('status == 200', 'status == 201');
    writeFileSync(join(cwd, 'shared.yaml'), [wrong('p'), wrong('q')].join('---'));
    const ended = await run('run shared.yaml -j 2');
    expect(ended.exitCode).toBe(1);
    expect(ended.output.match(/again: .*/g)).toEqual(Array(2).fill('again: testmesh run shared.yaml'));
  });
});
