import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../cli/command.ts';
import { repeats, sample } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of services', 1, 0) > 0);
const cwd = mkdtempSync(join(tmpdir(), 'testmesh-services-'));

/** What a service does, by its first word. */
const SERVICE = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [, file, how, ...words] = process.argv;
const serve = (after) => {
  const server = createServer((request, response) => {
    console.log('got', request.url, request.headers.traceparent);
    if (request.url === '/end') process.exit(7);
    if (request.url === '/404') response.statusCode = 404;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...process.env, pid: process.pid }));
  });
  const listening = () => console.log('listening on \\x1b[36mhttp://127.0.0.1:' + server.address().port + '\\x1b[0m');
  setTimeout(() => server.listen(Number(words[0] ?? 0), '127.0.0.1', listening), after);
};
const start = (options) => spawn(process.execPath, [file, 'rest'], { stdio: 'inherit', ...options });
if (how === 'dies') { console.log('cannot find the database'); process.exit(3); }
if (how === 'ignores') process.on('SIGTERM', () => console.log('no'));
if (how === 'forks') start({});
if (how === 'session') start({ detached: true }).unref();
if (how === 'daemon') { start({}).unref(); console.log('gone to the background'); process.exit(0); }
if (how === 'rest') setInterval(() => {}, 1000);
else serve(how === 'slow' ? 500 : 0);
`;
const READY = String.raw`ready: { log: 'listening on (?P<url>http://\S+)' }`;
const FLOW = `
name: Orders answer
env: { ORDERS: "{{services.orders.url}}" }
steps:
  - { id: get, action: http_request, config: { url: "{{ORDERS}}/x" }, assert: [status == 200] }
`;

beforeAll(() => {
  writeFileSync(join(cwd, 'service.mjs'), SERVICE);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const service = (how: string, more = ''): string => `
  orders:
    command: "exec node ${cwd}/service.mjs ${how}"
    ${READY}
    ${more}
