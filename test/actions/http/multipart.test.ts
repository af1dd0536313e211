import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeMultipart, nameMultipartType, type Part } from '../../../src/actions/http/multipart.ts';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { ExactNumber } from '../../../src/expr/index.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { repeats } from '../../support/sample.ts';
import {
  answerNothing,
  type EchoServer,
  type SeenRequest,
  startEchoServer,
} from '../../support/servers/echo-server.ts';

const EVERY_BYTE = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7 + (index >> 8)) % 256));

let server: EchoServer;
let directory = '';
let io: FakeIo;

beforeAll(async () => {
  server = await startEchoServer();
  directory = mkdtempSync(join(tmpdir(), 'testmesh-multipart-'));
  mkdirSync(join(directory, 'files'));
  writeFileSync(join(directory, 'files/me.png'), EVERY_BYTE);
  writeFileSync(join(directory, 'notes.txt'), 'one\ntwo\r\n');
  writeFileSync(join(directory, 'a"b;c,d.bin'), 'x');
  writeFileSync(join(directory, 'empty'), '');
  writeFileSync(join(directory, 'large.bin'), '');
  truncateSync(join(directory, 'large.bin'), 257 * 1024 * 1024);
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  server.seen.length = 0;
  server.answer = answerNothing;
  io = createFakeIo({ directory });
});
afterEach(() => io.close());

const request = (settings: Record<string, unknown>) => ({ method: 'POST', url: `${server.url}/up`, ...settings });

async function send(settings: Record<string, unknown>): Promise<SeenRequest> {
  await runAction(httpRequest, request(settings), io);
  const last = server.seen.at(-1);
  if (!last) throw new Error('nothing was sent');
  return last;
}

/** Reads a body with the parser of Node's `fetch`, which is not ours. */
async function parse({ headers, body }: Pick<SeenRequest, 'headers' | 'body'>) {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': String(headers['content-type']) },
  }).formData();
  const parts: unknown[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') parts.push([name, value]);
    else parts.push([name, value.name, value.type, Buffer.from(await value.arrayBuffer())]);
  }
  return parts;
}

