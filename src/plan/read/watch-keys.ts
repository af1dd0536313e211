import type { ActionTable } from '../../model/action/definition.ts';
import type { KeyTable } from './keys.ts';

const keysByActions = new WeakMap<ActionTable, readonly string[]>();
const tablesByActions = new WeakMap<ActionTable, Map<KeyTable, KeyTable>>();

/** The keys that watch what they stand at. */
export function listWatchKeys(actions: ActionTable): readonly string[] {
  const known = actions.watchKeys ?? keysByActions.get(actions);
  if (known) return known;
  const keys = [...actions].flatMap(([name, { control }]) => (control?.watches ? [name] : []));
  keysByActions.set(actions, keys);
  return keys;
}

/** A table of keys with those that watch. */
export function withWatchKeys(table: KeyTable, actions: ActionTable): KeyTable {
  const tables = tablesByActions.get(actions) ?? new Map<KeyTable, KeyTable>();
  tablesByActions.set(actions, tables);
  const known = tables.get(table);
  if (known) return known;
  const keys = listWatchKeys(actions);
  const joined = { ...table, ...Object.fromEntries(keys.map((key) => [key, true as const])) };
  tables.set(table, joined);
  return joined;
}
