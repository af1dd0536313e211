import type { ScenarioPlan, ThresholdPlan } from '../../model/load/load-plan.ts';
import { listMetricTags } from '../../model/load/metric-tags.ts';
import { CODES } from '../read/findings.ts';
import type { LoadOverrides } from './overrides.ts';
import type { WrittenScenario } from './read-load.ts';
import { isMistake, readThresholdKey } from './threshold.ts';
import { planThresholds, type Reports, type WrittenThreshold } from './thresholds.ts';

export interface SearchesContext {
  /** What the scenarios were read from, by their names. */
  readonly written: readonly WrittenScenario[];
  /** Thresholds of flags: those of the search where nothing else runs. */
  readonly flags: readonly WrittenThreshold[];
  readonly overrides: LoadOverrides;
  readonly reports: Reports;
}

/** Gives scenarios that look for a capacity the thresholds by which they judge each rate, and those thresholds that are for the load as a whole. */
export function planSearches(
  scenarios: readonly ScenarioPlan[],
  context: SearchesContext,
): { readonly scenarios: readonly ScenarioPlan[]; readonly rest: readonly WrittenThreshold[] } {
  const isAlone = scenarios.length === 1 && scenarios[0]?.executor.kind === 'find-capacity';
  const flags = isAlone ? context.flags : [];
  const rest = isAlone ? [] : [...context.flags];
  const planned = scenarios.map((scenario): ScenarioPlan => {
    const { executor } = scenario;
    const own = context.written.find(({ name }) => name === scenario.name);
    if (executor.kind === 'find-capacity' && own) {
      const thresholds = planOwn(scenario, { ...own, thresholds: [...own.thresholds, ...flags] }, context);
      return { ...scenario, executor: { ...executor, thresholds } };
    }
    // Flags made something else of the search: what it was judged by is judged at the end.
    rest.push(...(own?.thresholds ?? []));
    return scenario;
  });
  return { scenarios: planned, rest };
}

function planOwn(
  scenario: ScenarioPlan,
  { thresholds, spanAt }: WrittenScenario,
  { overrides, reports }: SearchesContext,
): readonly ThresholdPlan[] {
  const written = overrides.hasNoThresholds ? [] : thresholds;
  if (written.length === 0)
    reports.findings.error(
      CODES.missingKey,
      '`find-capacity` needs `thresholds`, by which it judges each rate',
      spanAt([]),
      ["for example `thresholds: {http_req_duration: ['p(95)<200'], http_req_failed: ['rate<0.01']}`"],
    );
  for (const one of written) checkOfRate(one, reports);
  return planThresholds(written, { ran: [scenario], all: [scenario], tags: overrides.tags }, reports);
}

/** What is wrong with a threshold only where it judges one rate after another. */
function checkOfRate({ key, abortOnFail, span }: WrittenThreshold, { findings, complain }: Reports): void {
  const report = (message: string, help: readonly string[]): void =>
    span ? findings.error(CODES.wrongValue, message, span, help) : complain(message, help);
  if (abortOnFail)
    report(
      '`abort_on_fail` does nothing where a capacity is looked for: a rate that does not hold is what it looks for',
      ['leave it out'],
    );
  const read = readThresholdKey(key);
  if (!isMistake(read) && !listMetricTags(read.metric).includes('scenario'))
    report(`threshold: \`${read.metric}\` is of the whole load, and not of the iterations of one rate`, [
      'take a metric of requests, steps or iterations',
    ]);
}
