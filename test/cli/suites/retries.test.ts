import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { readXml } from '../../support/xml.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of orders of flows', 1, 0) > 0);

let cwd = '';
let server: TestServer;
/** How often each path was asked. */
let asked: Record<string, number> = {};
/** What setup, steps and teardown of an attempt sent. */
let seen: string[] = [];

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-retries-'));
  asked = {};
  seen = [];
  server = await startHttpServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    asked[path] = (asked[path] ?? 0) + 1;
    seen.push(`${path}?${query}`);
    // `/third` is right from its third time on.
    const isRight = path !== '/third' || asked[path] >= 3;
    response.writeHead(isRight && path !== '/never' ? 200 : 503).end();
  });
});
afterEach(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

const get = (id: string, path: string) =>
  `    - { id: ${id}, action: http_request, config: { url: "{{URL}}${path}?id={{ID}}" }, assert: [status == 200] }\n`;
function write(name: string, path: string): void {
  const head = `flow:\n  name: ${name}\n  env: { URL: "${server.url}", ID: "{{UUID}}" }\n`;
  const around = (phase: string) => `  ${phase}:\n${get(phase, `/${phase}`)}`;
  writeFileSync(
    join(cwd, `${name}.yaml`),
    `${head}${around('setup')}  steps:\n${get('ask', path)}${around('teardown')}`,
  );
}
const run = (words: string) => callCommand(['run', ...words.split(' '), '--seed', '1'], { cwd });

describe('--retries', () => {
  it('runs the whole flow again, with new values, until it passes: it is flaky', async () => {
    write('late', '/third');
    const { exitCode, output } = await run('late.yaml --retries 2');
    expect(exitCode).toBe(0);
    expect(asked).toEqual({ '/setup': 3, '/third': 3, '/teardown': 3 });
    const ids = seen.map((url) => url.replace(/.*=/, ''));
    expect(new Set(ids).size).toBe(3);
    expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
    expect(output).toContain('2 passed, 1 failed   tried again\n');
    expect(output).toContain(' late   late.yaml   seed 1, fixed: "unique" values repeat   attempt 3\n');
    expect(output).toMatch(/✓ passed in .* {3}3 passed {3}flaky\n/);
    expect(output).toContain(
      ' ~ late   late.yaml   flaky: passed at attempt 3, before:\n     ask   late.yaml:7   status == 200\n',
    );
    expect(output).not.toContain('again:');
  });

  it('is red where no attempt passes', async () => {
    write('dead', '/never');
    write('good', '/fine');
    const { exitCode, output } = await run('dead.yaml good.yaml --retries 1');
    expect(exitCode).toBe(1);
    expect(asked['/never']).toBe(2);
    expect(asked['/fine']).toBe(1);
    expect(output).toContain('2 flows: 1 passed, 1 failed   steps: 5 passed, 1 failed\n');
    expect(output.match(/again: /g)).toHaveLength(1);
  });

  it('counts a flaky flow as passed, and as failed with --fail-on-flaky', async () => {
    write('late', '/third');
    write('good', '/fine');
    const first = await run('late.yaml good.yaml --retries 2');
    expect(first.exitCode).toBe(0);
    expect(first.output).toContain('2 flows: 2 passed   1 flaky   steps: 6 passed\n');
    asked = {};
    const second = await run('late.yaml good.yaml --retries 2 --fail-on-flaky');
    expect(second.exitCode).toBe(1);
    expect((await run('good.yaml --retries 2 --fail-on-flaky')).exitCode).toBe(0);
  });

  it('starts no flow after --bail in the last of its attempts', async () => {
    write('dead', '/never');
    write('good', '/fine');
    const { exitCode, output } = await run('dead.yaml good.yaml --retries 1 --bail');
    expect(exitCode).toBe(1);
    expect(asked['/fine']).toBeUndefined();
    expect(output).toContain('not reached: 1 flow failed');
  });

  it('shows in events which attempt is which', async () => {
    write('late', '/third');
    await run('late.yaml --retries 5 --reporter ndjson=e.ndjson');
    const events = readFileSync(join(cwd, 'e.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ends = events.filter(({ type }) => type === 'flow_finished');
    expect(ends.map(({ flow, about, outcome, retry }) => ({ flow, attempt: about.attempt, outcome, retry }))).toEqual([
      { flow: 0, attempt: undefined, outcome: 'failed', retry: 'follows' },
      { flow: 1, attempt: 2, outcome: 'failed', retry: 'follows' },
      { flow: 2, attempt: 3, outcome: 'passed', retry: 'flaky' },
    ]);
    expect(new Set(ends.map(({ about }) => about.traceId)).size).toBe(3);
    expect(events.at(-1)).toMatchObject({ outcome: 'passed', flaky: 1, flows: { passed: 1, failed: 0 } });
  });

  it('has one suite of JUnit, with what was wrong before', async () => {
    write('late', '/third');
    write('dead', '/never');
    await run('late.yaml dead.yaml --retries 2 --reporter junit=j.xml');
    const xml = readFileSync(join(cwd, 'j.xml'), 'utf8');
    readXml(xml);
    expect(xml).toMatch(/^<testsuites name="testmesh" tests="6" failures="1" errors="0" time/m);
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml.match(/<flakyFailure message="status == 200" type="failed">/g)).toHaveLength(2);
    expect(xml.match(/<rerunFailure message="status == 200" type="failed">/g)).toHaveLength(2);
    expect(xml).toContain('<property name="attempts" value="3"/>');
    expect(xml).toContain('attempt 1: ask   failed   late.yaml:7   status == 200\nattempt 2: ask');
  });

  it('leaves its record to the last attempt', async () => {
    write('late', '/third');
    await run('late.yaml --retries 2');
    const again = await run('late.yaml --only ask');
    expect(again.exitCode).toBe(0);
    expect(seen.at(-1)).toBe(seen.at(-2)?.replace('/teardown', '/third'));
  });
});

describe('order', () => {
  const order = (output: string) =>
    [...output.matchAll(/^ (f\d)(?: \[repeat (\d)\])? {3}/gm)].map(([, name, n]) => `${name}${n ?? ''}`);
  const writeAll = () => {
    for (let n = 0; n < 6; n++) write(`f${n}`, '/fine');
  };

  inFullRun('is shuffled by a seed, which is told', async () => {
    writeAll();
    const first = await run('. --shuffle');
    const [flag = ''] = /--shuffle=\d+/.exec(first.errors) ?? [];
    expect(first.errors).toBe(`note: the order is shuffled: \`${flag}\` repeats it\n`);
    const again = await run(`. ${flag}`);
    expect(order(again.output)).toEqual(order(first.output));
    expect(order(again.output).toSorted()).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5']);
    expect(order((await run('. --shuffle=1')).output)).not.toEqual(order((await run('. --shuffle=3')).output));
  });

  it('does not change what a flow is given', async () => {
    writeAll();
    await run('.');
    const plain = seen.toSorted();
    seen = [];
    await run('. --shuffle=7');
    expect(seen.toSorted()).toEqual(plain);
  });

  it('repeats each flow, with values of its own', async () => {
    write('f0', '/fine');
    write('f1', '/fine');
    const { output } = await run('. --repeat-each 3');
    expect(order(output)).toEqual(['f01', 'f02', 'f03', 'f11', 'f12', 'f13']);
    expect(new Set(seen).size).toBe(18);
  });

  inFullRun('ends with --bail, in either spelling', async () => {
    for (const name of ['f0', 'f1', 'f2', 'f3']) write(name, '/never');
    for (const [words, count] of [
      ['--bail .', 1],
      ['. --bail', 1],
      ['--bail=2 .', 2],
      ['--bail 3 .', 3],
      ['--max-failures 2 .', 2],
    ] as const) {
      asked = {};
      expect((await run(words)).exitCode).toBe(1);
      expect({ words, count: asked['/never'] }).toEqual({ words, count });
    }
  });

  it.each([
    ['--bail 2 --max-failures 3', '`--bail` and `--max-failures` mean the same\n  = write one of them: --bail 3\n'],
    ['--retries many', '--retries: expected a whole number from 0 to 100, got `many`\n  = see testmesh run --help\n'],
    [
      '--repeat-each 0',
      '--repeat-each: expected a whole number from 1 to 10000, got `0`\n  = see testmesh run --help\n',
    ],
    ['--shuffle=x', '--shuffle: expected a whole number from 0 to 999999999, got `x`\n  = see testmesh run --help\n'],
  ])('%s is refused', async (words, message) => {
    write('f0', '/fine');
    expect(await run(`. ${words}`)).toEqual({ exitCode: 2, output: '', errors: `testmesh: ${message}` });
  });

  it('takes its flags from the environment', async () => {
    write('f0', '/never');
    write('f1', '/never');
    const env = { TESTMESH_BAIL: 'true', TESTMESH_RETRIES: '1', TESTMESH_SHUFFLE: '2', TESTMESH_REPEAT_EACH: '2' };
    const { errors } = await callCommand(['run', '.'], { cwd, env });
    expect(errors).toContain('`--shuffle=2` repeats it');
    expect(asked['/never']).toBe(2);
  });

  it('lists the slowest flows, each with its slowest step', async () => {
    for (const name of ['f0', 'f1', 'f2']) write(name, '/fine');
    const { output } = await run('. --slowest 2');
    const lines = output.split('\n');
    const at = lines.indexOf(' slowest');
    expect(lines[at + 1]).toMatch(
      /^ {3}\S+ m?s {3}f\d {3}f\d\.yaml:2 {3}(?:setup\/setup|ask|teardown\/teardown) \S+ m?s$/,
    );
    expect(lines[at + 3]).toBe('');
  });
});
