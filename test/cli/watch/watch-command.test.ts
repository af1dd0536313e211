import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { writeFiles } from '../../support/write-files.ts';
import { callCommand } from '../command.ts';
import { listRan, type RunningWatch, startWatch } from './start-watch.ts';

let cwd = '';
let server: Server;
/** What was asked for: method and path. */
let asked: string[] = [];
let connections = 0;
let watch: RunningWatch | undefined;

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-watch-'));
  asked = [];
  connections = 0;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url !== '/hold') response.end('{"ok":true}');
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  watch?.press('q');
  await watch?.ended;
  watch = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(cwd, { recursive: true, force: true });
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const log = (message: string) => `steps:\n  - { id: say, action: log, config: { message: "${message}" } }\n`;
const call = (path: string) => `{ action: http_request, config: { method: GET, url: "${address()}${path}" } }`;
const write = (name: string, text: string) => writeFiles(cwd, { [name]: text });
/** As editors save: another file is put in the place of the one that was there. */
const replace = (name: string, text: string) => {
  write(`${name}.tmp`, text);
  renameSync(join(cwd, `${name}.tmp`), join(cwd, name));
};

const FILES: Readonly<Record<string, string>> = {
  'flows/plain.yaml': `name: plain\n${log('hi')}`,
  'flows/other.yaml': `name: other\n${log('{{GREETING}}')}`,
  'flows/caller.yaml':
    'name: caller\nsteps:\n  - { action: run_flow, config: { flow: lib/login.yaml, input: { WHO: Ada } } }\n',
  'flows/lib/login.yaml': `name: login\nenv_file: login.env\n${log('{{WHO}} {{FROM_ENV}}')}`,
  'flows/lib/login.env': 'FROM_ENV=x\n',
  'flows/rows.yaml': `name: rows\ndata: "my rows.csv"\n${log('{{n}}')}`,
  'flows/my rows.csv': 'n\n1\n',
  'flows/schema.yaml':
    'name: schema\nsteps:\n  - { action: log, config: { message: hi }, assert: [\'matches_schema({}, "../schemas/user.json")\'] }\n',
  'schemas/user.json': '{ "type": "object" }\n',
  'shared.env': 'GREETING=hello\n',
  'README.md': 'words\n',
  'testmesh.yaml': '# the flows of flows/ and more\nflows:\n  - flows\n\n# all of flows/\n',
};
const ALL = ['caller', 'other', 'plain', 'rows#1', 'schema'];

