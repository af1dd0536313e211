import { expect, it } from 'vitest';
import type { Token } from '../../../src/actions/oauth2/read-token.ts';
import { TokenStore } from '../../../src/actions/oauth2/token-store.ts';
import { ActionError } from '../../../src/model/action/outcome.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** Gives `1`, `2`, …, each for so long. */
function createAsk(lifetimeMs?: number) {
  let count = 0;
  const ask = async (): Promise<Token> => ({ text: String(++count), lifetimeMs });
  return { ask, count: () => count };
}

it('asks once for all who come at one time, and gives the same while it holds', async () => {
  const store = new TokenStore(createFakeClock());
  const { ask, count } = createAsk();
  expect(await Promise.all([store.take(ask), store.take(ask), store.take(ask)])).toEqual(['1', '1', '1']);
  expect([await store.take(ask), count()]).toEqual(['1', 1]);
});

it.each([
  [3_600_000, 3_570_000],
  [10_000, 8_000],
])('renews a token of %s ms after %s ms, before its end', async (lifetimeMs, renewAtMs) => {
  const clock = createFakeClock();
  const store = new TokenStore(clock);
  const { ask } = createAsk(lifetimeMs);
  expect(await store.take(ask)).toBe('1');
  await clock.advance(renewAtMs - 1);
  expect(await store.take(ask)).toBe('1');
  await clock.advance(1);
  expect(await store.take(ask)).toBe('2');
});

it('renews one that was refused, once for all who were refused with it', async () => {
  const store = new TokenStore(createFakeClock());
  const { ask } = createAsk();
  const first = await store.take(ask);
  expect(await Promise.all([store.take(ask, first), store.take(ask, first)])).toEqual(['2', '2']);
  expect(await store.take(ask, first)).toBe('2');
});

it('tells all who wait why there is none, and asks again where only the one that asked was stopped', async () => {
  const store = new TokenStore(createFakeClock());
  const refuse = () => Promise.reject(new ActionError({ kind: 'auth', message: 'no' }));
  const { ask, count } = createAsk();
  const refused = await Promise.allSettled([store.take(refuse), store.take(ask)]);
  expect([refused.map(({ status }) => status), count()]).toEqual([['rejected', 'rejected'], 0]);
  const stop = () => Promise.reject(new ActionError({ kind: 'timeout', message: 'late' }));
  const stopped = await Promise.allSettled([store.take(stop), store.take(ask)]);
  expect(stopped.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});
