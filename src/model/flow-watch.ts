import type { Env, Host } from '../expr/index.ts';
import type { Detail, Problem, RunEvent } from './events.ts';

/** Follows the events of one flow as they come, secrets included, and judges them in the end. */
export interface FlowWatch {
  on(event: RunEvent): void;
  /** Asked before the verdict what it found wanting. */
  finish(names: FlowNames): readonly Problem[];
  /** Asked after it what people should see of it, though nothing need be wrong. */
  listDetails(): readonly Detail[];
}

/** What the flow knows when its steps are over. */
export interface FlowNames {
  readonly env: Env;
  readonly host: Host;
}

/** What a watch knows of a step before it runs. */
export interface WatchedStep {
  /** Whether it touches nothing outside of the run. */
  readonly isLocal: boolean;
  /** Of one that waits until its conditions hold: the words in them. */
  readonly awaited?: ReadonlySet<string> | undefined;
}
