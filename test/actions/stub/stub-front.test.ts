import { Agent, get } from 'node:http';
import { expect, it, vi } from 'vitest';
import { createUpkeep } from '../../../src/actions/stub/set-up-stub.ts';
import { StubView } from '../../../src/actions/stub/stub-view.ts';
import { StubFront } from '../../../src/actions/stub/wire/stub-front.ts';
import { createTransport } from '../../../src/actions/stub/wire/transport.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of the front of a stub', 1, 0) > 0);

async function openEmpty(onMany?: () => void): Promise<{ view: StubView; front: StubFront; port: number }> {
  const clock = createClock();
  const transport = await createTransport({}, { directory: '/', nowMs: 0 });
  const view = new StubView([], {
    ...createUpkeep(clock, { contract: undefined }),
    clock,
    answerUnmatched: () => ({ status: 404, headers: [], body: undefined }),
    ...(onMany && { onMany }),
  });
  const front = new StubFront(transport, clock, (arrival, reply) => view.take(arrival, reply));
  return { view, front, port: await front.listen(0) };
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

inFullRun('says once that it is asked much, and not before it is', async () => {
  const onMany = vi.fn();
  const { front, port } = await openEmpty(onMany);
  await ask(port, 199);
  expect(onMany).not.toHaveBeenCalled();
  await ask(port, 502);
  expect(onMany).toHaveBeenCalledTimes(1);
  await front.close();
});

const CONNECTIONS = repeats('connections to a stub at a time', 1000, 50);

it('counts exactly with many connections at a time', async () => {
  const { view, front, port } = await openEmpty();
  const one = () =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: false }, (answer) =>
        answer.resume().on('end', () => resolve(answer.statusCode)),
      ).on('error', reject);
    });
  const statuses = await Promise.all(Array.from({ length: CONNECTIONS }, one));
  expect(statuses.every((status) => status === 404)).toBe(true);
  expect([view.log.total, view.unmatched.count]).toEqual([CONNECTIONS, CONNECTIONS]);
  await front.close();
});