`;
const run = async (services: string, { flow = FLOW, words = [] as string[], env = {} } = {}) => {
  writeFileSync(join(cwd, 'testmesh.yaml'), `services:${services}`);
  writeFileSync(join(cwd, 'flow.yaml'), flow);
  const path = { PATH: process.env['PATH'] ?? '', ...env };
  const ended = await callCommand(['run', 'flow.yaml', ...words], { cwd, env: path });
  return { ...ended, all: ended.output + ended.errors, left: listLeft() };
};
/** What runs that was started here. */
const listLeft = (): readonly string[] =>
  execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(cwd));

describe('a service', () => {
  it.each(
    sample(
      'services that start',
      [
        ['that prints its port gives it to the flow', 'plain', ''],
        ['that is slow is waited for', 'slow', ''],
        ['that forks is ended with what it forked', 'forks', ''],
        ['that starts a session of its own is ended with that', 'session', ''],
        ['that ignores TERM is killed', 'ignores', 'stop: { timeout: 300ms }'],
      ],
      { count: 0 },
    ),
  )('%s', async (_, how, more) => {
    const ended = await run(service(how, more));
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain('note: started `orders` in ');
    const said = {
      ignores: 'warning: service `orders`: it did not end within 0.3 s of SIGTERM, and was killed',
      session: 'warning: service `orders`: processes that it had started in sessions of their own were ended too',
    }[how];
    if (said) expect(ended.output).toContain(said);
    else expect(ended.output).not.toContain('warning');
    expect(ended.left).toEqual([]);
  });

  inFullRun('is given what its settings say', async () => {
    mkdirSync(join(cwd, 'inner'), { recursive: true });
    writeFileSync(join(cwd, '.env.orders'), 'OF_FILE=file\nOF_BOTH=file\n');
    const env = 'env: { OF_BOTH: env, OF_TESTMESH: null, FROM: "{{FROM}}" }';
    const more = `prepare: "pwd > prepared"\n    env_file: .env.orders\n    cwd: inner\n    ${env}`;
    const flow = FLOW.replace(
      'status == 200',
      `body.OF_FILE == 'file', body.OF_BOTH == 'env', 'body?.OF_TESTMESH == nil', body.FROM == 'shell', 'body.PWD endsWith "/inner"'`,
    );
    const ended = await run(service('plain', more), { flow, env: { OF_TESTMESH: 'x', FROM: 'shell' } });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(readFileSync(join(cwd, 'inner', 'prepared'), 'utf8').trim()).toMatch(/\/inner$/);
  });

  it.each(
    sample(
      'ways to be ready',
      [
        ['an answer over HTTP', 'http: "http://127.0.0.1:45918/x"'],
        ['another status', 'http: "http://127.0.0.1:45918/404", status: 404'],
        ['its port', 'tcp: "127.0.0.1:45918"'],
      ],
      { count: 0 },
    ),
  )('is ready by %s', async (_, ready) => {
    const slow = service('slow 45918', 'url: "http://127.0.0.1:45918"').replace(/ready: .*/, `ready: { ${ready} }`);
    const ended = await run(slow);
    expect(ended.exitCode, ended.all).toBe(0);
  });

  inFullRun('is stopped by the signal that it wants', async () => {
    const ended = await run(service('ignores', 'stop: { signal: SIGINT, timeout: 5s }'));
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).not.toContain('warning');
  });

  it.each(
    sample(
      'services that do not start',
      [
        [
          'that dies at once',
          service('dies'),
          'ended with exit code 3 before it was ready; it printed last\n       │ cannot find the database',
        ],
        [
          'that is not ready in time',
          service('slow').replace("' }", "', timeout: 100ms }"),
          'was not ready within 0.1 s (no line that matches `listening on (?P<url>http://\\S+)`); it printed nothing',
        ],
        [
          'that goes to the background',
          service('daemon'),
          'ended with exit code 0 before it was ready, though a process that it started runs on: let it stay in the foreground; it printed last\n       │ gone to the background',
        ],
        [
          'that is not there',
          `\n  orders: { command: [nothing-like-it], ${READY} }\n`,
          'could not be started: there is no program `nothing-like-it`',
        ],
        [
          'whose preparation fails',
          service('plain', 'prepare: "echo no database; exit 4"'),
          'is not started: its `prepare` ended with exit code 4; it printed last\n       │ no database',
        ],
      ],
      { count: 1 },
    ),
  )('%s is one error with its last lines, and no flow runs', async (_, services, message) => {
    const ended = await run(services);
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain('skipped: not reached: a service is not there');
    expect(ended.output).toContain(`error: service \`orders\` (testmesh.yaml:2:3) ${message}`);
    expect(ended.left).toEqual([]);
  });

  inFullRun('that ends while flows run is an error', async () => {
    const end = FLOW.replace('/x', '/end').replace('assert: [status == 200]', 'expect_error: { kind: connection }');
    const ended = await run(service('plain'), { flow: end });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toMatch(
      /error: service `orders` \(testmesh\.yaml:2:3\) ended with exit code 7 while the flows ran; it printed last\n.*listening.*\n.*got \/end/,
    );
    expect(ended.left).toEqual([]);
  });

  inFullRun('that ended is named by the flow that still asks it', async () => {
    const flow = FLOW.replace(
      'steps:',
      'steps:\n  - { action: http_request, config: { url: "{{ORDERS}}/end" }, expect_error: { kind: connection } }',
    );
    const ended = await run(service('plain'), { flow });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toMatch(
      / service `orders` printed.*\n(?:.*listening.*\n)?.*got \/end .*\n {5}\(the service ended with exit code 7\)\n/,
    );
  });

  inFullRun('whose address somebody else has is not taken for it', async () => {
    const taken = `
  orders: { command: "exec node ${cwd}/service.mjs plain 45917", ready: { tcp: "127.0.0.1:45917" }, url: "http://127.0.0.1:45917" }
  twin: { command: "exec node ${cwd}/service.mjs plain 45917", needs: [orders], ready: { http: "http://127.0.0.1:45917/" } }
`;
    const ended = await run(taken, { words: ['--services', 'all'] });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toContain(
      'is not started: something else already answers at http://127.0.0.1:45917/, and would be taken for it',
    );
    expect(ended.left).toEqual([]);
  });
});

