import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseQuery } from '../../src/actions/database_query.ts';
import { redisGet } from '../../src/actions/redis.get.ts';
import { createFakeIo, type FakeIo } from '../support/fake-io.ts';
import { failAction } from '../support/run-action.ts';
import { sample } from '../support/sample.ts';
import { startTcpServer, type TestServer } from '../support/servers/http-server.ts';

let io: FakeIo;
const started: TestServer[] = [];
beforeEach(() => {
  io = createFakeIo();
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
  await Promise.all(started.splice(0).map((server) => server.close()));
});

/** A server of another kind: it greets with these bytes, or answers with them. */
async function start(bytes: string, greets: boolean): Promise<string> {
  const server = await startTcpServer((socket) => {
    socket.on('error', () => undefined);
    if (greets) socket.write(Buffer.from(bytes, 'latin1'));
    socket.on('data', () => greets || socket.write(Buffer.from(bytes, 'latin1')));
  });
  started.push(server);
  return server.peer;
}

const HTTP = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n';
const SSH = 'SSH-2.0-OpenSSH_9.6\r\n';
const BYTES = '\x00\x00\x00\x00garbage\xff\xfe';

describe('a server of another kind', () => {
  const CHECK = 'check the host and port in `connection`';
  it.each<[string, string, boolean, string, string]>([
    [
      'HTTP',
      HTTP,
      false,
      ': its answer begins with "HTTP/1.1 400 Bad Request"',
      `an HTTP server answers there: ${CHECK}`,
    ],
    ['SSH', SSH, true, ': its answer begins with "SSH-2.0-OpenSSH_9.6"', `an SSH server answers there: ${CHECK}`],
    ['bytes', BYTES, false, '', CHECK],
    [
      'a greeting of MySQL',
      'J\x00\x00\x00\x0a8.0.36\x00',
      true,
      '',
      `a MySQL or MariaDB server answers there: write \`mysql://\`, or ${CHECK}`,
    ],
  ])('is no Postgres server, and that is said at once: %s', async (_title, bytes, greets, beginning, hint) => {
    const peer = await start(bytes, greets);
    const config = { connection: `postgres://u:p@${peer}/d`, query: 'SELECT 1', timeout: '30s' };
    const { problem } = await failAction(databaseQuery, config, io);
    expect(problem).toMatchObject({
      kind: 'connection',
      message: `what answers at ${peer} is not a Postgres server${beginning}`,
      hints: [hint],
    });
  });

  it.each(
    sample<[string, string, string]>(
      'servers that are no MySQL server and wait',
      [
        ['Postgres', 'N', `a Postgres server answers there: write \`postgres://\`, or ${CHECK}`],
        ['HTTP', HTTP, `an HTTP server answers there: ${CHECK}`],
        ['Redis', '-ERR unknown command\r\n', `a Redis server answers there: ${CHECK}`],
        ['TLS', '\x15\x03\x01\x00\x02\x02\x46', `a server that wants TLS answers there: ${CHECK}`],
      ],
      { count: 2 },
    ),
  )('is no MySQL server though it waits to be asked: %s', async (_title, bytes, hint) => {
    const peer = await start(bytes, false);
    const config = { connection: `mysql://u:p@${peer}/d`, query: 'SELECT 1', timeout: '30s' };
    const { problem } = await failAction(databaseQuery, config, io);
    expect(problem.message).toContain(`what answers at ${peer} is not a MySQL or MariaDB server`);
    expect(problem.hints).toEqual([hint]);
  });

  it.each<[string, string]>([
    ['SSH', SSH],
    ['bytes', BYTES],
    ['Redis', '-ERR unknown command\r\n'],
  ])('is no MySQL server: %s', async (_title, bytes) => {
    const peer = await start(bytes, true);
    const config = { connection: `mysql://u:p@${peer}/d`, query: 'SELECT 1', timeout: '30s' };
    const { problem } = await failAction(databaseQuery, config, io);
    expect(problem.kind).toBe('connection');
    expect(problem.message).toContain(`what answers at ${peer} is not a MySQL or MariaDB server`);
  });

  it.each(
    sample<[string, string, boolean]>(
      'servers that are no Redis server',
      [
        ['HTTP', HTTP, false],
        ['SSH', SSH, true],
        ['bytes', BYTES, false],
        ['a greeting of MySQL', 'J\x00\x00\x00\x0a8.0.36\x00', true],
      ],
      { count: 2 },
    ),
  )('is no Redis server: %s', async (_title, bytes, greets) => {
    const peer = await start(bytes, greets);
    const { problem } = await failAction(redisGet, { url: `redis://${peer}`, key: 'k', timeout: '30s' }, io);
    expect(problem).toMatchObject({
      kind: 'connection',
      message: `what answers at ${peer} is not a Redis server`,
    });
  });
});
