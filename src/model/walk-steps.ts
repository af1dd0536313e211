/** Positions in loops: `each[3]>check` has one. */
const POSITION = /\[\d+\](?=>|$)/g;

/** What a step has below it: of StepPlan, and of what the plan makes of it. */
interface Nesting<S> {
  readonly children: readonly S[];
  /** What watches it. */
  readonly watches?: readonly S[] | undefined;
  readonly cleanup?: readonly S[] | undefined;
  /** The flow that it calls, whose steps are the children. */
  readonly calls?: object | undefined;
}

/** A step with those that it stands in, the outermost first. */
export interface NestedStep<S> {
  readonly step: S;
  readonly around: readonly S[];
}

/** The steps of a flow, phase after phase. */
export function listPhases<S>(flow: Readonly<Record<'setup' | 'steps' | 'teardown', readonly S[]>>): readonly S[] {
  return [...flow.setup, ...flow.steps, ...flow.teardown];
}

/** Steps with all that are below them, in the order written; `below` says what is: all children, when absent. */
export function listSteps<S extends Nesting<S>>(
  steps: readonly S[],
  below: (step: S) => readonly S[] = ({ children }) => children,
): readonly S[] {
  if (steps.every((step) => below(step).length === 0)) return steps;
  return steps.flatMap((step) => [step, ...listSteps(below(step), below)]);
}

/** What watches a flow and its steps, but for those of flows that these call. */
export function listWatches<S extends Nesting<S>>(
  flow: Readonly<Record<'setup' | 'steps' | 'teardown', readonly S[]>> & Pick<Nesting<S>, 'watches'>,
): readonly S[] {
  const steps = listSteps(listPhases(flow), ownChildrenAndCleanups);
  return [...(flow.watches ?? []), ...steps.flatMap(({ watches = [] }) => watches)];
}

/** Steps with all that are below them, each with the steps that it stands in. */
export function listNested<S extends Nesting<S>>(
  steps: readonly S[],
  below: (step: S) => readonly S[] = ({ children }) => children,
  around: readonly S[] = [],
): readonly NestedStep<S>[] {
  return steps.flatMap((step) => [{ step, around }, ...listNested(below(step), below, [...around, step])]);
}

/** The children, but for those of a flow that the step calls. */
export function ownChildren<S>({ children, calls }: Nesting<S>): readonly S[] {
  return calls ? [] : children;
}

/** The same with the clean-ups. */
export function ownChildrenAndCleanups<S extends Nesting<S>>(step: S): readonly S[] {
  return step.calls ? (step.cleanup ?? []) : childrenAndCleanups(step);
}

/** The children and the clean-ups. */
export function childrenAndCleanups<S>({ children, cleanup = [] }: Nesting<S>): readonly S[] {
  return cleanup.length === 0 ? children : [...children, ...cleanup];
}

/** The address of a run of a step as the plan has it: without the positions of loops. */
export function toPlanAddress(address: string): string {
  return address.replaceAll(POSITION, '');
}
