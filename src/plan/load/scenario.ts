import type { Value } from '../../expr/index.ts';
import { toBetween } from '../../model/load/between.ts';
import type { ScenarioPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Complain } from './complain.ts';
import { type AmountMistake, type Amounts, planExecutor } from './executor.ts';
import { AMOUNT_KEYS, type ScenarioSettings } from './load-schema.ts';
import type { WrittenScenario } from './read-load.ts';

const DEFAULT_GRACE_MS = 30_000;

interface ScenarioContext {
  readonly findings: Findings;
  readonly complain: Complain;
}

/** Plans a scenario; undefined where something is wrong with it. */
export function planScenario(
  written: WrittenScenario,
  flow: FlowPlan,
  { findings, complain }: ScenarioContext,
): ScenarioPlan | undefined {
  const { settings, name, spanAt } = written;
  const executor = planExecutor(pickAmounts(settings));
  if (!('kind' in executor)) {
    for (const mistake of executor) report(mistake, written, { findings, complain });
    return undefined;
  }
  if (flow.skip !== undefined)
    complain(
      `scenario \`${name}\`: flow \`${flow.id}\` is skipped (${flow.skip})`,
      ['take away its `skip`, or leave the scenario out'],
      flow.span,
    );
  if (settings.data_mode !== undefined && flow.rows === undefined)
    complain(
      `\`data_mode\`: flow \`${flow.id}\` has no \`data\``,
      ['give the flow rows with `data:`, or leave `data_mode` out'],
      spanAt(['data_mode']),
    );
  const think = settings.think === undefined ? undefined : toBetween(settings.think);
  const pacing = settings.pacing === undefined ? undefined : toBetween(settings.pacing);
  for (const [key, between] of [
    ['think', think],
    ['pacing', pacing],
  ] as const) {
    if (between && between.minMs > between.maxMs)
      findings.error(CODES.wrongValue, `\`${key}\`: \`min\` is above \`max\``, spanAt([key]));
    if (between && 'maxVus' in executor)
      findings.error(
        CODES.wrongValue,
        `\`${key}\` does nothing in a scenario whose rate says when iterations begin`,
        spanAt([key]),
        ['leave it out, or take an executor with virtual users alone'],
      );
  }
  return {
    name,
    executor,
    flow,
    startMs: settings.start_time ?? 0,
    gracefulStopMs: settings.graceful_stop ?? DEFAULT_GRACE_MS,
    env: new Map(Object.entries(settings.env ?? {}) as [string, Value][]),
    tags: new Map(Object.entries(settings.tags ?? {}).map(([tag, value]) => [tag, String(value)])),
    dataMode: settings.data_mode ?? 'sequential',
    think,
    pacing,
  };
}

function report(
  { key, message, help, isMissing }: AmountMistake,
  { spanAt, isImplied }: WrittenScenario,
  { findings, complain }: ScenarioContext,
): void {
  // What nobody wrote into a file came by flags.
  if (isImplied) complain(message, help);
  else
    findings.error(
      isMissing ? CODES.missingKey : CODES.wrongValue,
      message,
      spanAt(key === undefined ? [] : [key]),
      help,
    );
}

function pickAmounts(settings: ScenarioSettings): Amounts {
  return Object.fromEntries(AMOUNT_KEYS.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]])));
}