describe('--watch', () => {
  const edits: readonly (readonly [file: string, how: typeof write, ran: readonly string[]])[] = [
    ...(['flows/plain.yaml', 'flows/other.yaml'] as const).flatMap((file, at) =>
      [write, replace].map((how) => [file, how, [at === 0 ? 'plain' : 'other']] as const),
    ),
    ...['flows/lib/login.yaml', 'flows/lib/login.env', 'flows/caller.yaml'].flatMap((file) =>
      [write, replace].map((how) => [file, how, ['caller']] as const),
    ),
    ...[write, replace].flatMap((how) => [
      ['flows/rows.yaml', how, ['rows#1']] as const,
      ['flows/my rows.csv', how, ['rows#1']] as const,
      ['schemas/user.json', how, ['schema']] as const,
      ['shared.env', how, ALL] as const,
      ['flows/schema.yaml', how, ['schema']] as const,
    ]),
  ];

  it('runs again exactly what an edit touches, twenty times', async () => {
    expect(edits.length).toBe(20);
    writeFiles(cwd, FILES);
    watch = await startWatch(['--env-file', 'shared.env'], cwd);
    expect(listRan(watch.shown)).toEqual(ALL);
    const taken = sample(
      'edits of files that are watched',
      edits.map((edit, at) => [at, edit] as const),
      { count: 4 },
    );
    for (const [at, [file, how, ran]] of taken) {
      const blanks = '\n'.repeat(at + 1);
      const shown = await watch.next(() => {
        write('README.md', blanks);
        how(file, `${FILES[file]}${blanks}`);
      });
      expect([file, listRan(shown)]).toEqual([file, ran]);
      expect(shown).toContain(`\n ${file} changed: ${ran.length} flow`);
    }
  });

  it('takes up a new flow where testmesh.yaml says which flows there are, and no other', async () => {
    writeFiles(cwd, { 'testmesh.yaml': 'flows: ["specs/**/*.yaml"]\n', 'specs/a.yaml': `name: a\n${log('hi')}` });
    watch = await startWatch([], cwd);
    const made = () => {
      write('specs/deep/b.yaml', `name: b\n${log('hi')}`);
      write('other/c.yaml', `name: c\n${log('hi')}`);
    };
    expect(listRan(await watch.next(made))).toEqual(['b']);
  });

  it('takes up a new flow, tells what is broken while it is, and runs it again when it is mended', async () => {
    writeFiles(cwd, { 'flows/a.yaml': `name: a\n${log('hi')}` });
    watch = await startWatch(['flows'], cwd);
    expect(listRan(await watch.next(() => write('flows/sub/b.yaml', `name: b\n${log('hi')}`)))).toEqual(['b']);
    const broken = await watch.next(() => write('flows/a.yaml', `name: a\n${log('{{NOT_THERE}}')}`));
    expect(broken).toContain('unknown name `NOT_THERE`');
    expect(broken).toContain('✗ nothing ran: 1 error');
    // What somebody works on meanwhile is not held up by it.
    expect(listRan(await watch.next(() => write('flows/sub/b.yaml', `name: b\n${log('ho')}`)))).toEqual(['b']);
    expect(listRan(await watch.next(() => write('flows/a.yaml', `name: a\n${log('ha')}`)))).toEqual(['a']);
    watch.press('q');
    expect(await watch.ended).toBe(0);
  });

  it('stops what runs when a file changes, teardown first, and begins anew with what was not done', async () => {
    const flow = (path: string) => `name: held
steps:
  - ${call('/before')}
  - ${call(path)}
teardown:
  - { action: http_request, config: { method: DELETE, url: "${address()}/thing" } }
`;
    writeFiles(cwd, { 'flows/held.yaml': flow('/hold'), 'flows/later.yaml': `name: later\n${log('hi')}` });
    const started = startWatch(['flows'], cwd);
    await vi.waitUntil(() => asked.includes('GET /hold'), { timeout: 10_000 });
    write('flows/held.yaml', flow('/go'));
    watch = await started;
    expect(asked).toEqual(['GET /before', 'GET /hold', 'DELETE /thing', 'GET /before', 'GET /go', 'DELETE /thing']);
    expect(watch.shown).toContain('\n flows/held.yaml changed: what runs is stopped; teardown runs\n');
    expect(watch.shown).toContain('interrupted: flows/held.yaml changed');
    expect(listRan(watch.shown).slice(-2)).toEqual(['held', 'later']);
    watch.press('q');
    expect(await watch.ended).toBe(0);
  });

  it('runs before_all once, again when all are asked for, and after_all at the end of each', async () => {
    const request = (method: string, more = '') =>
      `steps:\n  - { action: http_request, config: { method: ${method}, url: "${address()}/login" }${more} }\n`;
    writeFiles(cwd, {
      'testmesh.yaml': 'before_all: in.yaml\nafter_all: out.yaml\n',
      'in.yaml': `name: in\n${request('POST', ', output: { known: body.ok }')}`,
      'out.yaml': `name: out\n${request('DELETE')}`,
      'flows/a.yaml': `name: a\n${log('known {{known}}')}`,
    });
    watch = await startWatch(['flows'], cwd);
    expect(listRan(await watch.next(() => write('flows/a.yaml', `name: a\n${log('still {{known}}')}`)))).toEqual(['a']);
    expect(watch.shown).toContain('still true');
    expect(asked).toEqual(['POST /login']);
    await watch.next(() => watch?.press('a'));
    expect(asked).toEqual(['POST /login', 'DELETE /login', 'POST /login']);
    watch.press('q');
    expect(await watch.ended).toBe(0);
    expect(asked).toEqual(['POST /login', 'DELETE /login', 'POST /login', 'DELETE /login']);
  });

  it('keeps connections from run to run', async () => {
    writeFiles(cwd, { 'flows/a.yaml': `name: a\nsteps:\n  - ${call('/a')}\n` });
    watch = await startWatch(['flows'], cwd);
    for (let time = 0; time < 3; time++) await watch.next(() => watch?.press(''));
    expect([asked.length, connections]).toEqual([4, 1]);
  });
});

const SERVICE = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end(JSON.stringify({ pid: process.pid, word: process.env.WORD })));
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
process.on('SIGTERM', () => process.exit(0));
`;
const project = (word: string, body = 'Ada') => `services:
  one:
    command: [node, service.mjs]
    env: { WORD: same }
    ready: { log: 'listening on (?P<url>http://\\S+)' }
  two:
    command: [node, service.mjs]
    env: { WORD: ${word}, OTHER: "{{stubs.users.url}}" }
    ready: { log: 'listening on (?P<url>http://\\S+)' }
