import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpBroken } from '../../../src/drivers/http/http-broken.ts';
import { ResponseReader } from '../../../src/drivers/http/response-reader.ts';

interface Read {
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly isKept?: boolean;
  readonly keptSeconds?: number | undefined;
  readonly excess?: number;
  readonly error?: string;
}

/** Reads pieces; `$` behind the last one: then the peer ends the connection. */
function read(pieces: readonly Buffer[], { method = 'GET', isEnded = false } = {}): Read {
  let status: number | undefined;
  let headers: readonly string[] = [];
  const chunks: Buffer[] = [];
  const reader = new ResponseReader(method, {
    onHeaders(code, given) {
      status = code;
      headers = given;
    },
    onData: (chunk) => chunks.push(chunk),
  });
  try {
    for (const piece of pieces) reader.push(piece);
    if (isEnded) reader.end();
  } catch (error) {
    if (!(error instanceof HttpBroken)) throw error;
    return { error: error.message };
  }
  if (!reader.isDone || status === undefined) return { error: 'waits for more' };
  const body = Buffer.concat(chunks).toString();
  return { status, headers, body, isKept: reader.isKept, keptSeconds: reader.keptSeconds, excess: reader.excessBytes };
}

interface Case {
  /** What the answer is for. */
  readonly method?: string;
  readonly isEnded?: boolean;
  readonly expected: Read;
}

const HEAD = 'HTTP/1.1 200 OK\r\n';
const cases: readonly (readonly [string, string, Case])[] = [
  [
    'a length',
    `${HEAD}Content-Type: a/b\r\nX-A:  1 \r\nX-A:\r\ncontent-length: 3\r\n\r\nabc`,
    {
      expected: {
        status: 200,
        headers: ['Content-Type', 'a/b', 'X-A', '1', 'X-A', '', 'content-length', '3'],
        body: 'abc',
        isKept: true,
      },
    },
  ],
  ['no reason', 'HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n', { expected: { status: 404, body: '', isKept: true } }],
  [
    'text in UTF-8',
    `${HEAD}x: ü\r\ncontent-length: 0\r\n\r\n`,
    { expected: { headers: ['x', 'ü', 'content-length', '0'] } },
  ],
  [
    'a folded line',
    `${HEAD}x: a\r\n  b\r\ncontent-length: 0\r\n\r\n`,
    { expected: { headers: ['x', 'a b', 'content-length', '0'] } },
  ],
  [
    'lines that end with LF',
    'HTTP/1.1 200 OK\nx: a\ncontent-length: 2\n\n\n\n',
    { expected: { headers: ['x', 'a', 'content-length', '2'], body: '\n\n' } },
  ],
  ['an empty line before it', `\r\n\r\n${HEAD}content-length: 1\r\n\r\na`, { expected: { body: 'a', isKept: true } }],
  [
    'more than its length',
    `${HEAD}content-length: 1\r\n\r\nabc`,
    { expected: { body: 'a', isKept: false, excess: 2 } },
  ],
  ['a body that its length denies', `${HEAD}content-length: 0\r\n\r\nabc`, { expected: { body: '', excess: 3 } }],
  [
    'more than its chunks',
    `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\n\r\nab`,
    { expected: { isKept: false, excess: 0 } },
  ],
  [
    'a body of a HEAD',
    `${HEAD}content-length: 3\r\n\r\nabc`,
    { method: 'HEAD', expected: { isKept: false, excess: 0 } },
  ],
  ['a body to the end', `${HEAD}\r\nabc`, { isEnded: true, expected: { body: 'abc', isKept: false } }],
  ['a body to the end that does not come', `${HEAD}\r\nabc`, { expected: { error: 'waits for more' } }],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na', { expected: { body: 'a', isKept: false } }],
  [
    'HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 1\r\n\r\na',
    { expected: { isKept: true } },
  ],
  ['a last answer', `${HEAD}Connection: foo, Close\r\ncontent-length: 1\r\n\r\na`, { expected: { isKept: false } }],
  [
    'how long it is kept',
    `${HEAD}Keep-Alive: max=9, timeout=5\r\ncontent-length: 0\r\n\r\n`,
    { expected: { isKept: true, keptSeconds: 5 } },
  ],
  [
    'chunks',
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x="1"\r\n0123456789\r\n0\r\n\r\n`,
    { expected: { body: 'abc0123456789', isKept: true } },
  ],
  [
    'trailers',
    `${HEAD}transfer-encoding: gzip, Chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n`,
    { expected: { body: 'a', isKept: true } },
  ],
  [
    'a coding that is no chunks',
    `${HEAD}transfer-encoding: gzip\r\n\r\nabc`,
    { isEnded: true, expected: { body: 'abc', isKept: false } },
  ],
  [
    'chunks and a length',
    `${HEAD}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    { expected: { body: 'a', isKept: false } },
  ],
  [
    'a length said twice',
    `${HEAD}content-length: 1\r\nContent-Length: 1\r\n\r\na`,
    { expected: { body: 'a', isKept: true } },
  ],
  ['a length said twice in one', `${HEAD}content-length: 1, 1\r\n\r\na`, { expected: { body: 'a', isKept: true } }],
  [
    'two lengths',
    `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\na`,
    { expected: { error: 'its `content-length` is "1, 2"' } },
  ],
  [
    'a length below zero',
    `${HEAD}content-length: -1\r\n\r\na`,
    { expected: { error: 'its `content-length` is "-1"' } },
  ],
  [
    '304 with a length',
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n',
    { expected: { status: 304, body: '', isKept: true } },
  ],
  [
    '204 with a length',
    'HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n',
    { expected: { status: 204, body: '', isKept: false } },
  ],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { expected: { status: 204, body: '', isKept: true } }],
  [
    '204 with no length to speak of',
    'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n',
    { expected: { isKept: true } },
  ],
  ['HEAD with a length', `${HEAD}content-length: 9\r\n\r\n`, { method: 'HEAD', expected: { body: '', isKept: true } }],
  [
    'HEAD with chunks',
    `${HEAD}transfer-encoding: chunked\r\n\r\n`,
    { method: 'HEAD', expected: { body: '', isKept: true } },
  ],
  [
    '100 that nobody asked for',
    `HTTP/1.1 100 Continue\r\n\r\n${HEAD}content-length: 1\r\n\r\na`,
    { expected: { status: 200, body: 'a', isKept: true } },
  ],
  [
    'hints and another 100',
    `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n${HEAD}content-length: 0\r\n\r\n`,
    { expected: { status: 200, headers: ['content-length', '0'] } },
  ],
  [
    'another protocol from here on',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
    { expected: { status: 101, body: '', isKept: false } },
  ],
  ['more than it says', `${HEAD}content-length: 1\r\n\r\nab`, { expected: { body: 'a', isKept: false } }],
  [
    'less than it says',
    `${HEAD}content-length: 2\r\n\r\na`,
    { isEnded: true, expected: { error: 'after 1 of 2 bytes (status 200, content-length: 2)' } },
  ],
  [
    'chunks without an end',
    `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\na\r\n`,
    { isEnded: true, expected: { error: 'after 1 byte, without its last chunk (status 200)' } },
  ],
  ['a head without an end', `${HEAD}a: b\r\n`, { isEnded: true, expected: { error: 'within its headers' } }],
  ['nothing', '', { isEnded: true, expected: { error: 'closed' } }],
  ['a hint and nothing else', 'HTTP/1.1 100 Continue\r\n\r\n', { isEnded: true, expected: { error: 'closed' } }],
  [
    'a chunk that is longer',
    `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n`,
    { expected: { error: 'a chunk of the body is longer than it says' } },
  ],
  [
    'a size that is none',
    `${HEAD}transfer-encoding: chunked\r\n\r\nx\r\n`,
    { expected: { error: 'the size of a chunk is "x"' } },
  ],
  ['a header without a colon', `${HEAD}oops\r\n\r\n`, { expected: { error: 'a line of its headers is "oops"' } }],
  [
    'a header with a blank in its name',
    `${HEAD}a b: c\r\n\r\n`,
    { expected: { error: 'a line of its headers is "a b: c"' } },
  ],
  ['a NUL', `${HEAD}a: b\0\r\n\r\n`, { expected: { error: 'a line of its headers is "a: b\\u0000"' } }],
  ['a status that is none', 'HTTP/1.1 20 OK\r\n\r\n', { expected: { error: 'its first line is "HTTP/1.1 20 OK"' } }],
];

