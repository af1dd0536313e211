import type { StepPlan } from '../../model/plan.ts';
import { listSteps } from '../../model/walk-steps.ts';

/** What is known of the steps that prepare themselves before they run. */
export interface Preparation {
  /** Steps not prepared yet, with the steps that must have ended before their names are what they will be. */
  readonly pending: Map<StepPlan, ReadonlySet<StepPlan>>;
  /** Why steps could not be prepared; reported when they run. */
  readonly errors: Map<StepPlan, unknown>;
  /** Steps that may be left out, or are to end with an error, or stand in a control of which that is true: the flow can do without them. */
  readonly conditional: ReadonlySet<StepPlan>;
  readonly ended: Set<StepPlan>;
  /** What was prepared of the flows that steps call, before they call them. */
  readonly calls: Map<StepPlan, Preparation>;
}

export interface PrepareOptions {
  /** Whether chosen steps run, with what a recorded run left: of each round of a loop by itself. */
  readonly isReplay: boolean;
  /** Whether all of it may be left out. */
  readonly isConditional?: boolean;
}

/** Finds what there is to prepare in the steps that will run, given in their order. */
export function createPreparation(
  steps: readonly StepPlan[],
  { isReplay, isConditional: isAllConditional = false }: PrepareOptions,
  around?: Preparation,
): Preparation {
  const made = new StepsPreparation(around?.calls);
  if (steps.every(isLeafWithout)) return made;
  const { pending, conditional } = made;
  const visit = (step: StepPlan, isConditional: boolean, before: readonly StepPlan[]): void => {
    if (step.skip !== undefined) return;
    const isUnder = isConditional || step.when !== undefined || step.expectsError;
    if (isUnder) conditional.add(step);
    if (step.action.preparation?.prepare) pending.set(step, findProviders(step, before));
    // A flow that is called has names, and so a preparation, of its own.
    if (step.calls || (isReplay && step.action.control?.binds)) return;
    const isBranch = isUnder || step.action.control?.branches === 'either';
    step.children.forEach((child, index) => {
      visit(child, isBranch, [...before, ...step.children.slice(0, index)]);
    });
  };
  steps.forEach((step, index) => {
    if (!isLeafWithout(step))
      visit(step, isAllConditional || (around?.conditional.has(step) ?? false), steps.slice(0, index));
  });
  return made;
}

function isLeafWithout({ children, action }: StepPlan): boolean {
  return children.length === 0 && !action.preparation?.prepare;
}

/** Most flows have nothing to prepare: each part is made when it is first asked for. */
class StepsPreparation implements Preparation {
  readonly #known: Preparation['calls'] | undefined;
  #pending: Preparation['pending'] | undefined;
  #errors: Preparation['errors'] | undefined;
  #conditional: Set<StepPlan> | undefined;
  #ended: Preparation['ended'] | undefined;
  #calls: Preparation['calls'] | undefined;

  constructor(calls: Preparation['calls'] | undefined) {
    this.#known = calls && new Map(calls);
  }

  get pending(): Preparation['pending'] {
    this.#pending ??= new Map();
    return this.#pending;
  }

  get errors(): Preparation['errors'] {
    this.#errors ??= new Map();
    return this.#errors;
  }

  get conditional(): Set<StepPlan> {
    this.#conditional ??= new Set();
    return this.#conditional;
  }

  get ended(): Preparation['ended'] {
    this.#ended ??= new Set();
    return this.#ended;
  }

  get calls(): Preparation['calls'] {
    this.#calls ??= this.#known ?? new Map();
    return this.#calls;
  }
}

/**
 * What a round of a loop prepares anew: steps that wait for what the round itself causes, and those that could not be prepared
 * before the loop. A wait before which its round does nothing waits for what happened before the loop, and keeps that start.
 */
export function createRoundPreparation(
  steps: readonly StepPlan[],
  { isReplay }: PrepareOptions,
  around: Preparation,
): Preparation {
  const own = createPreparation(steps, { isReplay }, around);
  if (isReplay) return own;
  const caused = new Set<StepPlan>();
  addCaused(steps, false, caused);
  for (const step of own.pending.keys()) {
    const isDone = !around.pending.has(step) && !around.errors.has(step);
    if (!caused.has(step) && isDone) own.pending.delete(step);
  }
  for (const step of caused) own.calls.delete(step);
  return own;
}

/** Adds the steps before which another one has done something; gives whether one has after them all. */
function addCaused(steps: readonly StepPlan[], isCausedBefore: boolean, caused: Set<StepPlan>): boolean {
  let isCaused = isCausedBefore;
  for (const step of steps) {
    if ((step.action.preparation?.prepare || step.calls) && isCaused) caused.add(step);
    if (step.children.length === 0) isCaused ||= isCause(step);
    else {
      const doesAnything = listSteps(step.children).some(isCause);
      const isTogether = step.action.control?.branches === 'together';
      if (!step.calls) addCaused(step.children, isCaused || (isTogether && doesAnything), caused);
      isCaused ||= doesAnything;
    }
  }
  return isCaused;
}

function isCause({ action, children, skip }: StepPlan): boolean {
  return children.length === 0 && skip === undefined && !action.preparation?.prepare && !action.traits?.isLocal;
}

/** Earlier steps that set a name of the step's settings: before they ended it has another value, or none. */
function findProviders(step: StepPlan, before: readonly StepPlan[]): ReadonlySet<StepPlan> {
  const names = namesToPrepare(step);
  if (names.size === 0) return new Set();
  return new Set(before.filter((other) => names.has(other.id) || other.provides.some((name) => names.has(name))));
}

/** The names that a step's preparation reads. */
export function namesToPrepare(step: StepPlan): ReadonlySet<string> {
  if (step.preparation) return step.preparation.names;
  return new Set(step.needs.filter((need) => need.where === 'config').map((need) => need.name));
}
