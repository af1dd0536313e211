import type { Env, Value } from '../../expr/index.ts';
import type { RunFacts } from '../../model/action/io.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { Random } from './random.ts';

export interface BuiltInOptions {
  readonly clock: Clock;
  readonly facts: RunFacts;
  /** Called when a name with a random value is first looked up. */
  readonly random: () => Random;
  /** Absent for the variables of the flow. */
  readonly step?: { readonly id: string; readonly attempt: number } | undefined;
}

/** The names that every flow has. `UUID` is made once for each set of them; times are UTC, of the moment of the first look-up. */
export function createBuiltIns(options: BuiltInOptions): Env {
  return new BuiltIns(options);
}

class BuiltIns implements Env {
  readonly #options: BuiltInOptions;
  #uuid: string | undefined;
  #momentMs: number | undefined;

  constructor(options: BuiltInOptions) {
    this.#options = options;
  }

  get(name: string): Value | undefined {
    const { facts, step } = this.#options;
    switch (name) {
      case 'UUID':
      case 'RANDOM_ID':
        this.#uuid ??= this.#options.random().derive('UUID').uuid();
        return this.#uuid;
      case 'TIMESTAMP':
        return Math.floor(this.#moment / 1000);
      case 'ISO_TIMESTAMP':
        return this.#isoNow;
      case 'DATE':
        return this.#isoNow.slice(0, 10);
      case 'TIME':
        return this.#isoNow.slice(11, 19);
      case 'DATETIME':
        return this.#isoNow.slice(0, 19).replace('T', ' ');
      case 'RUN_ID':
        return facts.runId;
      case 'FLOW_NAME':
        return facts.flowName;
      case 'TRACE_ID':
        return facts.traceId;
      case 'VU':
        return facts.turn?.vu ?? 1;
      case 'ITERATION':
        return facts.turn?.iteration ?? 0;
      case 'ITERATION_TOTAL':
        return facts.turn?.iterationTotal ?? 0;
      case 'STEP_ID':
        return step?.id;
      case 'ATTEMPT':
        return step?.attempt;
      case 'services':
      case 'stubs':
      case 'proxies':
      case 'mocks':
        return facts.services?.values[name];
      default:
        return undefined;
    }
  }

  keys(): Iterable<string> {
    const { facts, step } = this.#options;
    const names = facts.services ? [...FLOW_NAMES, ...Object.keys(facts.services.values)] : FLOW_NAMES;
    return step ? [...names, 'STEP_ID', 'ATTEMPT'] : names;
  }

  get #moment(): number {
    this.#momentMs ??= this.#options.clock.now();
    return this.#momentMs;
  }

  get #isoNow(): string {
    return new Date(this.#moment).toISOString();
  }
}

const FLOW_NAMES: readonly string[] = [
  ...['UUID', 'RANDOM_ID', 'TIMESTAMP', 'ISO_TIMESTAMP', 'DATE', 'TIME', 'DATETIME'],
  ...['RUN_ID', 'FLOW_NAME', 'TRACE_ID', 'VU', 'ITERATION', 'ITERATION_TOTAL'],
];
