import type { ExecutorPlan } from '../../model/load/load-plan.ts';
import { parseDuration } from '../../util/duration.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { ScenarioSettings } from './load-schema.ts';

export type Amounts = Partial<
  Pick<
    ScenarioSettings,
    | 'executor'
    | 'vus'
    | 'duration'
    | 'iterations'
    | 'stages'
    | 'max_duration'
    | 'start_vus'
    | 'graceful_ramp_down'
    | 'rate'
    | 'start_rate'
    | 'time_unit'
    | 'pre_allocated_vus'
    | 'max_vus'
    | 'max_rate'
    | 'step'
    | 'hold'
  >
>;
type Key = keyof Amounts;

/** What is wrong with an executor, at the key that it is about. */
export interface AmountMistake {
  readonly key?: Key | undefined;
  readonly message: string;
  readonly help: readonly string[];
  readonly isMissing?: boolean;
}

const DEFAULT_MAX_MS = 600_000;
const DEFAULT_GRACE_MS = 30_000;
const SECOND_MS = 1000;

const KEYS: Readonly<Record<ExecutorPlan['kind'], { readonly needed: readonly Key[]; readonly more: readonly Key[] }>> =
  {
    'shared-iterations': { needed: [], more: ['vus', 'iterations', 'max_duration'] },
    'per-vu-iterations': { needed: [], more: ['vus', 'iterations', 'max_duration'] },
    'constant-vus': { needed: ['duration'], more: ['vus'] },
    'ramping-vus': { needed: ['stages'], more: ['start_vus', 'vus', 'graceful_ramp_down'] },
    'constant-arrival-rate': { needed: ['rate', 'duration', 'pre_allocated_vus'], more: ['time_unit', 'max_vus'] },
    'ramping-arrival-rate': { needed: ['stages', 'pre_allocated_vus'], more: ['start_rate', 'time_unit', 'max_vus'] },
    'find-capacity': {
      needed: ['start_rate', 'max_rate', 'step', 'hold'],
      more: ['time_unit', 'pre_allocated_vus', 'max_vus'],
    },
  };

/** The executor that a scenario or a `load` asks for, or what is wrong with it. */
export function planExecutor(amounts: Amounts): ExecutorPlan | readonly AmountMistake[] {
  const kind = chooseKind(amounts);
  if (typeof kind !== 'string') return [kind];
  const mistakes = [...checkKeys(kind, amounts), ...checkValues(amounts)];
  return mistakes.length > 0 ? mistakes : build(kind, amounts);
}

function chooseKind(amounts: Amounts): ExecutorPlan['kind'] | AmountMistake {
  const { executor } = amounts;
  if (executor === undefined) return inferKind(amounts);
  if (isKind(executor)) return executor;
  const known = Object.keys(KEYS);
  if (executor === 'externally-controlled')
    return {
      key: 'executor',
      message: '`executor`: nobody controls it from outside',
      help: [`take one of ${listNames(known)}`],
    };
  const nearest = findNearest(executor, known);
  return {
    key: 'executor',
    message: `\`executor\`: expected one of ${listNames(known)}, got "${executor}"`,
    help: nearest === undefined ? [] : [`did you mean \`${nearest}\`?`],
  };
}

function isKind(text: string): text is ExecutorPlan['kind'] {
  return Object.hasOwn(KEYS, text);
}

/** As k6 takes its shortcuts: two that exclude each other are a mistake. */
function inferKind(amounts: Amounts): ExecutorPlan['kind'] | AmountMistake {
  const isRate = amounts.rate !== undefined || amounts.start_rate !== undefined;
  if (isRate && amounts.stages && amounts.rate === undefined) return 'ramping-arrival-rate';
  const kinds: readonly Key[] = isRate ? ['iterations', 'stages'] : ['iterations', 'duration', 'stages'];
  const given = kinds.filter((key) => amounts[key] !== undefined);
  if (given.length > (isRate ? 0 : 1)) {
    const names = isRate ? ['rate', ...given] : given;
    return {
      key: given[given.length - 1],
      message: `${listNames(names)} exclude each other`,
      help: ['keep one of them, or write `scenarios`'],
    };
  }
  if (isRate) return 'constant-arrival-rate';
  if (amounts.stages) return 'ramping-vus';
  return amounts.duration === undefined ? 'shared-iterations' : 'constant-vus';
}

function checkKeys(kind: ExecutorPlan['kind'], amounts: Amounts): readonly AmountMistake[] {
  const { needed, more } = KEYS[kind];
  const given = (Object.keys(amounts) as Key[]).filter((key) => key !== 'executor' && amounts[key] !== undefined);
  const strange = given.filter((key) => !needed.includes(key) && !more.includes(key));
  const missing = needed.filter((key) => amounts[key] === undefined);
  return [
    ...strange.map((key) => ({
      key,
      message: `\`${key}\` is none of the settings of \`${kind}\``,
      help: [`it takes ${listNames([...needed, ...more])}`],
    })),
    ...missing.map((key) => ({
      message: `\`${kind}\` needs \`${key}\``,
      help: [HELP[key] ?? `write \`${key}\``],
      isMissing: true,
    })),
  ];
}

const HELP: Readonly<Partial<Record<Key, string>>> = {
  duration: 'for example `duration: 30s`, or `--duration 30s`',
  rate: 'for example `rate: 50`, a second',
  pre_allocated_vus: 'how many virtual users there are for it: `pre_allocated_vus: 20`, or `--pre-allocated-vus 20`',
  stages: 'for example `stages: [{duration: 30s, target: 10}]`',
  start_rate: 'the rate that is tried first: `start_rate: 20`, a second',
  max_rate: 'the rate beyond which nobody looks: `max_rate: 500`, a second',
  step: 'by how much the rate is raised each time: `step: 20`',
  hold: 'how long each rate is kept: `hold: 30s`',
};

