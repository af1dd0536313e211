import type { Env, Host } from '../../expr/index.ts';
import type { Problem, Skip } from '../../model/events.ts';
import type { Turn } from '../../model/load/measures.ts';
import type { Phase } from '../../model/phase.ts';
import type { Context } from '../names/context.ts';
import type { Ledger, PendingCleanup } from './ledger.ts';

/** Where a flow's execution stands in its run. */
export interface FlowPlace {
  /** Position, from 0. */
  readonly index: number;
  /** Names the flow's randomness. */
  readonly stream: string;
  /** Absent in a plain run. */
  readonly turn?: Turn | undefined;
}

/** What an execution of some phases of a flow leaves for those of others. */
export interface FlowRest {
  /** The names that its steps made. */
  readonly context: Context;
  readonly secretNames: ReadonlySet<string>;
  /** What is still to be undone, in the order in which it was done. */
  readonly cleanups: readonly PendingCleanup[];
}

/** The names that the steps of a flow made, before its verdict. */
export interface MadeFlowNames {
  readonly env: Env;
  readonly ledger: Ledger;
  readonly host: Host;
  readonly isAfterFailure: boolean;
}

/** One of the times that a flow is tried until it passes. */
export interface FlowAttempt {
  /** From 1. */
  readonly number: number;
  readonly isLast: boolean;
}

/** Which part of a flow an execution is: all of it, or some phases (setup once, steps many times, teardown once). */
export interface FlowPart {
  /** Absent: all. */
  readonly phases?: readonly Phase[] | undefined;
  /** What an earlier part left: its names are seen, and what it did is undone by the part that has teardown. */
  readonly after?: FlowRest | undefined;
  /** Given by the run when absent. */
  readonly place?: FlowPlace | undefined;
  /** Which time a flow is tried that may be tried again; absent where it may not. */
  readonly attempt?: FlowAttempt | undefined;
  /** Takes what the flow gives to those after it; gives what of that cannot be made. */
  readonly onNames?: ((made: MadeFlowNames) => readonly Problem[]) | undefined;
  /** Why nothing of it runs; it is reported all the same. */
  readonly skip?: Skip | undefined;
}
