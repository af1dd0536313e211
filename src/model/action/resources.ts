import type { Detail, Problem } from '../events.ts';

/** Time, handed in so that tests need not wait. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** ms from an arbitrary start that never go back. */
  monotonic(): number;
  /** ms of CPU time that the process has used. */
  cpuMs(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after `ms` unless cancelled by the function that it gives. */
  after(ms: number, call: () => void): () => void;
}

/** How long something stays open: the whole run; a session (a flow of `run`, a virtual user of `load`); one execution of a flow. */
export type Lifetime = 'run' | 'session' | 'flow';

export interface OpenOptions {
  /** `flow` when absent. */
  readonly lifetime?: Lifetime;
}

/** What is open, by key, each for the length of its lifetime; closed last-first whatever happens. */
export interface Resources {
  /** Gives what is open under the key for this lifetime, or creates it; all who ask at one time get one. */
  open<T>(key: string, create: () => Promise<Resource<T>>, options?: OpenOptions): Promise<T>;
  /** What is open under the key, of the shortest lifetime that has it. */
  find<T>(key: string): T | undefined;
}

/** What is known of a flow when its resources are asked. */
export interface SoFar {
  /** Whether it failed, so that what is missing is missing for that reason. */
  readonly isAfterFailure: boolean;
}

export interface Resource<T> {
  readonly value: T;
  /** What it is called when it cannot be closed; its key when absent. */
  readonly name?: string;
  /** Asked before the verdict what it found wanting: requests that nothing matched, a fault that nobody met. */
  finish?(so: SoFar): Promise<readonly Problem[]>;
  /** Asked before it is closed what people should see of it, though nothing need be wrong. */
  listDetails?(): readonly Detail[];
  close(): Promise<void>;
  /** How long that may take, ms, where it keeps limits of its own. */
  readonly closeMs?: number;
}
