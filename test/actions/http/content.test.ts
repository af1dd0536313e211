import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { repeats, sample } from '../../support/sample.ts';
import { type EchoServer, startEchoServer } from '../../support/servers/echo-server.ts';

const inFullRun = it.runIf(repeats('further tests of large bodies', 1, 0) > 0);

const MB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const data = { ok: true, words: Array.from({ length: 2000 }, (_, at) => `word ${at * 7919}`) };
const body = Buffer.from(JSON.stringify(data));
const PACKED: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(body),
  'x-gzip': gzipSync(body),
  deflate: deflateSync(body),
  'deflate without a head': deflateRawSync(body),
  br: brotliCompressSync(body),
  'gzip, br': brotliCompressSync(gzipSync(body)),
};

let server: EchoServer;
let io: FakeIo;
let directory = '';
beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => server.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'testmesh-content-'));
  io = createFakeIo({ directory });
});
afterEach(async () => {
  await io.close();
  rmSync(directory, { recursive: true, force: true });
});

function answer(bytes: Buffer, headers: Readonly<Record<string, string>>): void {
  server.answer = (_, response) => void response.writeHead(200, headers).end(bytes);
}

const packed = (name: string) => ({ ...JSON_TYPE, 'content-encoding': name.replace(/ .*head$/, '') });
const send = (more = {}) => runAction(httpRequest, { url: server.url, ...more }, io);
const fail = (more = {}) => failAction(httpRequest, { url: server.url, ...more }, io);

describe('a packed body', () => {
  it.each(Object.entries(PACKED))('of %s is unpacked', async (name, bytes) => {
    answer(bytes, packed(name));
    expect((await send()).result).toMatchObject({ body: data, size: bytes.length });
  });

  it.each(
    Object.entries(PACKED).flatMap(([name, bytes]) => [1, 2, 3].map((quarter) => [name, quarter, bytes] as const)),
  )(
    'of %s that breaks off after %i quarters is an error, however much of it could be read',
    async (name, quarter, bytes) => {
      const part = bytes.subarray(0, Math.floor((bytes.length * quarter) / 4));
      answer(part, packed(name));
      const { problem } = await fail();
      expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'HTTP_BODY_BROKEN' });
      expect(problem.message).toMatch(
        /^the answer from 127\.0\.0\.1:\d+ is incomplete: its `.*` data breaks off after /,
      );
      expect(io.describeExchange()?.received).toBe('200 application/json');
      expect(io.notes).toEqual([]);
    },
  );

  it.each([
    ['the last byte of', 'gzip', -1],
    ['the sum behind', 'gzip', -8],
    ['the last byte of', 'deflate', -1],
    ['the last byte of', 'br', -1],
  ])('without %s %s is incomplete', async (_, name, end) => {
    answer((PACKED[name] ?? body).subarray(0, end), packed(name));
    expect((await fail()).problem.code).toBe('HTTP_BODY_BROKEN');
  });

  it('that was changed on its way is incomplete', async () => {
    const bytes = Buffer.from(PACKED['gzip'] ?? body);
    bytes[bytes.length - 6] = ~(bytes[bytes.length - 6] ?? 0);
    answer(bytes, packed('gzip'));
    expect((await fail()).problem.message).toMatch(/its `gzip` data is damaged$/);
  });

  it('saves nothing when it is incomplete', async () => {
    answer((PACKED['gzip'] ?? body).subarray(0, -20), packed('gzip'));
    await fail({ save_to: 'x' });
    expect(existsSync(join(directory, 'x'))).toBe(false);
  });

  it.each([
    ['gzip', 'gzip'],
    ['x-gzip', 'x-gzip'],
    ['deflate', 'deflate'],
    ['br', 'br'],
    ['gzip, identity', 'gzip'],
  ])('that is not in %s is an error, whatever its status', async (name, encoding) => {
    for (const status of [200, 502]) {
      server.answer = (_, response) => void response.writeHead(status, packed(name)).end('"plain"');
      expect((await fail()).problem).toMatchObject({
        outcome: 'errored',
        kind: 'connection',
        code: 'HTTP_BODY_BROKEN',
        message: expect.stringContaining(
          `cannot be read: its \`content-encoding\` is \`${name}\`, and its body is no \`${encoding}\` data`,
        ),
      });
    }
  });

  it.each(['zstd', 'none-such'])('whose encoding %s nobody knows is given as it came, with a note', async (name) => {
    answer(Buffer.from('"plain"'), packed(name));
    expect((await send()).result['body']).toBe('plain');
    expect(io.notes).toEqual([`the body could not be decompressed (content-encoding \`${name}\`): given as it came`]);
  });
});

it('that says in two ways where it ends gets a note', async () => {
  server.answer = (_, { socket }) =>
    void socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n');
  expect((await send()).result['body']).toBe('a');
  expect(io.notes).toEqual([
    'the answer has both `transfer-encoding: chunked` and `content-length: 9`, which HTTP forbids: the length was ignored',
  ]);
});

