import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { endWithEither } from '../../../src/engine/stop/end-with-either.ts';
import { onAbort } from '../../../src/engine/stop/on-abort.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('work that ends with either of two signals', () => {
  it.each([0, 1])('ends with signal %i, and is told its reason', async (which) => {
    const both = [new AbortController(), new AbortController()] as const;
    await endWithEither(both[0].signal, both[1].signal, async (signal) => {
      expect(signal.aborted).toBe(false);
      both[which]?.abort('enough');
      both[1 - which]?.abort('too late');
      expect(signal.reason).toBe('enough');
    });
  });

  it.each([0, 1])('is told when signal %i was aborted before', async (which) => {
    const both = [new AbortController(), new AbortController()] as const;
    both[which]?.abort('enough');
    await endWithEither(both[0].signal, both[1].signal, async (signal) => expect(signal.reason).toBe('enough'));
  });

  it('has the signal itself where there is no other', async () => {
    const { signal } = new AbortController();
    expect(await endWithEither(signal, undefined, async (given) => given)).toBe(signal);
  });

  it('leaves nothing in memory of work that is over, while both signals stay', async () => {
    const both = [new AbortController(), new AbortController()] as const;
    const seen: WeakRef<AbortSignal>[] = [];
    for (let look = 0; look < 50; look++) {
      await endWithEither(both[0].signal, both[1].signal, async (signal) => {
        onAbort(signal, () => undefined)();
        seen.push(new WeakRef(signal));
      });
    }
    for (let turn = 0; turn < 5; turn++) {
      await nextTurn();
      collectGarbage();
    }
    expect(seen.filter((signal) => signal.deref()).length).toBeLessThan(5);
    expect(both.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('passes on what the work throws, and listens no more', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    let kept: AbortSignal | undefined;
    const work = endWithEither(first.signal, second.signal, async (signal) => {
      kept = signal;
      throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    first.abort();
    expect(kept?.aborted).toBe(false);
  });
});
