import type { Env, Host, Value } from '../../expr/index.ts';
import type { Outcome } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';

/** Where a run stands that somebody goes through step by step: before a step, or behind one that did not pass. */
export interface PausedAt {
  /** Those of the list that it stands in. */
  readonly steps: readonly StepPlan[];
  /** The position of the one that comes next; that of no step behind the last. */
  readonly next: number;
  /** How the one before it ended, where it ran. */
  readonly last: Outcome | undefined;
  /** The id of its flow. */
  readonly flowId: string;
  /** What expressions see here. */
  readonly env: Env;
  readonly host: Host;
  /** When the run is to end. */
  readonly stop: Stop;
  /** A text without the secrets of the run in it. */
  maskText(text: string): string;
  isSecretName(name: string): boolean;
}

/** What somebody wants of a run that stands: to go on, a variable set, or the last step run again, as it is written by now. */
export type PauseWish =
  | { readonly kind: 'go' }
  | { readonly kind: 'set'; readonly name: string; readonly value: Value }
  | { readonly kind: 'again'; readonly find: (step: StepPlan) => StepPlan };

/** Holds a run until somebody wants something of it. */
export type Pause = (at: PausedAt) => Promise<PauseWish>;
