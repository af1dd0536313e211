import type { RunEvent } from './events.ts';

/** Something that follows a run: a reporter, the record. One that throws is dropped and reported; the others go on. */
export interface Consumer {
  readonly name: string;
  /** What it looks at besides what every event has; nothing more when absent. */
  readonly wants?: Wants;
  on(event: RunEvent): void;
  /** Called once after the last event; rejects when something could not be written. */
  close(): Promise<void>;
}

/** Parts of events that cost something: what nobody wants is not made, and who does not want it does not get it. */
export interface Wants {
  /** What steps sent and received: of those that failed or errored, or of all. */
  readonly exchanges?: 'failed' | 'all';
  /** The results of steps. */
  readonly results?: boolean;
  /** What steps did, with digests of their settings: what judges them once more without doing them. */
  readonly settings?: boolean;
  /** What a running step waits for. */
  readonly progress?: boolean;
  /** What flows change that do not say what they may. */
  readonly changes?: boolean;
  /** What steps took, in numbers. */
  readonly measures?: boolean;
  /** Whether of what goes well it looks at nothing but that, and its numbers: neither at what begins, nor at words, values and places. */
  readonly brief?: boolean;
}
