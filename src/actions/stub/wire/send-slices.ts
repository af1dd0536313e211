import type { Writable } from 'node:stream';

const SLICES = 10;

/** What sending an answer needs of time. */
export interface AnswerClock {
  /** Calls back after `ms` unless cancelled by the function that it gives. */
  after(ms: number, call: () => void): () => void;
}

/** Sends a body in slices, over some time. */
export function sendSlices(
  to: Writable,
  bytes: Buffer,
  { overMs, clock }: { overMs: number; clock: AnswerClock },
): void {
  const size = Math.max(1, Math.ceil(bytes.length / SLICES));
  const count = Math.max(1, Math.ceil(bytes.length / size));
  const sendNext = (index: number): void => {
    if (to.destroyed) return;
    if (index === count) return void to.end();
    to.write(bytes.subarray(index * size, (index + 1) * size));
    clock.after(overMs / count, () => sendNext(index + 1));
  };
  sendNext(0);
}
