import type { Env, Host } from '../../expr/index.ts';
import type { ActionIo, StepReport } from '../../model/action/io.ts';
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
  readonly told: Told;
  readonly children: ChildIo;
}

/** Makes what an action may touch while it runs. */
export function createStepIo(scope: FlowScope, step: StepPlan, options: StepIoOptions): ActionIo {
  return new StepIo(scope, step, options);
}

class StepIo extends StepPrepareIo implements ActionIo {
  readonly onStop: ActionIo['onStop'];
  readonly expressions: ActionIo['expressions'];
  readonly children: ActionIo['children'];
  readonly report: ActionIo['report'];

  constructor(scope: FlowScope, step: StepPlan, options: StepIoOptions) {
    super(scope, step, options);
    const { address, env, host, told, stopping } = options;
    this.onStop = (call) => stopping.onStop(call);
    this.expressions = { env, host, check: (expression, names) => checkExpression(expression, names, host) };
    const isChosen = (iteration: number): boolean => step.rounds?.has(iteration) ?? true;
    this.children = { list: step.children, isChosen, ...options.children };
    this.report = createReport(scope, address, told);
  }
}

function createReport(scope: FlowScope, address: string, told: Told): StepReport {
  const about = () => ({ at: scope.clock.now(), flow: scope.index, address });
  return {
    exchange(build) {
      told.exchange = build;
    },
    note(text) {
      if (!told.notes.includes(text)) told.notes.push(text);
    },
    progress: (text) => scope.run.emit({ type: 'step_progress', ...about(), text }),
    log: (level, message, data) => scope.run.emit({ type: 'log_written', ...about(), level, message, data }),
  };
}
