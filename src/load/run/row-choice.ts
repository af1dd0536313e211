import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { DataMode } from '../../model/load/load-plan.ts';
import type { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import type { Slice } from '../executors/slice.ts';
import { createRandomNumbers } from './random-numbers.ts';

export interface RowChoiceOptions {
  /** With each row of the flow's data. */
  readonly flows: readonly FlowRun[];
  readonly mode: DataMode;
  /** Which iterations are run here: no row that is used once is used in two places. */
  readonly slice: Slice;
  readonly seed: number;
  /** Asked when no row is left: nothing more begins then. */
  readonly stop: Stop;
}

/** Which row of a flow's data an iteration has. */
export class RowChoice {
  readonly #options: RowChoiceOptions;

  constructor(options: RowChoiceOptions) {
    this.#options = options;
  }

  /** `total` is the iteration's number among all of the scenario, from 0; `vu` counts from 1. */
  choose({ vu, total }: Record<'vu' | 'total', number>): FlowRun | undefined {
    const { flows, mode, seed } = this.#options;
    switch (mode) {
      case 'unique':
        return flows[total];
      case 'sequential':
        return flows[total % flows.length];
      case 'per_vu':
        return flows[(vu - 1) % flows.length];
      case 'random':
        return flows[Math.floor(createRandomNumbers(seed + Math.imul(total + 1, 0x9e3779b1))() * flows.length)];
    }
  }

  /** After so many iterations that began here a row may be the last. */
  noteBegun(count: number): void {
    const { flows, mode, slice, stop } = this.#options;
    if (mode === 'unique' && slice.at(count) >= flows.length)
      stop.ask(new StopError('stopped', `each of the ${flows.length} rows of its data has been used`));
  }
}
