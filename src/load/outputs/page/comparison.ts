import type { LoadSummary, StepSummary } from '../../metrics/load-summary.ts';
import { formatMs, formatPercent } from '../../summary/units.ts';
import { html, type Markup } from './markup.ts';
import { drawTable, type Row } from './tables.ts';
import type { LoadView } from './view.ts';

type Step = Omit<StepSummary, 'failures'>;

/** Fewer say little of a percentile. */
const FEWEST = 100;

/** Each step beside what it was in the base. */
export function drawComparison({ base, steps }: LoadView): Markup | undefined {
  if (!base) return undefined;
  const find = (list: readonly Step[], { name, scenario }: Step) =>
    list.find((one) => one.name === name && one.scenario === scenario);
  const gone = base.steps.filter((step) => !find(steps, step));
  const rows: readonly Row[] = [
    ...steps.map((step) => compare(step, find(base.steps, step))),
    ...gone.map((step) => ({ cells: [...nameStep(step), 'only in the base'] })),
  ];
  const words = ['step', 'scenario', 'note'];
  const numbers = ['med before', 'med', 'by', 'p(95) before', 'p(95)', 'by', 'failed before', 'failed'];
  return html`<p>The base is ${base.run.testId}, of ${base.run.startedAt}.</p>
${drawTable({ title: 'Compared with the base', words, numbers, rows })}`;
}

function compare(step: Step, base: Step | undefined): Row {
  if (!base) return { cells: [...nameStep(step), 'not in the base'] };
  const few = Math.min(step.count, base.count) < FEWEST ? `fewer than ${FEWEST} samples` : '';
  const of = (statistic: string): readonly string[] => {
    const [before, now] = [base.values[statistic] ?? 0, step.values[statistic] ?? 0];
    return [formatMs(before), formatMs(now), formatChange(before, now)];
  };
  const [before, now] = [base, step].map(({ count, failed }) => formatPercent(count === 0 ? 0 : failed / count));
  return { cells: [...nameStep(step), few, ...of('med'), ...of('p(95)'), before ?? '', now ?? ''] };
}

function nameStep({ name, scenario }: Step): readonly string[] {
  return [name, scenario === '' ? '(once)' : scenario];
}

function formatChange(before: number, now: number): string {
  if (before === 0) return '–';
  const change = ((now - before) / before) * 100;
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}%`;
}

/** Whether a JSON text holds a summary, as far as it is read here. */
export function isSummary(value: unknown): value is LoadSummary {
  if (typeof value !== 'object' || value === null) return false;
  const { version, run, steps } = value as Partial<LoadSummary>;
  if (version !== 1 || typeof run?.testId !== 'string' || typeof run.startedAt !== 'string') return false;
  return Array.isArray(steps) && steps.every(isStep);
}

function isStep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, scenario, count, failed, values } = value as Partial<StepSummary>;
  const isNamed = typeof name === 'string' && typeof scenario === 'string';
  if (!isNamed || typeof values !== 'object' || values === null) return false;
  return [count, failed, ...Object.values(values)].every((number) => typeof number === 'number');
}
