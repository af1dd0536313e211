import { Agent, get } from 'node:http';
import { expect, it, vi } from 'vitest';
import { StubServer } from '../../../src/actions/stub/stub-server.ts';
import { createTransport } from '../../../src/actions/stub/transport.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

async function openEmpty(onMany?: () => void): Promise<{ server: StubServer; port: number }> {
  const transport = await createTransport({}, { directory: '/', nowMs: 0 });
  const server = new StubServer(transport, [], {
    clock: createClock(),
    render: () => ({ status: 200, headers: [], body: undefined }),
    delayOf: () => 0,
    followUp: () => undefined,
    answerUnmatched: () => ({ status: 404, headers: [], body: undefined }),
    onProblem: () => undefined,
    ...(onMany && { onMany }),
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

it('says once that it is asked much, and not before it is', async () => {
  const onMany = vi.fn();
  const { server, port } = await openEmpty(onMany);
  await ask(port, 499);
  expect(onMany).not.toHaveBeenCalled();
  await ask(port, 502);
  expect(onMany).toHaveBeenCalledTimes(1);
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
