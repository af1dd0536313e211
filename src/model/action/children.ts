import type { Value } from '../../expr/index.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Skip } from '../events.ts';
import type { CalledOutcome, ChildOutcome, SequenceOutcome } from './outcome.ts';

/** The steps of a control, and what it may do with them. */
export interface ChildSteps {
  /** In the order written. */
  readonly list: readonly ChildStep[];
  /** Whether some of its steps or rounds are left out, so that nothing can be said of the whole of them (`--only each[3]>check`). */
  readonly isPart: boolean;
  /** Whether a round of a loop is to run: with `--only` some are left out. */
  isChosen(iteration: number): boolean;
  /** Runs a child as a step of its own. Its failure is its result's, not thrown. */
  runStep(child: ChildStep, options?: RunStepOptions): Promise<ChildOutcome>;
  /** Runs children one after another, as a phase does: the first that fails ends it, unless its `on_error` is `continue`. Never throws. */
  runSteps(children: readonly ChildStep[], options?: RunStepsOptions): Promise<SequenceOutcome>;
  /** Runs the flow that the step calls, from its variables to its teardown. Never throws. */
  runFlow(input: Readonly<Record<string, Value>>): Promise<CalledOutcome>;
}

/** A planned step below a control; the engine knows it by identity. */
export interface ChildStep {
  readonly address: string;
  readonly id: string;
  /** The list that it stands in: `then`, `branches[0].steps`. */
  readonly group?: string | undefined;
  /** The variables that it sets when it passes. */
  readonly provides: readonly string[];
}

export interface RunStepOptions {
  /** Names that only the child sees (loop variables). */
  readonly bindings?: Readonly<Record<string, Value>>;
  /** Whether the child's problems are the control's to judge: then it is reported without failing the flow. */
  readonly isProbe?: boolean;
  /** Ends the child before its control; made below `io.stop`. */
  readonly stop?: Stop;
}

export interface RunStepsOptions extends Omit<RunStepOptions, 'isProbe'> {
  /** Position in a loop, from 0: part of the steps' addresses (`each[3]>check`); waits are armed anew. */
  readonly iteration?: number;
  /** Variables that the steps begin with: what one of them captures takes their place, for those behind it. */
  readonly carried?: Readonly<Record<string, Value>>;
  /** None of them runs, for this reason. */
  readonly skip?: Skip;
}
