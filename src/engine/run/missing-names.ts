import type { MissingName } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { StepEnd } from './step-types.ts';

/** The names that a step would have given and did not, with why; undefined when it gave all. */
export function findMissingNames(step: StepPlan, end: StepEnd): ReadonlyMap<string, MissingName> | undefined {
  const isWhole = end.result !== undefined && step.provides.length === end.captures.length;
  if (isWhole || step.isAround) return undefined;
  const given = new Set(end.captures.map(({ name }) => name));
  const missing = new Map<string, MissingName>();
  if (end.result === undefined)
    missing.set(step.id, { message: `\`${step.id}\` has no result: it ${describeEnd(end)}` });
  for (const name of step.provides) {
    if (given.has(name)) continue;
    const why = describeMissing(name, step, end);
    // A capture is reached through its step, too: `create_user.user_id`.
    for (const spelling of [name, `${step.id}.${name}`]) missing.set(spelling, why);
  }
  return missing.size > 0 ? missing : undefined;
}

function describeMissing(name: string, { id }: StepPlan, end: StepEnd): MissingName {
  const why =
    end.outcome === 'passed'
      ? `nothing that ran in \`${id}\` captured it`
      : `\`${id}\`, which captures it, ${describeEnd(end)}`;
  return { message: `\`${name}\` has no value: ${why}`, hint: `where it may be missing, write \`\${${name}:-…}\`` };
}

function describeEnd({ outcome, skip }: StepEnd): string {
  if (skip) return `was skipped (${skip.reason})`;
  return outcome === 'errored' ? 'ended with an error' : outcome;
}
