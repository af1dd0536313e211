import type { StepPlan } from '../../model/plan.ts';
import type { ChosenSteps } from '../lifetimes/chosen-steps.ts';
import type { FlowScope, PendingCleanup } from '../lifetimes/run-scope.ts';
import type { Context } from '../names/context.ts';
import type { Locals } from '../names/locals.ts';
import { type PhaseEnd, runPhase } from './run-phase.ts';

const DEFAULT_TEARDOWN_MS = 30_000;

/**
 * Runs what undoes a flow: the cleanups of its steps, last-first, its teardown, and the cleanups of its setup, last-first, for
 * what a step made may need what setup made.
 */
export async function runTeardown(scope: FlowScope, { teardown }: ChosenSteps, context: Context): Promise<PhaseEnd> {
  const { isTeardownSkipped, teardownTimeoutMs = DEFAULT_TEARDOWN_MS } = scope.run.options;
  const cleanups = scope.cleanups?.splice(0) ?? [];
  const isOfSetup = ({ step }: PendingCleanup): boolean => step.phase === 'setup';
  const undo = planCleanups(
    scope,
    cleanups.filter((cleanup) => !isOfSetup(cleanup)),
  );
  const undoSetup = planCleanups(scope, cleanups.filter(isOfSetup));
  const steps = [...undo.keys(), ...teardown, ...undoSetup.keys()];
  const skipReason = isTeardownSkipped ? 'what ran is kept' : undefined;
  if (!isTeardownSkipped && steps.length > 0) scope.stops.limitTeardown(teardownTimeoutMs);
  const localsOf = (step: StepPlan): Locals | undefined => undo.get(step) ?? undoSetup.get(step);
  const known = addLeftovers(scope, context);
  const end = await runPhase(scope, { phase: 'teardown', steps, context: known, skipReason, localsOf });
  return scope.cleanups?.length ? undoTeardown(scope, scope.cleanups.splice(0), end) : end;
}

/** Runs the cleanups of teardown's own steps. */
async function undoTeardown(
  scope: FlowScope,
  cleanups: readonly PendingCleanup[],
  before: PhaseEnd,
): Promise<PhaseEnd> {
  const undo = planCleanups(scope, cleanups);
  const { context } = before;
  const end = await runPhase(scope, {
    phase: 'teardown',
    steps: [...undo.keys()],
    context,
    isContinued: true,
    localsOf: (step) => undo.get(step),
  });
  return { ...end, ends: [...before.ends, ...end.ends], cut: before.cut ?? end.cut };
}

/** The steps of cleanups, last-first, with what each sees besides teardown; those of a loop have the addresses of their rounds. */
function planCleanups({ prefix }: FlowScope, cleanups: readonly PendingCleanup[]): Map<StepPlan, Locals | undefined> {
  const steps = new Map<StepPlan, Locals | undefined>();
  for (const { step: owner, address: of, locals } of cleanups.toReversed()) {
    for (const step of owner.cleanup ?? []) {
      const local = `${of.slice(prefix.length)}.${step.id}`;
      steps.set({ ...step, id: local.replace(/^\w+\//, ''), address: `${prefix}teardown/${local}` }, locals);
    }
  }
  return steps;
}

/** What a branch captured before it failed is seen by teardown alone: what it made is to be removed. */
function addLeftovers({ leftovers }: FlowScope, context: Context): Context {
  let known = context;
  for (const [name, value] of leftovers) if (context.get(name) === undefined) known = known.withCapture(name, value);
  return known;
}
