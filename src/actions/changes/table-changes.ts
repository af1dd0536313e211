import type { ValueMap } from '../../expr/index.ts';
import { countOf } from '../../util/count.ts';
import type { Changes } from './changes.ts';
import {
  describeChangedRow,
  describeWholeRow,
  listChangedFields,
  listRowDifferences,
  pickFields,
  type RowDifference,
  readRow,
  readRowNow,
} from './row-differences.ts';
import type { TableLook } from './table-look.ts';

/** Adds what is not the same in a table at two looks. */
export function compareTables(before: TableLook, after: TableLook, changes: Changes): void {
  const { name: place, key } = after.table;
  const areCounted = !before.rows || !after.rows;
  for (const difference of listRowDifferences(before, after)) {
    const { what, number } = difference;
    const said = areCounted
      ? describeCounts(before, after)
      : what === 'changed'
        ? describeChanged(difference)
        : describeWhole(difference, key);
    changes.add({ place, thing: 'row', what, number, ...said });
  }
}

function describeCounts({ count: before }: TableLook, { count: after }: TableLook) {
  return { text: `${countOf(before, 'row')} before, ${countOf(after, 'row')} after`, value: { before, after } };
}

function describeChanged(difference: RowDifference): { text: string; value: ValueMap } {
  const [was, is, key] = [readRow(difference.before), readRowNow(difference), readRow(difference.id)];
  const text = describeChangedRow(difference);
  if (!is) return { text, value: { key } };
  if (!was) return { text, value: { key, after: is } };
  const names = listChangedFields(was, is);
  return { text, value: { key, before: pickFields(was, names), after: pickFields(is, names) } };
}

function describeWhole(difference: RowDifference, key: string | undefined): { text: string; value: ValueMap } {
  const { id, before } = difference;
  const row = readRowNow(difference) ?? readRow(before) ?? (key === undefined ? null : readRow(id));
  return { text: describeWholeRow(difference, key), value: { row } };
}
