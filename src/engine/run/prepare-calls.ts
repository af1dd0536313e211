import type { Value } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listSteps } from '../../model/walk-steps.ts';
import { openCalledFlow } from '../lifetimes/flow-scope.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import type { Context } from '../names/context.ts';
import { makeVariables } from '../names/make-variables.ts';
import type { Preparation } from '../prepare/preparation.ts';
import { type PrepareFailure, type PrepareKnownOptions, prepareKnown } from '../prepare/prepare-steps.ts';

export interface PrepareCallsOptions extends PrepareKnownOptions {
  readonly steps: readonly StepPlan[];
}

/**
 * Prepares the steps of flows that are called later, as far as their names are known: what they wait for may be caused before the
 * call. Gives what could not be prepared though it will run in any case.
 */
export async function prepareCalls(scope: FlowScope, options: PrepareCallsOptions): Promise<readonly PrepareFailure[]> {
  const { preparation, context, signal, addressOf } = options;
  const fatal: PrepareFailure[] = [];
  for (const step of listCalls(options.steps)) {
    if (!step.calls || preparation.calls.has(step)) continue;
    const address = addressOf(step);
    const { input, unknown } = renderInputs(scope, step, context);
    const frame = { address, context, signal, depth: scope.depth, isProbe: false, stream: address, preparation };
    const opened = openCalledFlow(scope, step.calls, { step, frame, attempt: 1, input, unknown, signal });
    const early = opened.scope.preparation;
    preparation.calls.set(step, early);
    makeVariables(opened);
    const inner = { preparation: early, context: opened.context, signal, addressOf: opened.scope.addressOf };
    const failures = await prepareKnown(opened.scope, inner);
    fatal.push(...failures.filter((failure) => isFatal(failure, early)));
    fatal.push(...(await prepareCalls(opened.scope, { ...inner, steps: step.children })));
    opened.scope.stops.dispose();
  }
  return fatal;
}

/** Whether a flow cannot do without the step. */
export function isFatal({ step }: PrepareFailure, preparation: Preparation): boolean {
  return !preparation.conditional.has(step) && step.phase !== 'teardown';
}

/** Steps that call a flow in which something prepares itself; not those in flows that are called. */
function listCalls(steps: readonly StepPlan[]): readonly StepPlan[] {
  return steps.flatMap((step) => {
    if (step.skip !== undefined) return [];
    if (!step.calls) return step.children.length === 0 ? [] : listCalls(step.children);
    return listSteps(step.children).some(({ action }) => action.preparation?.prepare) ? [step] : [];
  });
}

/** The values of a call that are known by now, and the names of those that are not. */
function renderInputs(scope: FlowScope, step: StepPlan, context: Context) {
  const host = scope.createHost(`${step.address}#input`);
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
