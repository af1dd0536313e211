import { formatValue, isEqual, isMap, parseJson, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { hideByName } from '../../util/hidden-fields.ts';
import type { TableLook } from './table-look.ts';

const MAX_TEXT = 400;
const MAX_FIELD = 80;

/** What stands for a row that is too long to be kept. */
export const TOO_LONG = 'a row that is too long to be kept';

/** A row that is not at the second look what it was at the first. */
export interface RowDifference {
  /** Its primary key, or itself where the table has none; empty where rows were only counted. */
  readonly id: string;
  readonly what: 'added' | 'deleted' | 'changed';
  /** JSON, or a checksum; undefined where it was not there, or rows were only counted. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What it is where `after` is a checksum, as far as it was read. */
  readonly whole?: string | undefined;
  /** More than 1 where nothing tells rows apart. */
  readonly number: number;
}

/** Lists what is not the same in a table at two looks; where rows were only counted, how many more or less there are. */
export function listRowDifferences(before: TableLook, after: TableLook): readonly RowDifference[] {
  if (!before.rows || !after.rows) return compareCounts(after.count - before.count);
  if (before.rows === after.rows) return [];
  const found: RowDifference[] = [];
  for (const [id, { content, times }] of after.rows) {
    const old = before.rows.get(id);
    const number = times - (old?.times ?? 0);
    const whole = after.whole?.get(id);
    if (number > 0) found.push({ id, what: 'added', before: undefined, after: content, number, whole });
    else if (number < 0) found.push({ id, what: 'deleted', before: content, after: undefined, number: -number });
    else if (old && old.content !== content)
      found.push({ id, what: 'changed', before: old.content, after: content, number: 1, whole });
  }
  for (const [id, { content, times }] of before.rows)
    if (!after.rows.has(id)) found.push({ id, what: 'deleted', before: content, after: undefined, number: times });
  return found;
}

function compareCounts(more: number): readonly RowDifference[] {
  if (more === 0) return [];
  return [
    { id: '', what: more > 0 ? 'added' : 'deleted', before: undefined, after: undefined, number: Math.abs(more) },
  ];
}

/** What a row is now; nil where it is gone, or is not known. */
export function readRowNow({ after, whole }: RowDifference): ValueMap | null {
  return readRow(whole ?? after);
}

/** What a row is; nil where it stands as a checksum, or is not there. */
export function readRow(content: string | undefined): ValueMap | null {
  if (!content?.startsWith('{')) return null;
  const row = parseJson(content);
  return isMap(row) ? row : null;
}

/** `{id: 3}: total 5 → 6`. */
export function describeChangedRow(difference: RowDifference): string {
  const [was, is] = [readRow(difference.before), readRowNow(difference)];
  const head = formatValue(readRow(difference.id), MAX_TEXT);
  if (!is) return `${head}: ${TOO_LONG}`;
  if (!was) return `${head}: now ${formatValue(is, MAX_TEXT)}`;
  const fields = listChangedFields(was, is).map((name) => `${name} ${show(name, was[name])} → ${show(name, is[name])}`);
  return `${head}: ${fields.join(', ') || 'the same values, written differently'}`;
}

/** A row that came or went, in full; of one that is too long to be kept its key. */
export function describeWholeRow(difference: RowDifference, key: string | undefined): string {
  const row =
    readRowNow(difference) ?? readRow(difference.before) ?? (key === undefined ? null : readRow(difference.id));
  return row === null ? TOO_LONG : formatValue(row, MAX_TEXT);
}

/** The fields that have another value. */
export function listChangedFields(was: ValueMap, is: ValueMap): readonly string[] {
  return Object.keys(is).filter((name) => !isEqual(was[name] ?? null, is[name] ?? null));
}

/** The row with these of its fields alone. */
export function pickFields(row: ValueMap, names: readonly string[]): ValueMap {
  const picked: Record<string, Value> = {};
  for (const name of names) setKey(picked, name, row[name] ?? null);
  return picked;
}

function show(name: string, value: Value | undefined): string {
  return formatValue(hideByName(name, value ?? null), MAX_FIELD);
}
