import type { RunEvent } from './events.ts';

/** Something that follows a run: a reporter, the record. One that throws is dropped and told of; the others go on. */
export interface Consumer {
  readonly name: string;
  on(event: RunEvent): void;
  /** Called once after the last event; rejects when something could not be written. */
  close(): Promise<void>;
}
