import { type Env, findDenials } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';

type Denied = NonNullable<ActionOutcome['denied']>;

/** What actions say of the results that names are looked up in first. */
const known = new WeakMap<Env, Denied>();

/** Has what an action says of its result known again where a control judges it. */
export function learnDenied(env: Env, denied: Denied): void {
  known.set(env, denied);
}

/** The same of conditions over names that begin with a result. */
export function listLearnt(condition: ExpressionAt, env: Env): readonly string[] {
  const denied = known.get(env);
  return denied ? listDenied([condition], denied) : [];
}

/** What an action says of keys of its result that assertions which hold deny, or bound from above. */
export function listDenied(assertions: readonly ExpressionAt[], denied: Denied): readonly string[] {
  const names = new Set(
    assertions.flatMap(({ expression }) => {
      const { names: falses, bounded } = findDenials(expression.ast);
      return [...falses, ...bounded];
    }),
  );
  return [...names].flatMap((name) => (Object.hasOwn(denied, name) ? (denied[name]?.() ?? []) : []));
}
