import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { findFreePort } from '../../demo-services/stack/ports.ts';
import { tcpConnect } from '../../src/actions/tcp_connect.ts';
import { Stop } from '../../src/stop/stop.ts';
import { StopError } from '../../src/stop/stop-error.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { runAction } from '../support/run-action.ts';

it('opens a connection, and closes it again', async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = createServer((socket) => socket.on('close', closed).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const done = await runAction(tcpConnect, { host: '127.0.0.1', port: String(port) }, createFakeIo());
  expect(done).toEqual({ result: { connected: true }, summary: `127.0.0.1:${port} accepts connections` });
  await isClosed;
  server.close();
});

it('says that nothing listens', async () => {
  const port = await findFreePort();
  const trying = tcpConnect.run({ host: '127.0.0.1', port }, createFakeIo());
  await expect(trying).rejects.toMatchObject({
    problem: {
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: `nothing listens at 127.0.0.1:${port} (connection refused)`,
    },
  });
});

it.each([[0], ['http'], [70_000]])('takes no port %s', async (port) => {
  const trying = tcpConnect.run({ host: '127.0.0.1', port }, createFakeIo());
  await expect(trying).rejects.toMatchObject({ problem: { kind: 'authoring' } });
});

it('ends when it is stopped', async () => {
  const stop = new Stop();
  stop.end(new StopError('interrupted', 'stopped'));
  const trying = tcpConnect.run({ host: '127.0.0.1', port: 1 }, createFakeIo({ stop }));
  await expect(trying).rejects.toThrow('stopped');
});