describe('an answer of HTTP/1', () => {
  it.each(cases)('%s', (_, text, { expected, ...options }) => {
    const bytes = Buffer.from(text);
    expect(read([bytes], options)).toMatchObject(expected);
    const single = Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
    expect(read(single, options)).toMatchObject(expected);
  });

  it('is the same however it is cut', () => {
    const texts = cases.filter(([, , { expected }]) => expected.error === undefined);
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, ([, text, options], places) => {
        const bytes = Buffer.from(text);
        const sorted = [0, ...places.map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = sorted.slice(1).map((end, at) => bytes.subarray(sorted[at], end));
        expect(
          read(
            pieces.filter((piece) => piece.length > 0),
            options,
          ),
        ).toEqual(read([bytes], options));
      }),
    );
  });

  it.each([
    ['a greeting', 'SSH-2.0-OpenSSH\r\n', 'it begins with "SSH-2.0", as an SSH server does'],
    ['an alert of TLS', '\x15\x03\x01', 'it begins with "\\u0015\\u0003\\u0001", as a server that wants TLS does'],
    ['HTTP/2', 'HTTP/2 200\r\n', 'it begins with "HTTP/2 "'],
    ['one byte', 'x', 'it begins with "x"'],
  ])('is not %s, which is told at once', (_, text, error) => {
    expect(read([Buffer.from(text, 'latin1')])).toEqual({ error });
  });

  it('has a head of 16 KB at most', () => {
    const long = `${HEAD}a: ${'x'.repeat(16_400)}`;
    expect(read([Buffer.from(long)])).toEqual({ error: 'headers too large' });
    expect(read([Buffer.from(`${long}\r\n\r\n`)])).toEqual({ error: 'headers too large' });
  });

  it('never takes other bytes for more than they are', () => {
    const noise = fc.string({
      unit: fc.constantFrom('\r\n', '\n', 'a', ':', ' ', '0', '1', 'HTTP/1.1 200 OK', 'content-length', 'chunked'),
    });
    fc.assert(
      fc.property(noise, (text) => {
        const result = read([Buffer.from(`${HEAD}${text}`)], { isEnded: true });
        expect(result.error !== undefined || result.status === 200).toBe(true);
      }),
    );
  });
});