describe('services', () => {
  const two = `${service('plain', 'needs: [db]\n    env: { DB_URL: "{{services.db.url}}", PASSWORD: "hunter2hunter2" }')}
  db: { command: "exec node ${cwd}/service.mjs plain", ${READY} }
  other: { command: "exec node ${cwd}/service.mjs dies", ${READY} }
`;

  it('start in the order of their needs; those that nobody names do not', async () => {
    const flow = FLOW.replace('[status == 200]', '[body.DB_URL == services.db.url, body.DB_URL startsWith "http"]');
    const ended = await run(two, { flow, words: ['-v'] });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.output).toContain('note: started `db` and `orders` in ');
    expect(ended.output).toContain('"PASSWORD": "***"');
    expect(ended.all).not.toContain('hunter2');
  });

  inFullRun('are not started where something else sets the variable that names them', async () => {
    const { all } = await run(two, { words: ['--var', 'ORDERS=http://127.0.0.1:1'] });
    expect(all).toContain('connection refused');
    expect(all).not.toContain('started `');
  });

  inFullRun('are all started, or none, where a flag says so', async () => {
    const every = await run(two, { words: ['--services', 'all'] });
    expect(every.exitCode).toBe(3);
    expect(every.output).toContain('service `other` (testmesh.yaml:9:3) ended with exit code 3');
    const none = await run(two, { words: ['--services', 'none'] });
    expect(none.exitCode).toBe(2);
    expect(none.errors).toContain('service `orders` does not run with `--services none`');
  });

  inFullRun(
    'print what stands in the report of a flow that did not pass: lines with its trace id marked, secrets masked',
    async () => {
      const flow = (name: string, path: string, status: number): string =>
        FLOW.replace('Orders answer', name)
          .replace('/x"', `${path}", headers: { traceparent: "00-{{TRACE_ID}}-0000000000000001-01" }`)
          .replace('200', String(status));
      const flows = `${flow('passes', '/one', 200)}---${flow('fails', '/two?key={{KEY}}', 404)}`;
      const keyed = flows.replaceAll('env: {', 'secrets: [KEY]\nenv: { KEY: "open-sesame",');
      const words = ['--reporter', 'tree', '--reporter', 'junit=report.xml', '--reporter', 'ndjson=events.ndjson'];
      const ended = await run(service('plain'), { flow: keyed, words });
      expect(ended.exitCode, ended.all).toBe(1);
      expect(ended.output).toMatch(
        /\n {3}service `orders` printed \(▸ with the trace id of this flow\)\n {3}▸ got \/two\?key=\*\*\* 00-[0-9a-f]{32}-\S+\n\n ✗ failed in/,
      );
      expect(ended.output).not.toContain('got /one');
      const junit = readFileSync(join(cwd, 'report.xml'), 'utf8');
      expect(junit).toMatch(
        /<system-out>service `orders` printed [^<]*▸ got \/two\?key=\*\*\* [^<]*<\/system-out>\s*<\/testsuite>/,
      );
      const events = readFileSync(join(cwd, 'events.ndjson'), 'utf8').trim().split('\n');
      const ends = events.map((line) => JSON.parse(line)).filter(({ type }) => type === 'flow_finished');
      expect(ends.map(({ output }) => output.printed)).toEqual([
        undefined,
        [
          {
            service: 'orders',
            lines: [{ text: expect.stringContaining('got /two?key=***'), isTraced: true }],
            omitted: 0,
          },
        ],
      ]);
    },
  );
});
