import type { Node } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { AssertionPlan } from '../../model/plan.ts';

/** What an action says of keys of its result that assertions which hold deny. */
export function listDenied(
  assertions: readonly AssertionPlan[],
  denied: NonNullable<ActionOutcome['denied']>,
): readonly string[] {
  const names = new Set(assertions.flatMap(({ expression }) => listDeniedNames(expression.ast, false)));
  return [...names].flatMap((name) => (Object.hasOwn(denied, name) ? (denied[name]?.() ?? []) : []));
}

/** The names that have to be false: `not exists`, `exists == false`. */
function listDeniedNames(node: Node, isDenied: boolean): readonly string[] {
  if (node.kind === 'name') return isDenied ? [node.name] : [];
  if (node.kind === 'unary' && node.operator === 'not') return listDeniedNames(node.operand, !isDenied);
  if (node.kind !== 'binary') return [];
  const { operator, left, right } = node;
  if (operator === 'and' || operator === 'or') return [left, right].flatMap((side) => listDeniedNames(side, isDenied));
  const isEquality = operator === '==' || operator === '!=';
  if (!isEquality || right.kind !== 'literal' || typeof right.value !== 'boolean') return [];
  return listDeniedNames(left, isDenied === ((operator === '==') === right.value));
}
