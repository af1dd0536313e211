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
  if (bytes.length === 0) return void to.end();
  const size = Math.ceil(bytes.length / SLICES);
  const count = Math.ceil(bytes.length / size);
  const sendNext = (index: number): void => {
    clock.after(overMs / count, () => {
      if (to.destroyed) return;
      const slice = bytes.subarray(index * size, (index + 1) * size);
      // With its last byte the answer is over for who reads it, who may ask the next thing at once.
      if (index === count - 1) return void to.end(slice);
      to.write(slice);
      sendNext(index + 1);
    });
  };
  sendNext(0);
}
