import { LOAD_METRICS, type MetricAbout } from '../../model/load/load-metrics.ts';
import { formatDuration } from '../../util/duration.ts';
import type { Paint } from '../../util/paint.ts';
import type { CapacitySummary, GaveWay, HoldSummary, LoadSummary, ThresholdSummary } from '../metrics/load-summary.ts';
import type { Verdict } from '../thresholds/verdict.ts';
import { layOut } from './lay-out.ts';
import { formatMs, formatNumber, formatPercent, formatValue, type TimeUnit } from './units.ts';

interface CapacityOptions {
  readonly paint: Paint;
  readonly timeUnit?: TimeUnit | undefined;
}

/** What was found of capacities, for people: first what it comes to, then each rate that was tried. */
export function formatCapacity(
  { capacity = [], scenarios }: LoadSummary,
  { paint, timeUnit }: CapacityOptions,
): readonly string[] {
  return capacity.flatMap((one) => {
    const name = scenarios.length > 1 ? ` ${one.scenario}:` : '';
    const lines = layOut([listHoldHeads(one), ...one.holds.map((hold) => listHoldCells(hold, one, timeUnit))], 0);
    return [
      `${paint.bold('  █ CAPACITY')}  ${name} ${describeCapacity(one, timeUnit)}`,
      ...lines.map((line, at) => {
        const hold = one.holds[at - 1];
        if (!hold) return `      ${line}`;
        const why = hold.gaveWay ? `   ${describeGaveWay(hold.gaveWay, timeUnit)}` : '';
        return `    ${hold.held ? paint.green('✓') : paint.red('✗')} ${line}${why}`;
      }),
    ];
  });
}

/** `105/s, held for 10s; at 110/s …`. */
export function describeCapacity(capacity: CapacitySummary, timeUnit?: TimeUnit): string {
  const { rate, limit, beyond, holdMs } = capacity;
  const unit = (one: number): string => formatRate(one, capacity);
  const why = beyond ? `; at ${unit(beyond.rate)} ${describeGaveWay(beyond.gaveWay, timeUnit)}` : '';
  if (rate === null)
    return limit === 'ended' ? 'the search ended before a rate had been held' : `not even the start rate held${why}`;
  const held = `${unit(rate)}, held for ${formatDuration(holdMs)}`;
  switch (limit) {
    case 'service':
      return `${held}${why}`;
    case 'max_rate':
      return `at least ${held}: \`max_rate\`, beyond which nothing was tried`;
    case 'ended':
      return `at least ${held}: the search ended before it knew more${why}`;
    case 'generator':
      return `at least ${held}${why}: of what the service is capable of nobody knows`;
    case 'virtual users':
      return `at least ${held}${why}: raise \`max_vus\`, or hold \`iteration_duration\` against a threshold`;
  }
}

/** What the exit code follows from, where no rate was held. */
export function judgeCapacities(capacities: readonly CapacitySummary[]): Verdict | undefined {
  const none = capacities.find(({ rate }) => rate === null);
  if (!none) return undefined;
  const isOfService = none.limit === 'service' || none.limit === 'virtual users';
  return { kind: isOfService ? 'threshold' : 'nothing', text: describeCapacity(none) };
}

/** `50/s`, `30/m`, `5 in 500ms`. */
export function formatRate(rate: number, { timeUnitMs }: Pick<CapacitySummary, 'timeUnitMs'>): string {
  const unit = formatDuration(timeUnitMs);
  return /^1 [a-z]+$/.test(unit) ? `${formatNumber(rate)}/${unit.slice(2)}` : `${formatNumber(rate)} in ${unit}`;
}

export function describeGaveWay({ by, metric, threshold, value, step }: GaveWay, timeUnit?: TimeUnit): string {
  const at = step === undefined ? '' : `, worst in step \`${step}\``;
  if (threshold !== undefined) {
    const own = by === 'generator' ? ', for the generator itself was late' : '';
    return `\`${metric}\` ${threshold} gave way: ${formatMeasured(metric, threshold, { value, timeUnit })}${at}${own}`;
  }
  const count = value ?? 0;
  switch (metric) {
    case 'checks':
      return `${count} ${count === 1 ? 'step' : 'steps'} failed, and no threshold judges that${at}`;
    case 'dropped_iterations':
      return `no virtual user was free for ${count} ${count === 1 ? 'iteration' : 'iterations'}`;
    case 'scheduler_lag':
      return `the generator itself was late: iterations began ${formatMs(count, timeUnit)} (p99) after their time`;
    default:
      return `${count} ${count === 1 ? 'iteration was' : 'iterations were'} not over when \`graceful_stop\` was`;
  }
}

/** In the unit of its metric; shares of a rate as percent. */
export function formatMeasured(
  metric: string,
  threshold: string,
  { value, timeUnit }: { value: number | null; timeUnit?: TimeUnit | undefined },
): string {
  if (value === null) return 'nothing measured';
  const known: Readonly<Record<string, MetricAbout>> = LOAD_METRICS;
  const name = metric.replace(/\{.*$/s, '');
  const { kind = 'trend', unit = 'none' } = Object.hasOwn(known, name) ? (known[name] ?? {}) : {};
  if (kind === 'rate') return formatPercent(value);
  const isRate = /^\s*rate\b/.test(threshold);
  return formatValue(value, isRate && unit !== 'bytes' ? 'none' : unit, timeUnit);
}

export function listHoldHeads({ holds }: CapacitySummary): readonly string[] {
  const thresholds = (holds[0]?.thresholds ?? []).map(({ metric, threshold }) => `${metric} ${threshold}`);
  return ['rate', 'iterations', 'dropped', ...thresholds];
}

export function listHoldCells(
  { rate, iterations, dropped, thresholds }: HoldSummary,
  capacity: CapacitySummary,
  timeUnit?: TimeUnit,
): readonly string[] {
  const measured = ({ metric, threshold, value }: ThresholdSummary): string =>
    formatMeasured(metric, threshold, { value, timeUnit });
  return [formatRate(rate, capacity), String(iterations), String(dropped), ...thresholds.map(measured)];
}
