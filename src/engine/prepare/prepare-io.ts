import type { Value } from '../../expr/index.ts';
import type { PrepareIo } from '../../model/action/io.ts';
import type { StepPosition } from '../../model/events.ts';
import type { Replay } from '../../model/inputs.ts';
import { toLocation } from '../../model/location.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import { toPlanAddress } from '../names/addresses.ts';
import type { BeforeSteps } from './before-steps.ts';
import type { Preparation } from './preparation.ts';

export interface PrepareIoOptions {
  readonly step: StepPlan;
  /** Of this run of the step. */
  readonly position: StepPosition;
  readonly preparation: Preparation;
  readonly timeoutMs: number | undefined;
  readonly attempt: number;
  readonly stop: Stop;
  readonly beforeSteps: BeforeSteps;
  readonly isAfterFailure?: boolean | undefined;
}

/** What an action may touch before its step runs. */
export class StepPrepareIo implements PrepareIo {
  readonly step: PrepareIo['step'];
  readonly clock: PrepareIo['clock'];
  readonly stop: PrepareIo['stop'];
  readonly resources: PrepareIo['resources'];
  readonly facts: PrepareIo['facts'];
  readonly isConditional: PrepareIo['isConditional'];
  readonly memory: PrepareIo['memory'];
  readonly beforeStep: PrepareIo['beforeStep'];
  readonly report: PrepareIo['report'];

  constructor(facts: FlowFacts, services: Services, options: PrepareIoOptions) {
    const { step, position, preparation, timeoutMs, attempt, stop, beforeSteps, isAfterFailure } = options;
    const { clock, resources, emit } = services;
    const { address } = position;
    const trace = facts.trace.forStep();
    const locate: PrepareIo['step']['locate'] = (path) => toLocation(step.config.spanAt(path));
    this.step = {
      id: step.id,
      address,
      timeoutMs,
      attempt,
      isCounted: step.uses?.isCounted,
      isAfterFailure,
      trace,
      locate,
    };
    this.clock = clock;
    this.stop = stop;
    this.resources = resources;
    this.facts = facts.run;
    this.isConditional = preparation.conditional.has(step);
    this.memory = {
      isReplay: facts.isReplayed(step),
      remember: (key, value) =>
        emit({ type: 'step_remembered', at: clock.now(), flow: facts.index, step: position, key, value }),
      recall: (key) => recall(facts.replay, address, key),
    };
    this.report = {
      note(text) {
        const about = `step \`${address}\` of flow "${facts.run.flowName}": ${text}`;
        emit({ type: 'run_noted', at: clock.now(), level: 'warning', text: about });
      },
    };
    this.beforeStep = (id, call) => beforeSteps.add({ step, address, preparation }, id, call);
  }
}

/** What the record has for this round of a loop, or for the loop as a whole. */
function recall(replay: Replay | undefined, address: string, key: string): Value | undefined {
  return replay?.memory.get(address)?.get(key) ?? replay?.memory.get(toPlanAddress(address))?.get(key);
}