stubs:
  users: { routes: [{ path: "/name", response: { body: "${body}" } }] }
`;
const ASKS = `name: asks
steps:
  - { id: one, action: http_request, config: { method: GET, url: "{{services.one.url}}" }, output: { one: body.pid } }
  - { id: two, action: http_request, config: { method: GET, url: "{{services.two.url}}" }, output: { two: body.pid, word: body.word } }
  - { id: stub, action: http_request, config: { method: GET, url: "{{stubs.users.url}}/name" }, output: { name: body } }
  - { action: log, config: { message: "PIDS {{one}} {{two}} {{word}} {{name}} END" } }
`;

describe.runIf(repeats('services that stay while files are watched', 1, 0) > 0)('services and stubs of --watch', () => {
  it('stay, but for those that a change of testmesh.yaml makes others', async () => {
    writeFiles(cwd, { 'service.mjs': SERVICE, 'flows/asks.yaml': ASKS, 'testmesh.yaml': project('old') });
    watch = await startWatch(['flows'], cwd);
    const read = (shown: string) => / PIDS (\d+) (\d+) (\w+) (\w+) END/.exec(shown)?.slice(1) ?? [shown];
    const edit = async (file: string, text: string) => read((await watch?.next(() => write(file, text))) ?? '');
    const [one, two, ...words] = read(watch.shown);
    expect(words).toEqual(['old', 'Ada']);
    expect(await edit('flows/asks.yaml', `${ASKS}\n`)).toEqual([one, two, 'old', 'Ada']);
    const [sameOne, newTwo, ...newWords] = await edit('testmesh.yaml', project('new'));
    expect([sameOne, ...newWords]).toEqual([one, 'new', 'Ada']);
    expect(newTwo).not.toBe(two);
    // What needs the stub is started again with it.
    const [lastOne, lastTwo, ...lastWords] = await edit('testmesh.yaml', project('new', 'Bob'));
    expect([lastOne, ...lastWords]).toEqual([one, 'new', 'Bob']);
    expect(lastTwo).not.toBe(newTwo);
    watch.press('q');
    expect(await watch.ended).toBe(0);
    for (const pid of [one, two, newTwo, lastTwo]) expect(() => process.kill(Number(pid), 0)).toThrow();
  });
});

describe('the keys of --watch', () => {
  it('choose what runs, and end with the code of the last run', async () => {
    const failing = `name: bad\nsteps:\n  - { id: say, action: log, config: { message: "hi" }, assert: [1 == 2] }\n  - { id: rest, action: log, config: { message: "hi" } }\n`;
    writeFiles(cwd, { 'flows/good.yaml': `name: good\n${log('hi')}`, 'flows/bad.yaml': failing });
    watch = await startWatch(['flows'], cwd);
    const ran = async (line: string) => listRan((await watch?.next(() => watch?.press(line))) ?? '');
    expect(await ran('f')).toEqual(['bad']);
    expect(await ran('')).toEqual(['bad']);
    expect(await ran('a')).toEqual(['bad', 'good']);
    expect(await ran('p good')).toEqual(['good']);
    expect(await ran('p nowhere')).toEqual([]);
    expect(watch.shown).toContain(' there is no such flow\n');
    expect(watch.shown).toContain(', only paths with `nowhere`; keys: ');
    expect(await ran('p')).toEqual(['bad', 'good']);
    expect(await ran('o rest')).toEqual(['bad']);
    expect(watch.shown).toMatch(/✓ rest .*\n\n ✓ passed in \S+ m?s {3}1 passed\n watching .*only the step `rest`/);
    expect(await ran('?')).toEqual([]);
    watch.press('q');
    expect(await watch.ended).toBe(0);
  });

  it.each([
    ['--shard 1/2', '--shard'],
    ['--dry-run', '--dry-run'],
    ['--offline', '--offline'],
    ['--shard 1/2 --emit kubernetes', '--shard and --emit'],
  ])('%s: is refused', async (words, named) => {
    writeFiles(cwd, { 'a.yaml': `name: a\n${log('hi')}` });
    expect(await callCommand(['run', '-w', 'a.yaml', ...words.split(' ')], { cwd })).toEqual({
      exitCode: 2,
      output: '',
      errors: `testmesh: --watch does not go together with ${named}\n  = watch on one machine, where all flows run: leave one of them out\n`,
    });
  });
});
