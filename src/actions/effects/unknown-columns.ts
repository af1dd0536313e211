import { findMisspelt, isMap } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import { listNames } from '../../util/suggest.ts';
import { whereOf } from './attribution.ts';
import type { Effect } from './effect.ts';
import type { EffectsSettings } from './effects-settings.ts';

/** Says why `where` cannot tell whose an effect is: it reads a column that no record has, and the effect's own has one that is spelled nearly so; undefined where that is not so. */
export type ColumnCheck = (effect: Effect) => string | undefined;

/** Looks for columns in `where` that nothing that came has. One for all tables may read what only some of them have: it is no mistake where nothing is spelled alike. */
export function createColumnCheck(where: EffectsSettings['where'], effects: readonly Effect[]): ColumnCheck {
  const known = new Set(effects.flatMap(listColumns));
  return (effect) => {
    const columns = listColumns(effect);
    if (where === undefined || columns.length === 0) return undefined;
    const at = whereOf(where, effect.place);
    // The rows of one table have the same columns; messages of one topic need not.
    const hasAll = !isExpressionAt(where) && effect.thing === 'row';
    for (const { name, path } of at?.expression.names ?? []) {
      const [column] = path;
      if (name !== 'record' || typeof column !== 'string' || columns.includes(column)) continue;
      const near = findMisspelt(column, columns);
      if (!hasAll && (known.has(column) || near === undefined)) continue;
      const meant = near === undefined ? '' : `; did you mean \`record.${near}\`?`;
      return `\`where\` reads \`record.${column}\`, and there is ${listNames(columns)}${meant}`;
    }
    return undefined;
  };
}

function listColumns(effect: Effect): readonly string[] {
  const record = effect.thing === 'message' ? effect.message['value'] : (effect.after ?? effect.before);
  return record !== undefined && isMap(record) ? Object.keys(record) : [];
}
