import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Address } from '../../../../src/actions/fault/kafka/address.ts';
import { rewriteAnswer } from '../../../../src/actions/fault/kafka/answers.ts';
import { openProxy } from '../../../../src/actions/fault/open-proxy.ts';
import { createFakeIo, type FakeIo } from '../../../support/fake-io.ts';
import { writeRequest, writeSample } from './answer-samples.ts';

const METADATA = { api: 3, version: 12 };

let brokers: Server;
let named: readonly Address[];
let io: FakeIo;

beforeEach(async () => {
  io = createFakeIo();
  const nodes = () => named.map((address, id) => ({ ...address, id, rack: null }));
  brokers = createServer((socket) => {
    const answer = () => writeSample('Metadata', 12, { nodes: nodes(), text: null, bytes: Buffer.alloc(0) });
    socket.on('data', () => socket.write(answer())).on('error', () => socket.destroy());
  });
  await once(brokers.listen(0, '127.0.0.1'), 'listening');
  const { port } = brokers.address() as AddressInfo;
  named = [
    { host: '127.0.0.1', port },
    { host: 'localhost', port },
  ];
});
afterEach(async () => {
  await io.close();
  brokers.close();
});

function open(upstream = `127.0.0.1:${named[0]?.port}`) {
  return openProxy({ upstream, protocol: 'kafka' }, io);
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** The addresses in the answer to who the brokers are. */
async function ask(port: number): Promise<readonly Address[]> {
  const socket = await dial(port);
  socket.write(writeRequest(METADATA.api, METADATA.version));
  const [answer] = await once(socket, 'data');
  socket.destroy();
  const found: Address[] = [];
  rewriteAnswer(answer, METADATA, (address) => {
    found.push(address);
    return address;
  });
  return found;
}

it('has a port for each broker, made when it is first seen, and the same one each time', async () => {
  const proxy = await open();
  const [first, second, ...rest] = await ask(proxy.port);
  expect(rest).toEqual([]);
  expect(first).toEqual({ host: '127.0.0.1', port: proxy.port });
  expect(second?.port).not.toBe(proxy.port);
  expect(await ask(second?.port ?? 0)).toEqual([first, second]);
  expect(proxy.total.connections).toBe(2);
});

it('has a port for each upstream, and an address of them all', async () => {
  const port = named[0]?.port;
  const proxy = await open(`127.0.0.1:${port}, localhost:${port}`);
  const [first, second] = await ask(proxy.port);
  expect(proxy.address).toBe(`127.0.0.1:${first?.port},127.0.0.1:${second?.port}`);
});

it('is down at all its ports, and back at them', async () => {
  const proxy = await open();
  const ports = (await ask(proxy.port)).map(({ port }) => port);
  const idle = await Promise.all(ports.map(dial));
  const ended = idle.map((socket) => once(socket, 'close').catch((error: NodeJS.ErrnoException) => error.code));
  await proxy.faults.set({ proxy: 'gate', faults: { down: true } });
  expect(await Promise.all(ended)).toEqual(['ECONNRESET', 'ECONNRESET']);
  for (const port of ports) await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  // One that asked before may still be closing.
  expect((await proxy.faults.clear()).connections).toBeGreaterThanOrEqual(2);
  for (const port of ports) expect(await ask(port)).toHaveLength(2);
});

it('ends a connection whose answers it could not read, and says so', async () => {
  const proxy = await open();
  const socket = await dial(proxy.port);
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  socket.write(writeRequest(METADATA.api, 14));
  await ended;
  expect([...(proxy.troubles ?? [])]).toEqual([
    'a client asks for Metadata in version 14, and the proxy cannot read the answer to that',
  ]);
});
