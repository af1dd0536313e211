import type { Value } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import { CalledFlows } from '../lifetimes/called-flows.ts';
import { makeVariables } from '../lifetimes/opened-flow.ts';
import type { Context } from '../names/context.ts';
import type { Preparation } from '../prepare/preparation.ts';
import { type PrepareFailure, type PrepareKnownOptions, Preparer } from '../prepare/preparer.ts';

export interface PrepareCallsOptions extends PrepareKnownOptions {
  readonly steps: readonly StepPlan[];
}

/**
 * Prepares the steps of flows that are called later, as far as their names are known: what they wait for may be caused before the
 * call. Gives what could not be prepared though it will run in any case.
 */
export async function prepareCalls(
  called: CalledFlows,
  options: PrepareCallsOptions,
): Promise<readonly PrepareFailure[]> {
  const { preparation, context, stop, positionOf } = options;
  const fatal: PrepareFailure[] = [];
  for (const step of listCalls(options.steps)) {
    if (!step.calls || preparation.calls.has(step)) continue;
    const position = positionOf(step);
    const frame = { position, context, stop, stream: position.address, preparation };
    const opened = called.open(step.calls, { step, frame, attempt: 1, ...renderInputs(called, step, context), stop });
    const { facts, ledger, services, preparation: early } = opened;
    preparation.calls.set(step, early);
    makeVariables(opened);
    const inner = { preparation: early, context: opened.context, stop, positionOf: facts.positionOf };
    const failures = await new Preparer(facts, services).prepareKnown(inner);
    fatal.push(...failures.filter((failure) => isFatal(failure, early)));
    const below = new CalledFlows(facts, ledger, services);
    fatal.push(...(await prepareCalls(below, { ...inner, steps: step.children })));
    services.stops.leave();
  }
  return fatal;
}

/** Whether a flow cannot do without the step. */
export function isFatal({ step }: PrepareFailure, preparation: Preparation): boolean {
  return !preparation.conditional.has(step) && step.phase !== 'teardown';
}

/** Steps that call a flow in which something prepares itself; not those in flows that are called. */
function listCalls(steps: readonly StepPlan[]): readonly StepPlan[] {
  const running = listSteps(steps, (step) => (step.skip === undefined ? ownChildren(step) : []));
  return running.filter(({ skip, calls, children }) => {
    if (skip !== undefined || !calls) return false;
    return listSteps(children).some(({ action }) => action.preparation?.prepare);
  });
}

/** The values of a call that are known by now, and the names of those that are not. */
function renderInputs(called: CalledFlows, step: StepPlan, context: Context) {
  const host = called.createHost(`${step.address}#input`);
  const input: Record<string, Value> = {};
  const unknown = new Set<string>();
  for (const [name, value] of step.inputs ?? []) {
    try {
      input[name] = value.render(context, host) as Value;
    } catch {
      unknown.add(name);
    }
  }
  return { input, unknown };
}
