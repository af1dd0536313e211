import type { Value } from '../../expr/index.ts';
import type { PrepareIo, StepFacts } from '../../model/action/io.ts';
import type { Location, StepPosition } from '../../model/events.ts';
import type { Replay } from '../../model/inputs.ts';
import { toLocation } from '../../model/location.ts';
import type { StepPlan } from '../../model/plan.ts';
import { toPlanAddress } from '../../model/walk-steps.ts';
import type { Stop } from '../../stop/stop.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
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
  readonly report: PrepareIo['report'];
  readonly #facts: FlowFacts;
  readonly #services: Services;
  readonly #options: PrepareIoOptions;
  #memory: PrepareIo['memory'] | undefined;

  constructor(facts: FlowFacts, services: Services, options: PrepareIoOptions, report?: PrepareIo['report']) {
    const { position, stop } = options;
    this.#facts = facts;
    this.#services = services;
    this.#options = options;
    this.step = new StepHere(options, facts.trace.forStep());
    this.clock = services.clock;
    this.stop = stop;
    this.resources = services.resources;
    this.facts = facts.run;
    this.report = report ?? createReport(facts, services, position);
  }

  // Few actions ask for what follows, and one of these objects is made for each attempt of each step.

  get isConditional(): boolean {
    const { preparation, step } = this.#options;
    return preparation.conditional.has(step);
  }

  get memory(): PrepareIo['memory'] {
    this.#memory ??= createMemory(this.#facts, this.#services, this.#options);
    return this.#memory;
  }

  beforeStep(id: string, call: () => Promise<void>): void {
    const { beforeSteps, step, position, preparation } = this.#options;
    beforeSteps.add({ step, address: position.address, preparation }, id, call);
  }
}

/** This run of a step. */
class StepHere implements StepFacts {
  readonly id: string;
  readonly address: string;
  readonly timeoutMs: number | undefined;
  readonly attempt: number;
  readonly isCounted: boolean | undefined;
  readonly isErrorExpected: boolean;
  readonly isAfterFailure: boolean | undefined;
  readonly trace: StepFacts['trace'];
  readonly #step: StepPlan;

  constructor({ step, position, timeoutMs, attempt, isAfterFailure }: PrepareIoOptions, trace: StepFacts['trace']) {
    this.id = step.id;
    this.address = position.address;
    this.timeoutMs = timeoutMs;
    this.attempt = attempt;
    this.isCounted = step.uses?.isCounted;
    this.isErrorExpected = step.expectedError !== undefined;
    this.isAfterFailure = isAfterFailure;
    this.trace = trace;
    this.#step = step;
  }

  locate(path: readonly (string | number)[]): Location {
    return toLocation(this.#step.config.spanAt(path));
  }
}

function createReport(
  { run }: FlowFacts,
  { clock, emit }: Services,
  { address }: PrepareIoOptions['position'],
): PrepareIo['report'] {
  return {
    note(text) {
      const about = `step \`${address}\` of flow "${run.flowName}": ${text}`;
      emit({ type: 'run_noted', at: clock.now(), level: 'warning', text: about });
    },
  };
}

function createMemory(
  facts: FlowFacts,
  { clock, emit }: Services,
  { step, position }: PrepareIoOptions,
): PrepareIo['memory'] {
  return {
    isReplay: facts.isReplayed(step),
    remember: (key, value) =>
      emit({ type: 'step_remembered', at: clock.now(), flow: facts.index, step: position, key, value }),
    recall: (key) => recall(facts.replay, position.address, key),
  };
}

/** What the record has for this round of a loop, or for the loop as a whole. */
function recall(replay: Replay | undefined, address: string, key: string): Value | undefined {
  return replay?.memory.get(address)?.get(key) ?? replay?.memory.get(toPlanAddress(address))?.get(key);
}
