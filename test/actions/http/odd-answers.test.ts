import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { startTcpServer, type TestServer } from '../../support/servers/http-server.ts';

let io: FakeIo;
const started: TestServer[] = [];
beforeEach(() => {
  io = createFakeIo();
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
  await Promise.all(started.splice(0).map((server) => server.close()));
});

/** A server that answers everything with the same bytes; `connections` grows with each one that is opened. */
async function start(answer: string | Buffer) {
  const connections: unknown[] = [];
  const server = await startTcpServer((socket) => {
    connections.push(socket);
    socket.on('data', () => socket.write(answer));
  });
  started.push(server);
  return { url: server.url, peer: server.peer, connections };
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('answers that are allowed', () => {
  it.each<[string, string, object]>([
    [
      '304 with a length',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 120\r\nETag: "a"\r\n\r\n',
      { status: 304, body: null, size: 0 },
    ],
    [
      '204 with a length',
      'HTTP/1.1 204 No Content\r\nContent-Length: 120\r\n\r\n',
      { status: 204, body: null, size: 0 },
    ],
    ['100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, { status: 200, body: 'ok' }],
    ['a length said twice', OK.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\n'), { status: 200, body: 'ok' }],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n', { status: 101, body: null }],
  ])('%s, whatever the method', async (_, answer, expected) => {
    const { url } = await start(answer);
    for (const method of ['GET', 'POST', 'GET']) {
      const { result } = await runAction(httpRequest, { url, method, follow_redirects: false }, io);
      expect(result).toMatchObject(expected);
    }
  });

  it('leave the connection open for the next step and the next flow', async () => {
    const { url, connections } = await start('HTTP/1.1 304 Not Modified\r\nContent-Length: 120\r\n\r\n');
    const other = createFakeIo({ run: io.resources });
    for (const of of [io, other, io]) await runAction(httpRequest, { url }, of);
    await other.close();
    await runAction(httpRequest, { url }, io);
    expect(connections).toHaveLength(1);
  });

  it('come for a request that expects a 100 first', async () => {
    const { url } = await start(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
    const settings = { url, method: 'POST', body: 'x', headers: { Expect: '100-continue' } };
    expect((await runAction(httpRequest, settings, io)).result).toMatchObject({ status: 200, body: 'ok' });
  });
});

describe('answers with more than their length', () => {
  const send = (length: number, body: string, type = 'application/json') =>
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`;

  it.each([
    ['text', send(5, 'hello world', 'text/plain'), 'hello', '6 bytes', 5],
    ['JSON that is whole', send(8, '{"id":1}\n'), { id: 1 }, '1 byte', 8],
  ])('get a note: %s', async (_, answer, body, excess, length) => {
    const { url, connections } = await start(answer);
    const { result } = await runAction(httpRequest, { url }, io);
    expect(result).toMatchObject({ body, size: length });
    const note = `the server sent at least ${excess} more than its \`content-length\` of ${length}: what is beyond it was not read`;
    expect(io.notes).toEqual([note]);
    await runAction(httpRequest, { url }, io);
    expect(connections).toHaveLength(2);
  });

  it.each([
    ['counted in characters', '{"name":"Zoë"}', 14],
    ['that ends within a character', '{"name":"Zoë"}', 12],
    ['that breaks off', '{"id":1,"name":"Ada"}', 10],
  ])('are an error where they are JSON %s', async (_, body, length) => {
    const { url, peer } = await start(send(length, body));
    const { problem } = await failAction(httpRequest, { url }, io);
    const excess = Buffer.byteLength(body) - length;
    const sent = `the server sent at least ${excess} byte${excess === 1 ? '' : 's'} more`;
    expect(problem).toMatchObject({
      outcome: 'errored',
      kind: 'connection',
      code: 'HTTP_BODY_BROKEN',
      message: `the answer from ${peer} is incomplete: its \`content-length\` of ${length} cuts its JSON off, for ${sent}`,
      hints: ['a `content-length` counts bytes, not characters: check how the service works it out'],
    });
  });

  it('are as before where JSON is none anyway, and nothing more came', async () => {
    const { url } = await start(send(5, '{"id"'));
    const { result } = await runAction(httpRequest, { url }, io);
    expect(result).toMatchObject({ body: '{"id"' });
    expect(io.notes).toEqual([expect.stringContaining('is not valid JSON')]);
  });
});

describe('answers that are not', () => {
  it.each([
    ['two lengths', OK.replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n'), 'its `content-length` is "2, 3"'],
    ['a header without a colon', OK.replace('\r\n\r\n', '\r\noops\r\n\r\n'), 'a line of its headers is "oops"'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'its first line is "HTTP/1.1 20 OK"'],
  ])('%s', async (_, answer, why) => {
    const { url, peer } = await start(answer);
    const { problem } = await failAction(httpRequest, { url }, io);
    const message = `${peer} answered with something that is not HTTP: ${why}`;
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'HTTP_BROKEN', message });
  });
});

