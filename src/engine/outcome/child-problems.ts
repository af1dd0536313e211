import { setKey, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Capture, StepEnd } from '../run/step-types.ts';

/** Whether a step ended because its control wanted no more of it. */
export function isStoppedByControl({ problems }: StepEnd): boolean {
  return problems[0]?.kind === 'stopped';
}

/** The problem that a child's failure is for its control; the child's own report says the rest. */
export function describeChild(child: StepPlan, end: StepEnd): Problem {
  const [first] = end.problems;
  const message = `step \`${child.id}\` ${end.outcome}${first ? `: ${first.message}` : ''}`;
  const outcome = end.outcome === 'failed' ? 'failed' : 'errored';
  return { outcome, kind: 'child', code: first?.code, message, location: first?.location };
}

/** Captures by name; of one name the last. */
export function toRecord(captures: readonly Capture[]): Readonly<Record<string, Value>> {
  const values: { [name: string]: Value } = {};
  for (const { name, value } of captures) setKey(values, name, value);
  return values;
}
