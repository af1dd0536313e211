import type { Env, Host } from '../expr/index.ts';
import type { ActionIo, ChildOutcome, ChildStep, RunStepOptions } from '../model/action.ts';
import type { Exchange } from '../model/events.ts';
import type { StepPlan } from '../model/plan.ts';
import { checkExpression } from './check-expression.ts';
import { createPrepareIo } from './prepare-io.ts';
import type { FlowScope } from './run-scope.ts';

/** What an action told while it ran. */
export interface Told {
  readonly notes: string[];
  exchange: (() => Exchange) | undefined;
}

export interface StepIoOptions {
  readonly env: Env;
  readonly host: Host;
  readonly attempt: number;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  readonly told: Told;
  readonly runChild: (child: ChildStep, options?: RunStepOptions) => Promise<ChildOutcome>;
}

/** Makes what an action may touch while it runs. */
export function createStepIo(scope: FlowScope, step: StepPlan, options: StepIoOptions): ActionIo {
  const { env, host, attempt, told } = options;
  const place = { flow: scope.index, address: step.address };
  const now = (): number => scope.clock.now();
  return {
    ...createPrepareIo(scope, step, options),
    env,
    host,
    attempt,
    children: step.children,
    runStep: options.runChild,
    check: (expression, names) => checkExpression(expression, names, host),
    exchange: (build) => {
      told.exchange = build;
    },
    note: (text) => {
      if (!told.notes.includes(text)) told.notes.push(text);
    },
    progress: (text) => scope.run.emit({ type: 'step_progress', at: now(), ...place, text }),
    log: (level, message, data) => scope.run.emit({ type: 'log_written', at: now(), ...place, level, message, data }),
  };
}
