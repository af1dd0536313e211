import type { Value, ValueMap } from '../../expr/index.ts';
import type { SqlExchange, SqlReads } from '../../model/exchange.ts';
import { groupBy } from '../../util/group-by.ts';
import { foldName } from '../words/field-name.ts';
import { toType, typeOfReference } from '../words/type-name.ts';
import { type Item, type Look, type Root, readId, type Said } from './look.ts';
import { findOwnId, readInside, withoutOwner } from './read-records.ts';

const MAX_ROWS = 5_000;

/** Reads what rows say of things, as far as the query says which table they are of. */
export function readRows({ database, statements, response }: SqlExchange, look: Look): Said {
  const said: Said = { sayings: [], lists: [] };
  const reads = statements.at(-1)?.reads;
  const rows = response?.rows;
  if (!reads || !rows || rows.length > MAX_ROWS) return said;
  const place: TablePlace = {
    ...{ look, reads, type: toType(reads.table) },
    source: `table ${database.name} ${reads.table.toLowerCase()}`,
    columns: reads.columns && new Set(reads.columns),
    isOne: rows.length === 1,
  };
  const bound = new Map(reads.where.map(({ column, value }) => [foldName(column), readId(value)]));
  for (const [index, row] of rows.entries()) addRow(said, { row, path: `rows[${index}]` }, { ...place, bound });
  addItemLists(said, rows, { ...place, bound });
  return said;
}

interface TablePlace {
  readonly look: Look;
  readonly reads: SqlReads;
  readonly type: string;
  readonly source: string;
  readonly columns: ReadonlySet<string> | undefined;
  readonly isOne: boolean;
}

type BoundPlace = TablePlace & { readonly bound: ReadonlyMap<string, string | undefined> };

function addRow(said: Said, { row, path }: { row: ValueMap; path: string }, place: BoundPlace): void {
  const { columns, type, bound, isOne } = place;
  const own = isRead('id', columns) ? findOwnId(row) : undefined;
  // Of several rows none is known to be the one.
  const id = own ?? (isOne ? bound.get('id') : undefined);
  if (id === undefined) return;
  const root = makeRoot(place, path, row);
  const owner = { types: [type], id };
  said.sayings.push({
    ...{ root, path, columns, ...owner },
    record: row,
    isEmbedded: false,
    bearing: 'whole',
  });
  const inside = readInside(root, row, owner);
  said.lists.push(...inside.lists);
}

/** Rows belong to what they refer to: those of `order_items` with an `order_id` to that order. */
function addItemLists(said: Said, rows: readonly ValueMap[], place: BoundPlace): void {
  const { columns, bound, type } = place;
  const names = new Set([
    ...Object.keys(rows[0] ?? {}).filter((name) => isRead(name, columns)),
    ...place.reads.where.map(({ column }) => column),
  ]);
  const parents = [...names].flatMap((name) => {
    const parent = typeOfReference(name);
    return parent === undefined ? [] : [{ name, parent }];
  });
  for (const { name, parent } of parents) {
    const all = rows.map((record, index): Item => ({ path: `rows[${index}]`, record, columns }));
    const byId = groupBy(all, ({ record }) => readId(record[name]) ?? bound.get(foldName(name)));
    for (const [id, items] of byId) {
      const owner = { types: [parent], id };
      const kind = withoutOwner(type, owner.types);
      const root = makeRoot(place, 'rows', null);
      said.lists.push({ root, parent: owner, kind, items, bearing: 'whole' });
    }
  }
}

function isRead(name: string, columns: ReadonlySet<string> | undefined): boolean {
  return columns === undefined || [...columns].some((column) => foldName(column) === foldName(name));
}

function makeRoot({ look, reads, source }: TablePlace, path: string, value: Value): Root {
  return { look, kind: 'row', source, title: `row of ${reads.table}`, path, value, bearing: 'whole' };
}
