import type { Clock } from '../../model/action/resources.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { Outcome, OutcomeCounts } from '../../model/events.ts';
import type { FlowInputs, Replay, Selection } from '../../model/inputs.ts';
import type { FlowPlan, RowPlan } from '../../model/plan.ts';
import type { ConsumerFailure } from '../events/hub.ts';
import type { Interrupt, SignalName } from '../stop/interrupt.ts';

/** A flow to run, with its values from outside. */
export interface FlowRun {
  readonly plan: FlowPlan;
  readonly inputs: FlowInputs;
  readonly replay?: Replay | undefined;
  /** Absent: all steps run. */
  readonly selection?: Selection | undefined;
  /** The row of the flow's data; its values are among the inputs. */
  readonly row?: RowPlan | undefined;
  /** Values from outside for a flow that this one calls; absent: those of this one. */
  readonly inputsOf?: ((plan: FlowPlan) => FlowInputs) | undefined;
}

export interface RunOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly isSeedFixed: boolean;
  readonly runId: string;
  /** Of testmesh. */
  readonly version: string;
  readonly consumers: readonly Consumer[];
  readonly interrupt: Interrupt;
  /** How many flows run at the same time; 1 when absent. */
  readonly workers?: number | undefined;
  /** After this many flows that failed or errored no further one starts. */
  readonly bail?: number | undefined;
  /** Of a flow that has no timeout of its own, ms. */
  readonly flowTimeoutMs?: number | undefined;
  /** Of an attempt of a step that has no timeout of its own, ms. */
  readonly stepTimeoutMs?: number | undefined;
  /** Of a flow's whole teardown, ms; 30 s when absent. */
  readonly teardownTimeoutMs?: number | undefined;
  /** Whether teardown is left out (`--keep`). */
  readonly isTeardownSkipped?: boolean | undefined;
  /** Whether the exchanges of steps that passed are told too (`-v`). */
  readonly isVerbose?: boolean | undefined;
  /** More services for functions (`env(…)`, `file(…)`), for the flow in this directory. */
  readonly services: (directory: string) => Readonly<Record<string, unknown>>;
  /** Told of each error that is a bug in testmesh. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** What became of a run; the exit code follows from it. */
export interface RunOutcome {
  readonly outcome: Outcome;
  readonly interrupted?: SignalName | undefined;
  readonly flows: OutcomeCounts;
  readonly steps: OutcomeCounts;
  /** In the order of the flows given. */
  readonly flowOutcomes: readonly Outcome[];
  /** Consumers that could not write. */
  readonly unwritten: readonly ConsumerFailure[];
  readonly hasBug: boolean;
}
