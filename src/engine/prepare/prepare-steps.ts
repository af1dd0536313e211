import { DiagnosticError } from '../../model/diagnostic.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import type { Context } from '../names/context.ts';
import { runBounded } from '../stop/run-bounded.ts';
import type { Stopping } from '../stop/stopping.ts';
import { namesToPrepare, type Preparation } from './preparation.ts';
import { StepPrepareIo } from './prepare-io.ts';

export interface PrepareFailure {
  readonly step: StepPlan;
  readonly error: unknown;
}

export interface PrepareKnownOptions {
  readonly preparation: Preparation;
  readonly context: Context;
  readonly signal: AbortSignal;
  /** The address of this run of a step. */
  readonly addressOf: (step: StepPlan) => string;
  /** Only these; absent: all. */
  readonly among?: ReadonlySet<StepPlan> | undefined;
}

/** Prepares all steps whose names are known by now; errors are kept for when they run, and given in the steps' order. */
export async function prepareKnown(scope: FlowScope, options: PrepareKnownOptions): Promise<readonly PrepareFailure[]> {
  const { preparation, context, signal: parent, addressOf, among } = options;
  const { pending, ended, errors } = preparation;
  const ready = [...pending].filter(([step, providers]) => {
    if (among && !among.has(step)) return false;
    for (const provider of providers) if (!ended.has(provider)) return false;
    return [...namesToPrepare(step)].every((name) => context.get(name) !== undefined);
  });
  const attempts = ready.map(async ([step]) => {
    const end = await runBounded({
      clock: scope.clock,
      parent,
      start: (stopping) => {
        const address = addressOf(step);
        return prepareStep(scope, step, {
          address,
          preparation,
          context: context.inPhase(step.phase),
          stream: address,
          stopping,
        });
      },
    });
    if (end.kind === 'stopped') errors.set(step, end.reason);
    else if (end.kind === 'threw' && !isStillUnknown(end.error, pending.has(step))) errors.set(step, end.error);
  });
  await Promise.all(attempts);
  return ready.flatMap(([step]) => (errors.has(step) ? [{ step, error: errors.get(step) }] : []));
}

/** Whether settings could not be rendered yet; a later look may find what is missing. */
function isStillUnknown(error: unknown, isPending: boolean): boolean {
  return isPending && error instanceof DiagnosticError;
}

/** Prepares a step that runs now, if it is not; throws what went wrong, now or before. */
export async function ensurePrepared(scope: FlowScope, step: StepPlan, place: PreparePlace): Promise<void> {
  const { pending, errors } = place.preparation;
  if (errors.has(step)) {
    const error = errors.get(step);
    errors.delete(step);
    pending.set(step, new Set());
    throw error;
  }
  if (pending.has(step)) await prepareStep(scope, step, place);
}

export interface PreparePlace {
  readonly address: string;
  readonly preparation: Preparation;
  readonly context: Context;
  readonly stream: string;
  readonly stopping: Stopping;
}

/** @throws DiagnosticError when the settings cannot be rendered yet; then the step stays to be prepared */
async function prepareStep(scope: FlowScope, step: StepPlan, place: PreparePlace): Promise<void> {
  const stream = `${place.stream}#1`;
  const { clock, facts } = scope;
  const random = () => scope.random.derive(stream);
  const env = place.context.withBuiltIns(createBuiltIns({ clock, facts, random, step: { id: step.id, attempt: 1 } }));
  const host = scope.createHost(stream);
  const config = (step.preparation?.config ?? step.config).render(env, host);
  const timeoutMs = step.timeoutMs?.render(env, host) ?? scope.run.options.stepTimeoutMs;
  const { address, preparation, stopping } = place;
  preparation.pending.delete(step);
  const io = new StepPrepareIo(scope, step, { address, preparation, timeoutMs, attempt: 1, stopping });
  await step.action.preparation?.prepare?.(config, io);
}
