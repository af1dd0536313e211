import { formatValue, isEqual, isMap, parseJson, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { countOf } from '../../util/count.ts';
import type { Changes } from './changes.ts';
import type { SeenRow, TableLook } from './table-look.ts';

const MAX_TEXT = 400;
const MAX_FIELD = 80;
const CHECKSUM = 'a row that is too long to be kept';

/** Adds what is not the same in a table at two looks. */
export function compareTables(before: TableLook, after: TableLook, changes: Changes): void {
  const { name, key } = after.table;
  const row = { place: name, thing: 'row' } as const;
  if (!before.rows || !after.rows) {
    const more = after.count - before.count;
    const text = `${countOf(before.count, 'row')} before, ${countOf(after.count, 'row')} after`;
    const value = { before: before.count, after: after.count };
    if (more !== 0) changes.add({ ...row, what: more > 0 ? 'added' : 'deleted', number: Math.abs(more), text, value });
    return;
  }
  const add = (what: 'added' | 'deleted', id: string, { content, number }: { content: string; number: number }) => {
    const value = readRow(content) ?? (key === undefined ? null : readRow(id));
    changes.add({
      ...row,
      what,
      number,
      text: value === null ? CHECKSUM : formatValue(value, MAX_TEXT),
      value: { row: value },
    });
  };
  for (const [id, { content, times }] of after.rows) {
    const old = before.rows.get(id);
    const number = times - (old?.times ?? 0);
    if (number > 0) add('added', id, { content, number });
    else if (number < 0) add('deleted', id, { content, number: -number });
    else if (old && old.content !== content)
      changes.add({ ...row, what: 'changed', number: 1, ...describeChanged(id, old, content) });
  }
  for (const [id, { content, times }] of before.rows)
    if (!after.rows.has(id)) add('deleted', id, { content, number: times });
}

/** `{id: 3}: total 5 → 6`. */
function describeChanged(id: string, old: SeenRow, content: string): { text: string; value: ValueMap } {
  const [was, is, key] = [readRow(old.content), readRow(content), readRow(id)];
  const head = formatValue(key, MAX_TEXT);
  if (!was || !is) return { text: `${head}: ${CHECKSUM}`, value: { key } };
  const names = Object.keys(is).filter((name) => !isEqual(was[name] ?? null, is[name] ?? null));
  const fields = names.map((name) => `${name} ${show(was[name])} → ${show(is[name])}`);
  return {
    text: `${head}: ${fields.join(', ') || 'the same values, written differently'}`,
    value: { key, before: pick(was, names), after: pick(is, names) },
  };
}

function show(value: Value | undefined): string {
  return formatValue(value ?? null, MAX_FIELD);
}

function pick(row: ValueMap, names: readonly string[]): ValueMap {
  const picked: Record<string, Value> = {};
  for (const name of names) setKey(picked, name, row[name] ?? null);
  return picked;
}

/** What a row is, where it does not stand as a checksum. */
function readRow(content: string): ValueMap | null {
  if (!content.startsWith('{')) return null;
  const row = parseJson(content);
  return isMap(row) ? row : null;
}
