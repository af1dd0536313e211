import type { Env, Host } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { describeStop, describeThrown, type Thrown } from '../outcome/thrown.ts';
import { ensurePrepared } from '../prepare/prepare-steps.ts';
import { type Bounded, runBounded } from '../stop/run-bounded.ts';
import type { StopError } from '../stop/stop.ts';
import type { AttemptOptions } from './attempt-options.ts';
import { type ChildRunner, createChildRunner, NO_CHILDREN } from './child-runner.ts';
import { createStepIo, type Told } from './step-io.ts';

/** How much later than its own deadline an action that keeps one is aborted, ms. */
const BACKSTOP_MS = 1000;

export interface ActOptions extends AttemptOptions {
  readonly env: Env;
  readonly host: Host;
  readonly told: Told;
}

/** What an action came to, before anything is expected of it. */
export type Acted =
  | {
      readonly kind: 'done';
      readonly outcome: ActionOutcome;
      readonly children: ChildrenEnd;
    }
  | { readonly kind: 'threw'; readonly thrown: Thrown; readonly children?: ChildrenEnd | undefined };

/** What the children of a control came to. */
export type ChildrenEnd = Pick<ChildRunner, 'problems' | 'captures'>;

/** Renders the settings of a step and lets its action do its work, within the step's time. */
export async function act(options: ActOptions): Promise<Acted> {
  const { scope, step, frame, env, host } = options;
  const isControl = step.children.length > 0;
  const children = isControl ? createChildRunner(options) : NO_CHILDREN;
  try {
    const config = step.config.render(env, host);
    const timeoutMs = step.timeoutMs?.render(env, host) ?? defaultTimeout(scope, step);
    const bounded = await runBounded({
      clock: scope.clock,
      parent: frame.signal,
      timeout: timeoutMs === undefined ? undefined : limitStep(step, timeoutMs),
      isPatient: isControl,
      start: async (stopping) => {
        const { address, preparation, context, stream } = frame;
        await scope.beforeSteps.call(address);
        if (step.action.preparation?.prepare)
          await ensurePrepared(scope, step, { address, preparation, context, stream, stopping });
        const { attempt, told } = options;
        const childIo = children.startUnder(stopping);
        const io = { address, preparation, env, host, attempt, told, timeoutMs, stopping, children: childIo };
        return step.action.run(config, createStepIo(scope, step, io));
      },
    });
    const acted = describeActed(scope, bounded, children);
    return acted.kind === 'threw' && isControl ? { ...acted, children } : acted;
  } catch (error) {
    return describeFailure(scope, error);
  }
}

/** What was thrown before or by an action; a bug is told of. */
export function describeFailure(scope: FlowScope, error: unknown): Acted & { kind: 'threw' } {
  const thrown = describeThrown(error);
  if (thrown.source === 'bug') scope.run.tellBug(error);
  return { kind: 'threw', thrown };
}

/** A control takes as long as its children, which have their own timeouts. */
function defaultTimeout(scope: FlowScope, step: StepPlan): number | undefined {
  return step.children.length > 0 ? undefined : scope.run.options.stepTimeoutMs;
}

function limitStep(step: StepPlan, timeoutMs: number): { ms: number; message: string } {
  const message = `step \`${step.id}\` took longer than its timeout of ${timeoutMs} ms`;
  return { ms: step.action.traits?.ownsDeadline ? timeoutMs + BACKSTOP_MS : timeoutMs, message };
}

function describeActed(scope: FlowScope, bounded: Bounded<ActionOutcome>, children: ChildRunner): Acted {
  if (bounded.kind === 'stopped') return describeStopped(bounded.reason, bounded.error);
  if (children.stop) return describeStopped(children.stop, undefined);
  if (bounded.kind === 'threw') return describeFailure(scope, bounded.error);
  return { kind: 'done', outcome: bounded.value, children };
}

/** What was ended before it was done, with what it still told about itself. */
function describeStopped(stop: StopError, error: unknown): Acted {
  const told = error === undefined ? undefined : describeThrown(error);
  const peer = told?.data['peer'];
  const problem = { ...describeStop(stop, typeof peer === 'string' ? peer : undefined), hints: told?.problem.hints };
  const details = told?.details ?? [];
  const data = told?.data ?? {};
  const source = stop.kind === 'timeout' ? 'action' : 'flow';
  return { kind: 'threw', thrown: { problem, details, data, source } };
}
