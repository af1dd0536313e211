import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { describeHttpFailure } from '../../../src/drivers/http/http-errors.ts';
import { HttpHandler } from '../../../src/drivers/http/http-handler.ts';
import { Http1Line } from '../../../src/drivers/http/http1-line.ts';
import { writeRequest } from '../../../src/drivers/http/request-writer.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { startTcpServer } from '../../support/servers/http-server.ts';

const RESET = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

it.each([
  [
    'of which a part came',
    'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
    /^the answer from h:1 ended after 3 of 10 bytes \(status 200, content-length: 10\): the connection was reset$/,
  ],
  ['of which nothing came', 'HTTP/1.1 100\r\n\r\n', /^h:1 closed the connection/],
])('says of a reset connection what an answer lacks %s', async (_title, part, message) => {
  const server = await startTcpServer((socket) => void socket.write(part));
  const socket = connect(server.port, '127.0.0.1');
  const failure = await new Promise((_resolve, reject) => {
    const handler = new HttpHandler(() => 0, new Stop());
    handler.start(() => undefined, reject);
    const line = new Http1Line(socket, { now: () => 0, onFree: () => undefined, onGone: () => undefined });
    line.send(writeRequest({ method: 'GET', path: '/', headers: [], body: undefined }, 'h'), handler);
    // Whether a peer's reset is seen as one depends on the machine.
    socket.on('data', () => socket.destroy(RESET));
  }).catch((error: unknown) => error);
  await server.close();
  expect(describeHttpFailure(failure, { peer: 'h:1' }).message).toMatch(message);
});
