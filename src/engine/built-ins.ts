import type { Env, Value } from '../expr/index.ts';
import type { Clock, RunFacts } from '../model/action.ts';
import type { Random } from './random.ts';

export interface BuiltInOptions {
  readonly clock: Clock;
  readonly facts: RunFacts;
  readonly random: Random;
  /** Absent for the variables of the flow. */
  readonly step?: { readonly id: string; readonly attempt: number } | undefined;
}

/** The names that every flow has. `UUID` is made once for each set of them; times are UTC, of the moment of the first look-up. */
export function createBuiltIns({ clock, facts, random, step }: BuiltInOptions): Env {
  let uuid: string | undefined;
  const getUuid = (): string => {
    uuid ??= random.derive('UUID').uuid();
    return uuid;
  };
  let momentMs: number | undefined;
  const getMoment = (): number => {
    momentMs ??= clock.now();
    return momentMs;
  };
  const isoNow = (): string => new Date(getMoment()).toISOString();
  const makers: Readonly<Record<string, () => Value | undefined>> = {
    UUID: getUuid,
    RANDOM_ID: getUuid,
    TIMESTAMP: () => Math.floor(getMoment() / 1000),
    ISO_TIMESTAMP: isoNow,
    DATE: () => isoNow().slice(0, 10),
    TIME: () => isoNow().slice(11, 19),
    DATETIME: () => isoNow().slice(0, 19).replace('T', ' '),
    RUN_ID: () => facts.runId,
    FLOW_NAME: () => facts.flowName,
    TRACE_ID: () => facts.traceId,
    STEP_ID: () => step?.id,
    ATTEMPT: () => step?.attempt,
  };
  return {
    get: (name) => (Object.hasOwn(makers, name) ? makers[name]?.() : undefined),
    keys: () => Object.keys(makers).filter((name) => step !== undefined || (name !== 'STEP_ID' && name !== 'ATTEMPT')),
  };
}