it('an answer that begins as those of HTTP/2 do is known', async () => {
  const { url } = await start(Buffer.from('000006040000000000000400ffff', 'hex'));
  const { problem } = await failAction(httpRequest, { url }, io);
  expect(problem).toMatchObject({
    code: 'HTTP_BROKEN',
    hints: ['it speaks HTTP/2 from the first byte: write `http2: true`'],
  });
});

describe('what is shared', () => {
  it('is the connections, not the cookies', async () => {
    const asked: string[] = [];
    const connections: unknown[] = [];
    const server = await startTcpServer((socket) => {
      connections.push(socket);
      socket.on('data', (chunk) => {
        asked.push(/^cookie: (.*)\r$/im.exec(chunk.toString())?.[1] ?? '');
        socket.write(OK.replace('\r\n\r\n', '\r\nset-cookie: a=1\r\n\r\n'));
      });
    });
    started.push(server);
    for (let flow = 0; flow < 3; flow++) {
      const other = createFakeIo({ run: io.resources });
      for (let step = 0; step < 2; step++) await runAction(httpRequest, { url: server.url }, other);
      await other.close();
    }
    expect(asked).toEqual(['', 'a=1', '', 'a=1', '', 'a=1']);
    expect(connections).toHaveLength(1);
  });

  it.each([{ 'Transfer-Encoding': 'chunked' }, { 'Content-Length': '5' }])(
    'has no way for the headers %j',
    async (headers) => {
      const { url, connections } = await start(OK);
      const { problem } = await failAction(httpRequest, { url, method: 'POST', body: 'x', headers }, io);
      expect(problem).toMatchObject({
        kind: 'authoring',
        message: expect.stringContaining('the request cannot be sent: `'),
      });
      expect(connections).toHaveLength(0);
    },
  );
});

describe('bodies that are odd', () => {
  const answer = (type: string, body: string): string =>
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  it.each<[string, string, string, unknown, string[]]>([
    [
      'a charset that there is not, of JSON',
      'application/json; charset=none',
      '{"id":"ü"}',
      { id: 'ü' },
      ['the charset `none` of the body is unknown: read as UTF-8'],
    ],
    [
      'a charset that there is not, of text',
      'text/plain; charset="utf-8-bom"',
      'ü',
      'ü',
      ['the charset `utf-8-bom` of the body is unknown: read as UTF-8'],
    ],
    [
      'JSON with a broken place',
      'application/json',
      '{"id": 1,\n "items": [1,2,,3]}',
      '{"id": 1,\n "items": [1,2,,3]}',
      [
        'the body is not valid JSON, though its type is `application/json`: given as text; line 2, column 16: expected a value, got `,`',
      ],
    ],
    [
      'a key twice',
      'application/json',
      '{"id": 1, "id": 2}',
      { id: 2 },
      ['`id` occurs twice as a key in a map of the body: the last one counts'],
    ],
    [
      'a key twice, of no type',
      '',
      '{"id": 1, "id": 2}',
      { id: 2 },
      ['`id` occurs twice as a key in a map of the body: the last one counts'],
    ],
  ])('%s', async (_title, type, body, value, notes) => {
    const { url } = await start(answer(type, body));
    const { result } = await runAction(httpRequest, { url }, io);
    expect(result['body']).toEqual(value);
    expect(io.notes).toEqual(notes);
  });

  it('a `Location` in UTF-8 is followed, and read as what it says', async () => {
    const to = '/ziél-日';
    const moved = await start(`HTTP/1.1 302 Found\r\nlocation: ${to}\r\ncontent-length: 0\r\n\r\n`);
    const { result } = await runAction(httpRequest, { url: moved.url, follow_redirects: false }, io);
    expect((result['headers'] as { location: string }).location).toBe(to);
    const failed = await failAction(httpRequest, { url: moved.url, max_redirects: 1 }, io);
    expect(failed.problem.message).toContain(encodeURI(to));
  });

  it('a header in Latin-1 is read as what it says', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-disposition: attachment; filename="zi\xe9l"\r\ncontent-length: 0\r\n\r\n';
    const { url } = await start(Buffer.from(head, 'latin1'));
    const { result } = await runAction(httpRequest, { url }, io);
    expect(result['headers']).toMatchObject({ 'content-disposition': 'attachment; filename="ziél"' });
  });
});