describe('multipart', () => {
  it.each<[string, Record<string, unknown>, unknown[]]>([
    ['a text', { a: 'x y' }, [['a', 'x y']]],
    [
      'numbers and bools as they are written',
      { n: new ExactNumber('59.9800'), b: true },
      [
        ['n', '59.9800'],
        ['b', 'true'],
      ],
    ],
    ['text with line ends and letters beyond ASCII', { näme: 'ü\n漢\r\n' }, [['näme', 'ü\n漢\r\n']]],
    [
      'a name more than once',
      { tag: ['a', { value: 'b' }] },
      [
        ['tag', 'a'],
        ['tag', 'b'],
      ],
    ],
    ['nothing', {}, []],
    ['a file, byte for byte', { picture: { file: 'files/me.png' } }, [['picture', 'me.png', 'image/png', EVERY_BYTE]]],
    [
      'a file with another name and type',
      { f: { file: 'notes.txt', filename: 'other "1".pdf', content_type: 'application/x-mine' } },
      [['f', 'other "1".pdf', 'application/x-mine', Buffer.from('one\ntwo\r\n')]],
    ],
    [
      'a file whose name says nothing',
      { f: { file: 'empty' } },
      [['f', 'empty', 'application/octet-stream', Buffer.alloc(0)]],
    ],
    [
      'a value as a file',
      { f: { value: { a: [1] }, filename: 'a.json' } },
      [['f', 'a.json', 'application/json', Buffer.from('{"a":[1]}')]],
    ],
    [
      'several files under one name',
      { f: [{ file: 'notes.txt' }, { file: 'empty', filename: 'e.csv' }] },
      [
        ['f', 'notes.txt', 'text/plain', Buffer.from('one\ntwo\r\n')],
        ['f', 'e.csv', 'text/csv', Buffer.alloc(0)],
      ],
    ],
  ])('%s', async (_, multipart, expected) => {
    expect(await parse(await send({ multipart }))).toEqual(expected);
  });

  it('sends a map as JSON, and says so in the part', async () => {
    const { body } = await send({
      multipart: { meta: { value: { id: new ExactNumber('9007199254740993') } }, t: 'x' },
    });
    const text = body.toString();
    expect(text).toContain('name="meta"\r\nContent-Type: application/json\r\n\r\n{"id":9007199254740993}\r\n');
    expect(text).toContain('name="t"\r\n\r\nx\r\n');
  });

  it('escapes names as browsers do, so that none ends early', async () => {
    const { body } = await send({ multipart: { 'a"b\r\nX: 1': { value: 'v', filename: 'c"\nd\\e' } } });
    expect(body.toString()).toContain(
      'Content-Disposition: form-data; name="a%22b%0D%0AX: 1"; filename="c%22%0Ad\\e"\r\n',
    );
  });

  it('is the same from run to run, with a boundary that no part holds', async () => {
    const multipart = { a: { file: 'notes.txt' }, b: 'x' };
    const [first, again] = [await send({ multipart }), await send({ multipart })];
    expect(again.body.equals(first.body)).toBe(true);
    const boundary = /boundary=(.+)$/.exec(String(first.headers['content-type']))?.[1] ?? '';
    const hostile = await send({ multipart: { a: `\r\n--${boundary}--\r\n`, b: 'x' } });
    expect(hostile.headers['content-type']).not.toContain(boundary);
    expect(await parse(hostile)).toEqual([
      ['a', `\r\n--${boundary}--\r\n`],
      ['b', 'x'],
    ]);
  });

  it('survives any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const likeBoundary = fc
      .constantFrom('------testmesh-0-part', '--', '\r\n', '------testmesh-1-part--')
      .map(Buffer.from);
    const content = fc.array(fc.oneof(bytes, likeBoundary), { maxLength: 5 }).map((list) => Buffer.concat(list));
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 4 }), async (contents) => {
        const parts: Part[] = contents.map((content, index) => ({
          name: `p${index}`,
          filename: 'f',
          type: 'a/b',
          content,
          path: undefined,
        }));
        const body = encodeMultipart(parts, undefined);
        const headers = { 'content-type': nameMultipartType(body, undefined) };
        expect(await parse({ headers, body: body.bytes })).toEqual(
          contents.map((content, index) => [`p${index}`, 'f', 'a/b', content]),
        );
      }),
      { numRuns: repeats('multipart bodies', 200) },
    );
  });

  it.each([
    ['multipart/form-data', /^multipart\/form-data; boundary=----testmesh/],
    ['multipart/mixed; charset=utf-8', /^multipart\/mixed; charset=utf-8; boundary=----testmesh/],
    ['multipart/form-data; boundary="mine"', /^multipart\/form-data; boundary="mine"$/],
    ['application/json', /^application\/json$/],
  ])('with the content type %s', async (type, expected) => {
    const { headers, body } = await send({ headers: { 'Content-Type': type }, multipart: { a: '1' } });
    expect(headers['content-type']).toMatch(expected);
    const boundary = /boundary="?([^"]+)/.exec(String(headers['content-type']))?.[1] ?? '----testmesh-0-part';
    expect(body.toString()).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${boundary}--\r\n`,
    );
  });

  it('leaves nil out, and says so', async () => {
    const { body } = await send({ multipart: { a: null, b: { value: null }, c: ['1', null] } });
    expect(body.toString().match(/name="\w"/g)).toEqual(['name="c"']);
    expect(io.notes).toEqual(['a', 'b', 'c'].map((name) => `the part \`${name}\` is nil: not sent`));
  });

  it.each([
    [307, EVERY_BYTE.length],
    [303, 0],
  ])('after %i', async (status, length) => {
    server.answer = (seen, response) => {
      if (seen.url === '/up') response.writeHead(status, { location: '/there' }).end();
      else answerNothing(seen, response);
    };
    const last = await send({ multipart: { picture: { file: 'files/me.png' } } });
    expect(last.url).toBe('/there');
    if (length > 0) expect(await parse(last)).toEqual([['picture', 'me.png', 'image/png', EVERY_BYTE]]);
    else expect([last.method, last.body.length, last.headers['content-type']]).toEqual(['GET', 0, undefined]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a file that is not there',
      { a: { file: 'no.png' } },
      'the file `no.png` of the part `a` cannot be read: it does not exist',
    ],
    ['a folder', { a: { file: 'files' } }, 'the file `files` of the part `a` cannot be read: it is a folder'],
    [
      'a device',
      { a: { file: '/dev/zero' } },
      'the file `/dev/zero` of the part `a` cannot be read: it is a device, not a file',
    ],
    ['too much', { a: 'x', b: { file: 'large.bin' } }, 'the parts of `multipart` are together larger than 256 MB'],
    ['neither', { a: { filename: 'x' } }, 'the part `a` needs one of `file` and `value`'],
    ['both', { a: { file: 'notes.txt', value: 1 } }, 'the part `a` needs one of `file` and `value`'],
    [
      'a type that ends the line',
      { a: { value: 1, content_type: 'a/b\r\nX: 1' } },
      'the `content_type` of the part `a` has characters that a header cannot carry',
    ],
  ])('sends nothing with %s', async (_, multipart, message) => {
    const { problem } = await failAction(httpRequest, request({ multipart }), io);
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'authoring', message });
    expect(server.seen).toEqual([]);
  });

  it('sends nothing with a boundary of the author that a part holds', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=mine' };
    const { problem } = await failAction(httpRequest, request({ headers, multipart: { a: 'x --mine' } }), io);
    expect(problem.message).toBe('the boundary `mine` occurs in the content of a part');
  });
});

