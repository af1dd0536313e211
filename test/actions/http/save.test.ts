import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { repeats } from '../../support/sample.ts';
import { type EchoServer, startEchoServer } from '../../support/servers/echo-server.ts';

const inFullRun = it.runIf(repeats('further tests of saved bodies', 1, 0) > 0);

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

let server: EchoServer;
let root = '';
let directory = '';
let io: FakeIo;

beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => server.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-save-'));
  directory = join(root, 'flows');
  mkdirSync(join(directory, 'folder'), { recursive: true });
  mkdirSync(join(root, 'outside'));
  server.seen.length = 0;
  io = createFakeIo({ directory });
});
afterEach(async () => {
  await io.close();
  rmSync(root, { recursive: true, force: true });
});

function answer(body: Buffer | string, headers: Readonly<Record<string, string>> = {}, status = 200): void {
  server.answer = (_, response) => void response.writeHead(status, headers).end(body);
}

const send = (path: string, more = {}) => runAction(httpRequest, { url: server.url, save_to: path, ...more }, io);
const fail = (path: string) => failAction(httpRequest, { url: server.url, save_to: path }, io);
const read = (path: string) => readFileSync(join(directory, path));

describe('save_to', () => {
  it('writes the bytes that came, makes folders, and says where', async () => {
    answer(EVERY_BYTE, { 'content-type': 'image/png' });
    const { result, summary } = await send('out/deep/./x.png');
    expect(read('out/deep/x.png').equals(EVERY_BYTE)).toBe(true);
    expect(result).toMatchObject({ saved_to: 'out/deep/x.png', body: EVERY_BYTE.toString('base64'), status: 200 });
    expect([summary, io.notes]).toEqual(['200', ['saved to out/deep/x.png (256 bytes)']]);
  });

  it.each<[string, Buffer, Record<string, string>, number]>([
    ['unpacked', gzipSync(EVERY_BYTE), { 'content-encoding': 'gzip' }, 200],
    ['in the encoding that they came in', EVERY_BYTE, { 'content-type': 'text/plain; charset=iso-8859-1' }, 200],
    ['of an answer that refuses, too', EVERY_BYTE, { 'content-type': 'application/json' }, 500],
  ])('writes them %s', async (_, body, headers, status) => {
    answer(body, headers, status);
    await send('x');
    expect(read('x').equals(EVERY_BYTE)).toBe(true);
  });

  it('takes the place of a file that is there, all of it', async () => {
    writeFileSync(join(directory, 'x'), 'something longer');
    answer('short');
    await send('x');
    expect(read('x').toString()).toBe('short');
    answer('', {}, 200);
    await send('x');
    expect(read('x').length).toBe(0);
  });

  inFullRun('writes large bodies', async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, EVERY_BYTE);
    answer(large, { 'content-type': 'application/octet-stream' });
    await send('large.bin');
    expect(read('large.bin').equals(large)).toBe(true);
  });

  it('writes nothing when no answer came', async () => {
    server.answer = (_, response) => void response.destroy();
    expect((await fail('x')).problem.kind).toBe('connection');
    expect(existsSync(join(directory, 'x'))).toBe(false);
  });

  it('writes the last answer of redirects', async () => {
    server.answer = ({ url }, response) => {
      response.writeHead(url === '/' ? 302 : 200, { location: '/y' }).end(`at ${url}`);
    };
    await send('x');
    expect(read('x').toString()).toBe('at /y');
  });

  it('does not wait for somebody who reads a pipe', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(directory, 'pipe')]);
    answer('x');
    expect((await fail('pipe')).problem.message).toBe(
      'the answer cannot be saved to `pipe`: it is a pipe or a device, not a file',
    );
  });

  it.each<[string, string, string]>([
    ['folder', 'file', 'the answer cannot be saved to `folder`: it is a folder'],
    ['taken/x', 'file', 'the answer cannot be saved to `taken/x`: a part of its path is a file'],
    [`${'n'.repeat(300)}`, 'file', `the answer cannot be saved to \`${'n'.repeat(300)}\`: its name is too long`],
  ])('to %s is an error, and the answer is still told', async (path, kind, message) => {
    writeFileSync(join(directory, 'taken'), '');
    answer('{"a":1}', { 'content-type': 'application/json' });
    const { problem } = await fail(path);
    expect(problem).toMatchObject({ outcome: 'errored', kind, message });
    expect(io.describeExchange()?.received).toBe('200 application/json');
  });
});

describe('what leaves the folder of the flow', () => {
  it.each([
    ['../x', "`save_to`: `../x` leaves the flow's folder"],
    ['a/../../x', "`save_to`: `a/../../x` leaves the flow's folder"],
    ['..', "`save_to`: `..` leaves the flow's folder"],
    ['/tmp/x', "`save_to`: `/tmp/x` leaves the flow's folder"],
    ['a/', '`save_to`: expected a file, got the folder `a/`'],
    ['a/..', '`save_to`: expected a file, got the folder of the flow'],
    [' ', '`save_to` is empty'],
  ])('%s is refused before the run, and in it', async (path, message) => {
    expect(httpRequest.settings.check?.({ url: 'http://h', save_to: path })).toMatchObject([
      { severity: 'error', code: 'TM309', path: ['save_to'], message },
    ]);
    answer('x');
    expect((await fail(path)).problem).toMatchObject({ kind: 'authoring', code: 'TM309', message });
    expect(readdirSync(root).sort()).toEqual(['flows', 'outside']);
    expect(server.seen.length).toBe(0);
  });

  it.each([
    ['a folder that is a link', 'link/x'],
    ['a folder below one', 'link/new/deep/x'],
    ['a file that is a link', 'file-link'],
    ['a link to nothing', 'dangling'],
  ])('%s is refused', async (_, path) => {
    writeFileSync(join(root, 'outside/there'), 'as it was');
    symlinkSync(join(root, 'outside'), join(directory, 'link'));
    symlinkSync(join(root, 'outside/there'), join(directory, 'file-link'));
    symlinkSync('../outside/not-there', join(directory, 'dangling'));
    answer('x');
    expect((await fail(path)).problem).toMatchObject({
      kind: 'authoring',
      message: `\`save_to\`: \`${path}\` leaves the flow's folder by a link`,
    });
    expect(readdirSync(join(root, 'outside'))).toEqual(['there']);
    expect(readFileSync(join(root, 'outside/there'), 'utf8')).toBe('as it was');
  });

  it('a link within is followed', async () => {
    symlinkSync('folder', join(directory, 'link'));
    answer('x');
    await send('link/x');
    expect(read('folder/x').toString()).toBe('x');
  });
});

it('has the name `saved_to` where it is asked for alone', () => {
  expect(httpRequest.result.keysOf?.({ save_to: 'x' })).toEqual({ saved_to: 'string' });
  expect(httpRequest.result.keysOf?.({})).toEqual({});
});
