import type { Env, Host } from '../expr/index.ts';
import type { ActionIo } from '../model/action.ts';
import type { Exchange } from '../model/events.ts';
import type { StepPlan } from '../model/plan.ts';
import { checkExpression } from './check-expression.ts';
import type { ChildIo } from './child-runner.ts';
import type { Preparation } from './preparation.ts';
import { createPrepareIo } from './prepare-io.ts';
import type { FlowScope } from './run-scope.ts';
import type { Stopping } from './stopping.ts';

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
  readonly stopping: Stopping;
  readonly told: Told;
  readonly children: ChildIo;
}

/** Makes what an action may touch while it runs. */
export function createStepIo(scope: FlowScope, step: StepPlan, options: StepIoOptions): ActionIo {
  return new StepIo(scope, step, options);
}

/** A class, for an object that is written with a getter of its own stays until V8's next long collection, with all that it reaches. */
class StepIo implements ActionIo {
  readonly address: ActionIo['address'];
  readonly clock: ActionIo['clock'];
  readonly onStop: ActionIo['onStop'];
  readonly resources: ActionIo['resources'];
  readonly facts: ActionIo['facts'];
  readonly timeoutMs: ActionIo['timeoutMs'];
  readonly remember: ActionIo['remember'];
  readonly recall: ActionIo['recall'];
  readonly isReplay: ActionIo['isReplay'];
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
  readonly #stopping: Stopping;

  constructor(scope: FlowScope, step: StepPlan, options: StepIoOptions) {
    const { address, env, host, attempt, told, stopping } = options;
    const { index: flow } = scope;
    const now = (): number => scope.clock.now();
    const { clock, resources, facts, timeoutMs, remember, recall, isReplay } = createPrepareIo(scope, step, options);
    const { runStep, runSteps, runFlow } = options.children;
    this.address = address;
    this.clock = clock;
    this.onStop = (call) => stopping.onStop(call);
    this.resources = resources;
    this.facts = facts;
    this.timeoutMs = timeoutMs;
    this.remember = remember;
    this.recall = recall;
    this.isReplay = isReplay;
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
    this.#stopping = stopping;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }
}