describe('a multipart exchange', () => {
  it('shows the parts, files by their path', async () => {
    await send({
      multipart: {
        name: 'Ada',
        picture: { file: 'files/me.png' },
        meta: { value: { a: 1 } },
        log: { file: 'notes.txt', filename: 'log.csv' },
      },
    });
    expect(io.describeExchange()?.sentBody).toBe(
      [
        'name: Ada',
        `picture: @${directory}/files/me.png (image/png, 1024 bytes)`,
        'meta: {"a":1} (application/json)',
        `log: @${directory}/notes.txt (filename log.csv, text/csv, 9 bytes)`,
      ].join('\n'),
    );
  });

  it.each<[Record<string, unknown>]>([
    [{ name: 'Ada', picture: { file: 'files/me.png' } }],
    [{ a: '@x;type=y', b: '<"\'\\ $HOME', c: 'a\nb' }],
    [{ a: { value: { q: '";\\ \'' } }, b: { value: 'x', content_type: 'text/plain' } }],
    [{ a: { file: 'a"b;c,d.bin' }, b: { file: 'notes.txt', filename: 'n;o,"p' } }],
    [{ a: { value: 'as a file', filename: 'f.txt' } }],
    [{ t: ['1', '2'] }],
  ])('curl sends the same: %j', async (multipart) => {
    const own = await parse(await send({ multipart }));
    const line = io.describeExchange()?.byHand ?? '';
    await promisify(execFile)('sh', ['-c', `${line} -s`]);
    const theirs = server.seen.at(-1);
    expect(theirs?.method).toBe('POST');
    expect(theirs && (await parse(theirs))).toEqual(own);
    expect(server.seen).toHaveLength(2);
  });
});

describe('before the run', () => {
  it.each<[unknown, string, readonly (string | number)[]]>([
    [{ a: {} }, 'the part `a`: expected one of `file` and `value`, got none of them', ['multipart', 'a']],
    [
      { a: ['x', { file: 'f', value: 1 }] },
      'the part `a`: expected one of `file` and `value`, got both',
      ['multipart', 'a', 1],
    ],
  ])('finds %j', (multipart, message, path) => {
    expect(httpRequest.settings.check?.({ url: 'http://h', method: 'PUT', multipart })).toMatchObject([
      { severity: 'error', code: 'TM307', message, path },
    ]);
  });

  it('warns of a body that would not be read', () => {
    const find = (settings: Record<string, unknown>) =>
      httpRequest.settings
        .check?.({ url: 'http://h', multipart: {}, ...settings })
        .map(({ code, message }) => `${code} ${message}`);
    expect(find({})).toEqual(['TM310 `multipart` is sent with GET, whose body services do not read']);
    expect(find({ method: 'post', headers: { 'content-type': 'application/json' } })).toEqual([
      'TM305 `multipart` is sent as `multipart/form-data`, though its content-type is `application/json`',
    ]);
    expect(find({ method: 'post', headers: { 'content-type': 'multipart/mixed' } })).toEqual([]);
  });
});
