import { describe, expect, it } from 'vitest';
import { type Persistence, persist } from '../../../src/drivers/kafka/deadline.ts';
import { KafkaError } from '../../../src/drivers/kafka/errors.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

const peers = [{ host: 'localhost', port: 9092 }];
const refused = new KafkaError('refused', { kind: 'connection', isTransient: true });
const moved = new KafkaError('moved', { kind: 'kafka', isTransient: true });
const denied = new KafkaError('denied', { kind: 'kafka' });

function limits(more: Partial<Persistence> & { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const { timeoutMs = 400, signal = new AbortController().signal, ...rest } = more;
  let failures = 0;
  const how: Persistence = {
    clock: createClock(),
    limits: { signal, timeoutMs },
    peers,
    unreachableMs: 1000,
    onFailure: () => void failures++,
    ...rest,
  };
  return { how, countFailures: () => failures };
}

describe('persist', () => {
  it('tries again what passes by itself', async () => {
    let attempts = 0;
    const attempt = async () => {
      if (++attempts < 3) throw moved;
      return 'done';
    };
    await expect(persist(limits().how, attempt)).resolves.toBe('done');
    expect(attempts).toBe(3);
  });

  it('gives up at once what does not', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts++;
      return Promise.reject(denied);
    };
    await expect(persist(limits().how, attempt)).rejects.toBe(denied);
    expect(attempts).toBe(1);
  });

  it('gives the last error when the time is over', async () => {
    await expect(persist(limits({ timeoutMs: 100 }).how, () => Promise.reject(moved))).rejects.toBe(moved);
  });

  it('puts up with an unreachable broker for a while only', async () => {
    const { how } = limits({ unreachableMs: 50, timeoutMs: 10_000 });
    await expect(persist(how, () => Promise.reject(refused))).rejects.toBe(refused);
  });

  it('ends in time when nothing answers, and says who', async () => {
    const { how, countFailures } = limits({ timeoutMs: 100 });
    await expect(persist(how, () => new Promise(() => undefined))).rejects.toThrow(
      'no answer from `localhost:9092` within',
    );
    expect(countFailures()).toBe(1);
  });

  it('asks another broker when one does not answer', async () => {
    const { how, countFailures } = limits({ attemptMs: 50, timeoutMs: 5000 });
    let attempts = 0;
    const attempt = () => (++attempts === 1 ? new Promise<string>(() => undefined) : Promise.resolve('second'));
    await expect(persist(how, attempt)).resolves.toBe('second');
    expect(countFailures()).toBe(1);
  });

  it('is interrupted at once, with the reason', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const waiting = persist(limits({ signal: stop.signal }).how, () => new Promise(() => undefined));
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
