import type { StopError } from '../../stop/stop-error.ts';

/** What became of an iteration. */
export type IterationEnd = 'passed' | 'failed' | 'interrupted';

/** Who runs iterations, one after another. */
export interface VirtualUser {
  /** `intendedAt` is when it was to begin, of those that begin at a rate; as the clock's `monotonic`. */
  iterate(intendedAt?: number): Promise<IterationEnd>;
  /** Ends the iteration that runs; no other can follow. */
  interrupt(reason: StopError): void;
  close(): Promise<void>;
}