function checkValues(amounts: Amounts): readonly AmountMistake[] {
  const { rate, pre_allocated_vus: first, max_vus: most, stages, start_rate: startRate } = amounts;
  const mistakes: AmountMistake[] = [];
  if (rate !== undefined && !(Number(readRate(rate)?.count) > 0))
    mistakes.push({
      key: 'rate',
      message: `\`rate\`: expected a number above 0, or one like \`50/s\`, got ${JSON.stringify(rate)}`,
      help: [],
    });
  if (typeof rate === 'string' && amounts.time_unit !== undefined && rate.includes('/'))
    mistakes.push({
      key: 'time_unit',
      message: '`rate` says of which time it is, and `time_unit` does too',
      help: ['keep one of them'],
    });
  if (first !== undefined && most !== undefined && most < first)
    mistakes.push({
      key: 'max_vus',
      message: `\`max_vus\`: expected at least the ${first} of \`pre_allocated_vus\`, got ${most}`,
      help: [],
    });
  const isOfUsers = amounts.executor === 'ramping-vus' || (amounts.executor === undefined && startRate === undefined);
  mistakes.push(...checkRates(amounts));
  for (const { target } of isOfUsers ? (stages ?? []) : [])
    if (!Number.isInteger(target))
      mistakes.push({
        key: 'stages',
        message: `\`stages\`: expected a whole number of virtual users as \`target\`, got ${target}`,
        help: [],
      });
  return mistakes;
}

function checkRates({ executor, start_rate: start, max_rate: most, step, hold }: Amounts): readonly AmountMistake[] {
  if (executor !== 'find-capacity') return [];
  const isNone = (key: Key, value: number | undefined): readonly AmountMistake[] =>
    value === 0 ? [{ key, message: `\`${key}\`: expected more than 0`, help: [HELP[key] ?? ''] }] : [];
  return [
    ...isNone('start_rate', start),
    ...isNone('step', step),
    ...isNone('hold', hold),
    ...(start !== undefined && most !== undefined && most < start
      ? [
          {
            key: 'max_rate' as const,
            message: `\`max_rate\`: expected at least the ${start} of \`start_rate\`, got ${most}`,
            help: [],
          },
        ]
      : []),
  ];
}

/** `50`, `50/s`, `100/m`, `10/500ms`. */
export function readRate(rate: number | string): { readonly count: number; readonly unitMs?: number } | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(?:\/(.+))?$/.exec(String(rate).trim()) ?? [];
  if (count === undefined) return undefined;
  if (unit === undefined) return { count: Number(count) };
  const unitMs = parseDuration(/^\d/.test(unit) ? unit : `1${unit}`);
  return unitMs === undefined || unitMs <= 0 ? undefined : { count: Number(count), unitMs };
}

function build(kind: ExecutorPlan['kind'], amounts: Amounts): ExecutorPlan {
  const { vus = 1, duration: durationMs = 0, max_duration: maxDurationMs = DEFAULT_MAX_MS } = amounts;
  const stages = (amounts.stages ?? []).map(({ duration, target }) => ({ durationMs: duration, target }));
  const { count: rate = 0, unitMs } = readRate(amounts.rate ?? 0) ?? {};
  const timeUnitMs = unitMs ?? amounts.time_unit ?? SECOND_MS;
  const preAllocatedVus = amounts.pre_allocated_vus ?? 1;
  const arrival = { timeUnitMs, preAllocatedVus, maxVus: amounts.max_vus ?? preAllocatedVus };
  switch (kind) {
    case 'shared-iterations':
      // As k6 does: virtual users alone run one iteration each.
      return { kind, vus, iterations: amounts.iterations ?? vus, maxDurationMs };
    case 'per-vu-iterations':
      return { kind, vus, iterations: amounts.iterations ?? 1, maxDurationMs };
    case 'constant-vus':
      return { kind, vus, durationMs };
    case 'ramping-vus': {
      const gracefulRampDownMs = amounts.graceful_ramp_down ?? DEFAULT_GRACE_MS;
      return { kind, startVus: amounts.start_vus ?? amounts.vus ?? 1, stages, gracefulRampDownMs };
    }
    case 'constant-arrival-rate':
      return { kind, rate, durationMs, ...arrival };
    case 'ramping-arrival-rate':
      return { kind, startRate: amounts.start_rate ?? 0, stages, ...arrival };
    case 'find-capacity':
      return planSearch(amounts, timeUnitMs);
  }
}

/** Nobody knows beforehand how many virtual users it takes: by default there may be as many as begin within so long at the highest rate. */
const LONGEST_ITERATION_MS = 5000;
const MOST_VUS = 10_000;

function planSearch(amounts: Amounts, timeUnitMs: number): ExecutorPlan {
  const { start_rate: startRate = 0, max_rate: maxRate = 0, step = 0, hold: holdMs = 0 } = amounts;
  const { pre_allocated_vus: first, max_vus: most } = amounts;
  const enough = Math.min(MOST_VUS, Math.max(first ?? 1, Math.ceil((maxRate * LONGEST_ITERATION_MS) / timeUnitMs)));
  const maxVus = most ?? enough;
  const preAllocatedVus = first ?? Math.min(maxVus, Math.max(1, Math.ceil((startRate * SECOND_MS) / timeUnitMs)));
  return {
    kind: 'find-capacity',
    startRate,
    maxRate,
    step,
    holdMs,
    thresholds: [],
    timeUnitMs,
    preAllocatedVus,
    maxVus,
  };
}
