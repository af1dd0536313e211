import { findDenials } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { AssertionPlan } from '../../model/plan.ts';

/** What an action says of keys of its result that assertions which hold deny. */
export function listDenied(
  assertions: readonly AssertionPlan[],
  denied: NonNullable<ActionOutcome['denied']>,
): readonly string[] {
  const names = new Set(assertions.flatMap(({ expression }) => [...findDenials(expression.ast).names]));
  return [...names].flatMap((name) => (Object.hasOwn(denied, name) ? (denied[name]?.() ?? []) : []));
}
