import type { StepPlan } from '../../model/plan.ts';
import type { FlowRun } from '../lifetimes/run-options.ts';
import type { Services } from '../lifetimes/services.ts';
import type { FlowOptions } from '../run/flow-runner.ts';

/** Whether an execution of a flow is its steps alone, of which nobody wants to know more than that they passed, and may begin plainly. */
export function isPlainFlow(
  { plan, selection, replay }: FlowRun,
  { chosen, phases }: Pick<FlowOptions, 'chosen' | 'phases'>,
  services: PlainTerms,
): boolean {
  const isWhole = selection === undefined && replay === undefined && phases?.length === 1 && phases[0] === 'steps';
  const isAlone = !plan.timeoutMs && !plan.agree && (plan.watches ?? []).length === 0;
  return isWhole && isAlone && arePlainTerms(services) && mayRunPlainly(chosen.steps);
}

type PlainTerms = Pick<Services, 'wants' | 'policy'>;

/** For lists of steps that run again and again. */
const known = new WeakMap<readonly StepPlan[], boolean>();

/** Whether nobody looks at what steps do while all goes well, and nothing ends them but themselves. */
function arePlainTerms({ wants, policy }: PlainTerms): boolean {
  const isLookedAt = !wants.brief || wants.results || wants.changes || wants.progress || wants.exchanges !== undefined;
  return !isLookedAt && policy.stepTimeoutMs === undefined && policy.flowTimeoutMs === undefined;
}

/** Whether a list of steps may begin plainly: nothing of it is to be prepared before its first step. */
function mayRunPlainly(steps: readonly StepPlan[]): boolean {
  let isPlain = known.get(steps);
  if (isPlain === undefined) {
    const [first] = steps;
    isPlain = first !== undefined && isPlainStep(first) && steps.every(hasNothingToPrepare);
    known.set(steps, isPlain);
  }
  return isPlain;
}

function hasNothingToPrepare({ children, calls, action }: StepPlan): boolean {
  return children.length === 0 && !calls && !action.preparation?.prepare;
}

const plain = new WeakMap<StepPlan, boolean>();

/** Whether a step is its action, what is asserted of that, and what is taken from it, and nothing else. */
export function isPlainStep(step: StepPlan): boolean {
  let isPlain = plain.get(step);
  if (isPlain === undefined) {
    isPlain = hasNothingToPrepare(step) && runsOnce(step) && isAlone(step) && isSteady(step);
    plain.set(step, isPlain);
  }
  return isPlain;
}

function runsOnce({ skip, when, retry, timeoutMs }: StepPlan): boolean {
  return skip === undefined && !when && !retry && !timeoutMs;
}

function isAlone({ watches, cleanup, isAround, expectsError, record, acceptedKey, action }: StepPlan): boolean {
  const hasMore = watches || cleanup || isAround || expectsError || record || acceptedKey || action.control;
  // What is ended ends by itself: nobody has to stop waiting for it.
  const endsItself = action.traits?.ownsDeadline || action.traits?.isLocal;
  return !hasMore && Boolean(endsItself);
}

/** Whether it may be evaluated once more what it came to. */
function isSteady({ assert, name }: StepPlan): boolean {
  return assert.every(({ expression }) => expression.isPure) && (name?.isStatic ?? true);
}
