import type { Value } from '../../expr/index.ts';

/** A planned step below a control; the engine knows it by identity. */
export interface ChildStep {
  readonly address: string;
  readonly id: string;
  /** The list that it stands in: `then`, `branches[0].steps`. */
  readonly group?: string | undefined;
}

export interface RunStepOptions {
  /** Names that only the child sees (loop variables). */
  readonly bindings?: Readonly<Record<string, Value>>;
  /** Whether the child's problems are the control's to judge: then it is reported without failing the flow. */
  readonly isProbe?: boolean;
  readonly signal?: AbortSignal;
}

export interface RunStepsOptions extends Omit<RunStepOptions, 'isProbe'> {
  /** Position in a loop, from 0: part of the steps' addresses (`each[3]>check`); waits are armed anew. */
  readonly iteration?: number;
  /** None of them runs; each is told so, with this reason. */
  readonly skipReason?: string;
}
