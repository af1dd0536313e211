import type { Env, Host } from '../expr/index.ts';
import type { ActionIo } from '../model/action.ts';
import type { Exchange } from '../model/events.ts';
import type { StepPlan } from '../model/plan.ts';
import { checkExpression } from './check-expression.ts';
import type { ChildIo } from './child-runner.ts';
import type { Preparation } from './preparation.ts';
import { createPrepareIo } from './prepare-io.ts';
import type { FlowScope } from './run-scope.ts';

/** What an action told while it ran. */
export interface Told {
  readonly notes: string[];
  exchange: (() => Exchange) | undefined;
}

export interface StepIoOptions {
  /** Of this run of the step. */
  readonly address: string;
  readonly preparation: Preparation;
  readonly env: Env;
  readonly host: Host;
  readonly attempt: number;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  readonly told: Told;
  readonly children: ChildIo;
}

/** Makes what an action may touch while it runs. */
export function createStepIo(scope: FlowScope, step: StepPlan, options: StepIoOptions): ActionIo {
  const { address, env, host, attempt, told } = options;
  const { index: flow } = scope;
  const now = (): number => scope.clock.now();
  const { clock, signal, resources, facts, timeoutMs, remember, recall, isReplay } = createPrepareIo(
    scope,
    step,
    options,
  );
  const { runStep, runSteps, runFlow } = options.children;
  // Named one by one: an object that is spread and then grows costs each step more than most actions.
  return {
    address,
    clock,
    signal,
    resources,
    facts,
    timeoutMs,
    remember,
    recall,
    isReplay,
    env,
    host,
    attempt,
    children: step.children,
    isChosen: (iteration) => step.rounds?.has(iteration) ?? true,
    runStep,
    runSteps,
    runFlow,
    check: (expression, names) => checkExpression(expression, names, host),
    exchange: (build) => {
      told.exchange = build;
    },
    note: (text) => {
      if (!told.notes.includes(text)) told.notes.push(text);
    },
    progress: (text) => scope.run.emit({ type: 'step_progress', at: now(), flow, address, text }),
    log: (level, message, data) =>
      scope.run.emit({ type: 'log_written', at: now(), flow, address, level, message, data }),
  };
}
