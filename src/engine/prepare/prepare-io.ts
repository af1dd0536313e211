import type { Value } from '../../expr/index.ts';
import type { PrepareIo } from '../../model/action/io.ts';
import type { Replay } from '../../model/inputs.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { toPlanAddress } from '../names/addresses.ts';
import type { Stopping } from '../stop/stopping.ts';
import type { Preparation } from './preparation.ts';

export interface PrepareIoOptions {
  /** Of this run of the step. */
  readonly address: string;
  readonly preparation: Preparation;
  readonly timeoutMs: number | undefined;
  readonly attempt: number;
  readonly stopping: Stopping;
}

/**
 * What an action may touch before its step runs. A class, for an object that is written with a getter of its own stays until V8's
 * next long collection, with all that it reaches.
 */
export class StepPrepareIo implements PrepareIo {
  readonly step: PrepareIo['step'];
  readonly clock: PrepareIo['clock'];
  readonly resources: PrepareIo['resources'];
  readonly facts: PrepareIo['facts'];
  readonly isConditional: PrepareIo['isConditional'];
  readonly memory: PrepareIo['memory'];
  readonly beforeStep: PrepareIo['beforeStep'];
  readonly #stopping: Stopping;

  constructor(scope: FlowScope, step: StepPlan, options: PrepareIoOptions) {
    const { address, preparation, timeoutMs, attempt, stopping } = options;
    this.step = { address, timeoutMs, attempt };
    this.clock = scope.clock;
    this.resources = scope.resources;
    this.facts = scope.facts;
    this.isConditional = preparation.conditional.has(step);
    this.memory = {
      isReplay: scope.isReplayed(step),
      remember: (key, value) => scope.remember(address, key, value),
      recall: (key) => recall(scope.replay, address, key),
    };
    this.beforeStep = (id, call) => scope.beforeSteps.add({ step, address, preparation }, id, call);
    this.#stopping = stopping;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }
}

/** What the record has for this round of a loop, or for the loop as a whole. */
function recall(replay: Replay | undefined, address: string, key: string): Value | undefined {
  return replay?.memory.get(address)?.get(key) ?? replay?.memory.get(toPlanAddress(address))?.get(key);
}
