import type { Value } from '../expr/index.ts';
import type { FlowValues, Override, StepFinished } from './events.ts';

/** Values for one flow from outside its file, already typed; a layer each, highest precedence first. */
export interface FlowInputs {
  /** `--var`, `--secret`, `--var-file`, `TESTMESH_VAR_<name>`. */
  readonly given: ReadonlyMap<string, Value>;
  /** What `before_all` of the run captured. */
  readonly shared?: ReadonlyMap<string, Value> | undefined;
  /** The names that `before_all` will have captured when the flow runs. */
  readonly sharedNames?: ReadonlySet<string> | undefined;
  /** The columns of the flow's data row. */
  readonly row?: ReadonlyMap<string, Value> | undefined;
  /** The process environment, for names that the flow declares. */
  readonly environment: ReadonlyMap<string, Value>;
  /** `--env-file`. */
  readonly envFile: ReadonlyMap<string, Value>;
  /** Which declared variables these override. */
  readonly overrides: readonly Override[];
  /** Names whose values are masked, besides those that the flow names. */
  readonly secretNames: readonly string[];
}

/** What an earlier run of a flow left for steps that run without those before them. */
export interface Replay {
  readonly runId: string;
  readonly captures: ReadonlyMap<string, Value>;
  /** Step results by address. */
  readonly results: ReadonlyMap<string, Value>;
  /** Declared variables with a random or time part. */
  readonly variables: ReadonlyMap<string, Value>;
  /** What steps remembered: address → key → value. */
  readonly memory: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  /** What steps captured, those inside loops each time: address → name → value. */
  readonly capturesAt?: ReadonlyMap<string, ReadonlyMap<string, Value>> | undefined;
  /** Captured secrets, which no record keeps: name → address of the step that captures it. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What takes the place of all that steps would do (`--offline`); absent: they do it. */
  readonly recorded?: RecordedRun | undefined;
}

/** What steps did in a run, each time that they ran, for judging them once more without any contact. */
export interface RecordedRun {
  /** Of the run of the whole flow. */
  readonly runId: string;
  readonly seed: number | undefined;
  /** What the flow was given then, but for secrets. */
  readonly inputs: FlowValues;
  /** Whether something was wrong with the flow itself. */
  readonly hasFlowProblems: boolean;
  /** By address, in the order in which they ran. */
  readonly steps: ReadonlyMap<string, readonly RecordedStep[]>;
}

/** What became of a step once, but for secrets. */
export interface RecordedStep {
  readonly finished: StepFinished;
  /** Whether its result was too large to be kept. */
  readonly isCut: boolean;
}

/** Which steps run when not all do. */
export interface Selection {
  readonly addresses: ReadonlySet<string>;
  /** Those that are left out of what else would run, by their addresses in the plan. */
  readonly skipped?: ReadonlySet<string> | undefined;
  /** Whether it is a part of the whole run: what goes before it has run, and teardown undoes what there is. */
  readonly isRange?: boolean | undefined;
  readonly withSetup: boolean;
  readonly withTeardown: boolean;
}
