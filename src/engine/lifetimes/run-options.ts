import type { Clock, Resources } from '../../model/action/resources.ts';
import type { RunServices } from '../../model/companions/run-services.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { Outcome, OutcomeCounts, Problem, RunEvent } from '../../model/events.ts';
import type { FlowRole } from '../../model/flow-about.ts';
import type { FlowInputs, Replay, Selection } from '../../model/inputs.ts';
import type { FlowPlan, RowPlan } from '../../model/plan.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import type { SignalName } from '../../stop/stop-error.ts';
import type { ConsumerFailure } from '../events/hub.ts';
import type { Secrets } from '../events/secrets.ts';
import type { OuterStops } from './flow-stops.ts';
import type { Pause } from './pause.ts';

/** A flow to run, with its values from outside. */
export interface FlowRun {
  readonly plan: FlowPlan;
  readonly inputs: FlowInputs;
  readonly replay?: Replay | undefined;
  /** Absent: all steps run. */
  readonly selection?: Selection | undefined;
  /** The row of the flow's data; its values are among the inputs. */
  readonly row?: RowPlan | undefined;
  /** Absent of one of the flows that the run is for. */
  readonly role?: FlowRole | undefined;
  /** Which time it runs, from 1, where it runs several times. */
  readonly repeat?: number | undefined;
  /** Values from outside for a flow that this one calls; absent: those of this one. */
  readonly inputsOf?: ((plan: FlowPlan) => FlowInputs) | undefined;
}

/** What a run is. */
export interface RunIdentity {
  readonly runId: string;
  /** Of testmesh. */
  readonly version: string;
  readonly seed: number;
  readonly isSeedFixed: boolean;
  /** How many flows there are, where that is known. */
  readonly flowCount?: number | undefined;
}

/** What holds for all flows of a run; times are ms. */
export interface RunPolicy {
  /** Of a flow that has no timeout of its own. */
  readonly flowTimeoutMs?: number | undefined;
  /** Of an attempt of a step that has no timeout of its own. */
  readonly stepTimeoutMs?: number | undefined;
  /** Of a flow's whole teardown; 30 s when absent. */
  readonly teardownTimeoutMs?: number | undefined;
  /** Whether teardown is left out (`--keep`). */
  readonly isTeardownSkipped?: boolean | undefined;
  /** Whether steps are followed by the time that their users think (`think`). */
  readonly thinks?: boolean | undefined;
  /** What testmesh.yaml says of traces. */
  readonly trace?: TraceTerms | undefined;
  /** Holds the run before each step: then no flow and no teardown has a limit of time. */
  readonly pause?: Pause | undefined;
}

/** What functions read from outside of a flow. */
export interface OutsideServices extends Readonly<Record<string, unknown>> {
  readEnv?(name: string): string | undefined;
}

export interface RunOptions {
  readonly identity: RunIdentity;
  readonly policy?: RunPolicy | undefined;
  readonly clock: Clock;
  readonly consumers: readonly Consumer[];
  /** What else is known of an event, by earlier runs. */
  readonly annotate?: ((event: RunEvent) => RunEvent) | undefined;
  /** How the run is stopped from outside: work is asked by the first signal and ended 2 s later, undo is ended with it by the second. */
  readonly interrupt: OuterStops;
  /** More services for functions (`env(…)`, `file(…)`), for the flow in this directory. */
  readonly services: (directory: string) => OutsideServices;
  /** Those of testmesh.yaml that the flows need. */
  readonly runServices?: RunServices | undefined;
  /** What outlives the run, where several come one after another: connections stay open, and what is known to be secret there is masked. */
  readonly kept?: { readonly resources: Resources; readonly secrets: Secrets } | undefined;
  /** Called with each error that is a bug in testmesh, and with what masks secrets in what is said of it. */
  readonly onBug?: ((error: unknown, mask: (text: string) => string) => void) | undefined;
}

/** What became of a run; the exit code follows from it. */
export interface RunOutcome {
  readonly outcome: Outcome;
  readonly interrupted?: SignalName | undefined;
  readonly flows: OutcomeCounts;
  /** How many flows passed in an attempt that was not their first. */
  readonly flaky: number;
  readonly steps: OutcomeCounts;
  /** Of what lived as long as the run: a stub with requests that nothing answered. */
  readonly problems: readonly Problem[];
  /** Consumers that could not write. */
  readonly unwritten: readonly ConsumerFailure[];
  readonly hasBug: boolean;
  /** Whether a flow's author made a mistake that showed as it ran. */
  readonly hasMistake: boolean;
  /** Whether nothing ran in a flow though its author skips it nowhere: its conditions left out all its steps. */
  readonly hasIdleFlow: boolean;
}
