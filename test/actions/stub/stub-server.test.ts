import { Agent, get } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { afterEach, expect, it, vi } from 'vitest';
import { StubServer } from '../../../src/actions/stub/stub-server.ts';
import { createTransport } from '../../../src/actions/stub/transport.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

vi.mock('node:v8', async (original) => ({ ...(await original<object>()), setFlagsFromString: vi.fn() }));
afterEach(() => vi.clearAllMocks());

async function openEmpty(): Promise<{ server: StubServer; port: number }> {
  const transport = await createTransport({}, { directory: '/', nowMs: 0 });
  const server = new StubServer(transport, [], {
    clock: createClock(),
    render: () => ({ status: 200, headers: [], body: undefined }),
    delayOf: () => 0,
    followUp: () => undefined,
    answerUnmatched: () => ({ status: 404, headers: [], body: undefined }),
    onProblem: () => undefined,
  });
  return { server, port: await server.listen(0) };
}

async function ask(port: number, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const one = () =>
    new Promise<void>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
    });
  await Promise.all(Array.from({ length: count }, one));
  agent.destroy();
}

it('has V8 optimise as for a server once it was asked often, and not before', async () => {
  const { server, port } = await openEmpty();
  await ask(port, 499);
  expect(setFlagsFromString).not.toHaveBeenCalled();
  await ask(port, 3);
  expect(setFlagsFromString).toHaveBeenCalledWith('--sparkplug');
  expect(vi.mocked(setFlagsFromString).mock.calls.filter(([flag]) => flag === '--sparkplug')).toHaveLength(1);
  await server.close();
});

it('counts exactly with 1,000 connections at a time', async () => {
  const { server, port } = await openEmpty();
  const one = () =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: false }, (answer) =>
        answer.resume().on('end', () => resolve(answer.statusCode)),
      ).on('error', reject);
    });
  const statuses = await Promise.all(Array.from({ length: 1000 }, one));
  expect(statuses.every((status) => status === 404)).toBe(true);
  expect([server.log.total, server.unmatched.count]).toEqual([1000, 1000]);
  await server.close();
});
