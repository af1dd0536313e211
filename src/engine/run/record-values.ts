import { describeType, formatValue, type Host, isNumber, layerOver, toDouble, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { ValueMeasure } from '../../model/load/measures.ts';
import { toLocation } from '../../model/location.ts';
import type { RecordPlan, StepPlan } from '../../model/plan.ts';
import { locateProblem } from '../outcome/problems.ts';
import type { Judged } from './judge.ts';

export interface RecordedValues {
  readonly values: readonly ValueMeasure[];
  readonly problems: readonly Problem[];
}

/** Takes the metrics of its own out of a step that passed; `describe` says what is wrong with one that cannot be evaluated. */
export function recordValues(
  step: StepPlan,
  { env, captures }: Pick<Judged, 'env' | 'captures'>,
  { host, describe }: { host: Host; describe: (error: unknown) => Problem },
): RecordedValues {
  const values: ValueMeasure[] = [];
  const problems: Problem[] = [];
  const names = layerOver(Object.fromEntries(captures.map(({ name, value }) => [name, value])), env);
  for (const plan of step.record ?? []) {
    const { name, kind, unit } = plan;
    try {
      const taken = plan.value.render(names, host);
      const value = toSample(taken, plan);
      if (value === undefined) problems.push(describeOther(taken, plan));
      else values.push({ name, value, own: { kind, unit } });
    } catch (error) {
      problems.push(locateProblem(describe(error), step));
    }
  }
  return { values, problems };
}

/** A rate is of what is true, which other tools write as a number. */
function toSample(value: Value, { kind }: RecordPlan): number | undefined {
  if (kind === 'rate' && typeof value === 'boolean') return value ? 1 : 0;
  if (!isNumber(value)) return undefined;
  const number = toDouble(value);
  if (!Number.isFinite(number) || (kind === 'counter' && number < 0)) return undefined;
  return kind === 'rate' && number !== 0 ? 1 : number;
}

function describeOther(value: Value, { name, kind, value: { span } }: RecordPlan): Problem {
  const wanted = {
    rate: '`true`, `false` or a number',
    counter: 'a number from 0 on',
    gauge: 'a number',
    trend: 'a number',
  };
  return {
    outcome: 'failed',
    kind: 'capture',
    message: `\`${name}\` cannot be recorded: expected ${wanted[kind]}, got ${value === null ? 'nil' : `${describeType(value)} ${formatValue(value)}`}`,
    location: toLocation(span),
    hints:
      typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? ['make it a number with `float(…)`']
        : [],
  };
}
