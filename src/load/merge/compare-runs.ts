import { Histogram } from '../metrics/histogram.ts';
import type { LoadSummary, SeriesSummary } from '../metrics/load-summary.ts';
import type { FailCondition } from './fail-condition.ts';

/** With fewer samples a percentile says little. */
export const FEWEST_SAMPLES = 100;

/** A step of a scenario, before and now, by one statistic. */
export interface Compared {
  readonly scenario: string;
  readonly step: string;
  readonly statistic: string;
  /** The middle of what the bases have; absent where it is not compared. */
  readonly base?: number | undefined;
  /** From the lowest to the highest of the bases. */
  readonly noise?: readonly [number, number] | undefined;
  readonly value?: number | undefined;
  /** Which condition is met, and by more than the bases differ among themselves. */
  readonly failed?: string | undefined;
  /** Why it is not judged, or why what meets a condition is no finding. */
  readonly note?: string | undefined;
}

interface Measured {
  readonly durations: Histogram;
  failed: number;
}

/** Holds a run against earlier ones, step by step of each scenario. */
export function compareRuns(
  bases: readonly LoadSummary[],
  now: LoadSummary,
  conditions: readonly FailCondition[],
): readonly Compared[] {
  const before = bases.map(readSteps);
  const own = readSteps(now);
  const keys = new Set([...before.flatMap((steps) => [...steps.keys()]), ...own.keys()]);
  return [...keys].sort().flatMap((key) => {
    const all = before.map((steps) => steps.get(key));
    return conditions.map((condition) => compareStep(key, { before: all, now: own.get(key), condition }));
  });
}

function compareStep(
  key: string,
  about: { before: readonly (Measured | undefined)[]; now: Measured | undefined; condition: FailCondition },
): Compared {
  const { before, now, condition } = about;
  const [scenario = '', step = ''] = JSON.parse(key) as readonly string[];
  const { statistic } = condition;
  const known = before.filter((one) => one !== undefined);
  const it = { scenario, step, statistic };
  if (!now) return { ...it, note: 'it did not run now' };
  if (known.length < before.length) return { ...it, note: known.length === 0 ? 'it is new' : 'not every base has it' };
  const fewest = Math.min(...[...known, now].map(({ durations }) => durations.count));
  if (fewest < FEWEST_SAMPLES) return { ...it, note: `${fewest} samples: ${FEWEST_SAMPLES} at least are compared` };
  const values = known.map((one) => read(one, statistic)).sort((a, b) => a - b);
  const noise = [values[0] as number, values.at(-1) as number] as const;
  const [base, value] = [middleOf(values), read(now, statistic)];
  const compared = { ...it, base, noise, value };
  if (!condition.holds(value, base)) return compared;
  if (values.length > 1 && value >= noise[0] && value <= noise[1])
    return { ...compared, note: 'inside of what the bases differ by' };
  return { ...compared, failed: condition.text };
}

function middleOf(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2);
  const high = sorted[half] as number;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] as number)) / 2;
}

function read({ durations, failed }: Measured, statistic: string): number {
  if (statistic === 'fail_rate') return failed / durations.count;
  if (statistic === 'avg') return durations.sum / durations.count;
  if (statistic === 'min') return durations.min;
  if (statistic === 'max') return durations.max;
  return durations.percentile(statistic === 'med' ? 50 : Number(statistic.slice(2, -1)));
}

/** How long each step of each scenario took, whatever other tags there are. */
function readSteps({ series }: LoadSummary): ReadonlyMap<string, Measured> {
  const steps = new Map<string, Measured>();
  const of = ({ tags }: SeriesSummary): Measured => {
    const key = JSON.stringify([tags['scenario'] ?? '', tags['step'] ?? '']);
    const known = steps.get(key) ?? { durations: new Histogram(), failed: 0 };
    steps.set(key, known);
    return known;
  };
  for (const one of series) {
    // What runs once, before and after, is no load.
    if (one.tags['scenario'] === undefined) continue;
    if (one.metric === 'step_duration' && one.histogram) of(one).durations.addAll(Histogram.from(one.histogram));
    if (one.metric === 'step_failed') of(one).failed += one.sum;
  }
  return steps;
}
