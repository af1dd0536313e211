import type { Env, Host } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import type { Exchange } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { checkExpression } from '../outcome/check-expression.ts';
import { type PrepareIoOptions, StepPrepareIo } from '../prepare/prepare-io.ts';
import type { ChildIo } from './child-runner.ts';

/** What an action told while it ran. */
export interface Told {
  readonly notes: string[];
  exchange: (() => Exchange) | undefined;
}

export interface StepIoOptions extends PrepareIoOptions {
  readonly env: Env;
  readonly host: Host;
  readonly attempt: number;
  readonly told: Told;
  readonly children: ChildIo;
}

/** Makes what an action may touch while it runs. */
export function createStepIo(scope: FlowScope, step: StepPlan, options: StepIoOptions): ActionIo {
  return new StepIo(scope, step, options);
}

class StepIo extends StepPrepareIo implements ActionIo {
  readonly onStop: ActionIo['onStop'];
  readonly env: ActionIo['env'];
  readonly host: ActionIo['host'];
  readonly attempt: ActionIo['attempt'];
  readonly children: ActionIo['children'];
  readonly isChosen: ActionIo['isChosen'];
  readonly runStep: ActionIo['runStep'];
  readonly runSteps: ActionIo['runSteps'];
  readonly runFlow: ActionIo['runFlow'];
  readonly check: ActionIo['check'];
  readonly exchange: ActionIo['exchange'];
  readonly note: ActionIo['note'];
  readonly progress: ActionIo['progress'];
  readonly log: ActionIo['log'];

  constructor(scope: FlowScope, step: StepPlan, options: StepIoOptions) {
    super(scope, step, options);
    const { address, env, host, attempt, told, stopping } = options;
    const { index: flow } = scope;
    const now = (): number => scope.clock.now();
    const { runStep, runSteps, runFlow } = options.children;
    this.onStop = (call) => stopping.onStop(call);
    this.env = env;
    this.host = host;
    this.attempt = attempt;
    this.children = step.children;
    this.isChosen = (iteration) => step.rounds?.has(iteration) ?? true;
    this.runStep = runStep;
    this.runSteps = runSteps;
    this.runFlow = runFlow;
    this.check = (expression, names) => checkExpression(expression, names, host);
    this.exchange = (build) => {
      told.exchange = build;
    };
    this.note = (text) => {
      if (!told.notes.includes(text)) told.notes.push(text);
    };
    this.progress = (text) => scope.run.emit({ type: 'step_progress', at: now(), flow, address, text });
    this.log = (level, message, data) =>
      scope.run.emit({ type: 'log_written', at: now(), flow, address, level, message, data });
  }
}
