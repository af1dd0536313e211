import { type Env, ExprError, type Host, type Value } from '../../expr/index.ts';
import type { SeenKeys } from '../../model/action/settings.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { Effect } from './effect.ts';
import type { EffectsSettings } from './effects-settings.ts';
import { findByName } from './name-pattern.ts';

/** The keys of a message; of what is undefined anything may be there. */
export const MESSAGE_KEYS: SeenKeys = {
  ...{ topic: undefined, partition: undefined, offset: undefined, key: undefined },
  ...{ value: undefined, headers: undefined, timestamp: undefined, json: undefined },
};

/** The names that `where` sees besides the flow's. */
export const WHERE_NAMES = ['record', 'before', 'table', 'topic', 'message'];

/** Whether an effect is the flow's; a text where that cannot be said, and why. */
export type Attribution = boolean | string;

/** Tells the flow's effects from those of others by `where`; without it all are the flow's. */
export function attribute(
  effect: Effect,
  where: EffectsSettings['where'],
  { env, host }: { readonly env: Env; readonly host: Host },
): Attribution {
  if (where === undefined) return true;
  const at = whereOf(where, effect.place);
  if (!at) return `\`where\` says nothing of \`${effect.place}\``;
  if (effect.thing === 'row' && !effect.before && !effect.after) return 'the row is not known, so `where` cannot tell';
  const answers = listViews(effect).map((view) => ask(at, layOver(view, env), host));
  return answers.find((answer) => answer === true) ?? answers.find((answer) => typeof answer === 'string') ?? false;
}

/** What `where` says of a table or topic; undefined when that is nothing. */
export function whereOf(where: EffectsSettings['where'], place: string): ExpressionAt | undefined {
  if (where === undefined || isExpressionAt(where)) return where;
  return where[findByName(place, Object.keys(where)) ?? ''];
}

/** A row that changed is the flow's when it is now, or was before. */
function listViews(effect: Effect): readonly Readonly<Record<string, Value>>[] {
  const { thing, place } = effect;
  if (thing === 'message') {
    const { message } = effect;
    return [{ record: message['value'] ?? null, before: null, table: null, topic: place, message }];
  }
  const view = { table: place, topic: null, message: null };
  const { before, after } = effect;
  return [after, before].flatMap((record) => (record ? [{ ...view, record, before }] : []));
}

function ask({ expression, text }: ExpressionAt, env: Env, host: Host): Attribution {
  try {
    const answer = expression.evaluate(env, host);
    return typeof answer === 'boolean' ? answer : `\`${text.text.trim()}\` is not a bool`;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return `\`${text.text.trim()}\` cannot be evaluated: ${error.message}`;
  }
}

function layOver(own: Readonly<Record<string, Value>>, env: Env): Env {
  return {
    get: (name) => (Object.hasOwn(own, name) ? own[name] : env.get(name)),
    keys: () => [...new Set([...Object.keys(own), ...env.keys()])],
  };
}