describe('a body that ends with its connection', () => {
  const end = (text: string, headers = '') => {
    server.answer = (_, response) => {
      const { socket } = response;
      socket?.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}\r\n${text}`);
    };
  };

  it.each(['{"a":[1,2', '{"a":"b', '[{"a":"}]"},', '{'])(
    'in the middle of its JSON is incomplete: %s',
    async (text) => {
      end(text);
      const { problem } = await fail();
      expect(problem).toMatchObject({ kind: 'connection', code: 'HTTP_BODY_BROKEN' });
      expect(problem.message).toContain(`is incomplete: its JSON breaks off after ${text.length} byte`);
    },
  );

  it.each(['{"a":1}', '{oops}', '"x"', ''])('and is whole, or wrong in another way, is an answer: %s', async (text) => {
    end(text);
    expect((await send()).result['status']).toBe(200);
  });

  it('is an answer where it is as long as it says', async () => {
    end('{"a":', 'content-length: 5\r\n');
    expect((await send()).result['body']).toBe('{"a":');
    expect(io.notes[0]).toContain('the body is not valid JSON');
  });

  it('is given as it came where a part was asked for', async () => {
    server.answer = (_, response) =>
      void response.writeHead(206, packed('gzip')).end(PACKED['gzip']?.subarray(100, 200));
    expect((await send()).result['status']).toBe(206);
  });
});

describe('a body that is too large', () => {
  const zeros = gzipSync(Buffer.alloc(65 * MB, '0'));

  inFullRun('is an error with both sizes', async () => {
    answer(zeros, packed('gzip'));
    const { problem } = await fail();
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'budget', code: 'HTTP_BODY_TOO_LARGE' });
    expect(problem.message).toMatch(
      /^the answer from 127\.0\.0\.1:\d+ has 64\.\d KB compressed, and decompressed more than the 64 MB of `max_body`$/,
    );
  });

  it.each([
    ['1KB', Buffer.alloc(1025, ' '), 'has 1 KB, more than the 1 KB of `max_body`'],
    [
      '1KB',
      Buffer.from(`[${'[],'.repeat(33)}1]`),
      'has 102 bytes of JSON with more than 32 lists and maps, too many for the 1 KB of `max_body`',
    ],
  ])('by max_body: %s (%#)', async (max, bytes, message) => {
    answer(bytes, JSON_TYPE);
    expect((await fail({ max_body: max })).problem.message).toContain(message);
  });

  inFullRun('is none where max_body lets it in', async () => {
    answer(zeros, { ...packed('gzip'), 'content-type': 'text/plain' });
    const { result } = await send({ max_body: '70MB' });
    expect(String(result['body']).length).toBe(65 * MB);
  });

  inFullRun('goes to a file all the same, and is nil', async () => {
    answer(zeros, packed('gzip'));
    const { result } = await send({ save_to: 'zeros' });
    expect(result).toMatchObject({ body: null, saved_to: 'zeros' });
    expect(statSync(join(directory, 'zeros')).size).toBe(65 * MB);
    expect(io.notes).toEqual([
      `saved to zeros (${65 * MB} bytes)`,
      '`body` is nil, since the answer is larger than `max_body`: it is only in the file',
    ]);
  });

  it.each(
    sample<[string, (bytes: Buffer) => Buffer, Record<string, string>]>(
      'large bodies that are saved',
      [
        ['plain', (bytes) => bytes, {}],
        ['packed', (bytes) => gzipSync(bytes, { level: 0 }), packed('gzip')],
      ],
      { count: 1 },
    ),
  )('is not held in memory when it is saved: %s', async (_, pack, headers) => {
    const bytes = Buffer.alloc(5 * MB, 'abc');
    server.answer = ({ url }, response) => {
      if (url === '/') response.writeHead(302, { location: '/y' }).end(Buffer.alloc(2 * MB, '-'));
      else response.writeHead(200, headers).end(pack(bytes));
    };
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`testmesh-${io.facts.traceId}`));
    const { result } = await send({ save_to: 'large', max_body: '1MB' });
    expect(result).toMatchObject({ body: null, size: pack(bytes).length, saved_to: 'large' });
    expect(readFileSync(join(directory, 'large')).equals(bytes)).toBe(true);
    expect(temporary()).toEqual([]);
  });

  it('leaves what was there when it is not whole', async () => {
    answer(gzipSync(Buffer.alloc(5 * MB, 'abc'), { level: 0 }).subarray(0, 4 * MB), packed('gzip'));
    writeFileSync(join(directory, 'x'), 'before');
    const { problem } = await fail({ save_to: 'x', max_body: '1MB' });
    expect(problem.message).toBe('the answer cannot be saved to `x`: unexpected end of file');
    expect(readdirSync(directory)).toEqual(['x']);
    expect(readFileSync(join(directory, 'x'), 'utf8')).toBe('before');
  });

  it.each(['5', 'much', '1TB', '257MB'])('max_body does not take %s', async (max) => {
    await expect(send({ max_body: max })).rejects.toThrow('expected');
  });
});
