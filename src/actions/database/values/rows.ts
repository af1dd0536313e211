import type { PostgresSession } from '../../../drivers/postgres/postgres.ts';
import type { StatementResult } from '../../../drivers/postgres/postgres-statement.ts';
import { setKey, type Value } from '../../../expr/index.ts';
import type { OnTwinKey, Row } from '../database.ts';
import { type CatalogTypes, findReader, isKnownType } from './column-types.ts';

/** Makes rows of values of what a statement brought as text; types that are not known are looked up, once. */
export async function readRows(
  result: StatementResult,
  session: PostgresSession,
  catalog: CatalogTypes,
  onTwinKey?: OnTwinKey,
): Promise<Row[]> {
  if (result.fields.length === 0) return [];
  const unknown = result.fields.map((field) => field.typeId).filter((typeId) => !isKnownType(typeId, catalog));
  if (unknown.length > 0) await lookUpTypes([...new Set(unknown)], session, catalog);
  const columns = result.fields.map(({ name, typeId }) => ({
    name,
    read: findReader(typeId, catalog),
    onTwinKey: onTwinKey && ((key: string) => onTwinKey(name, key)),
  }));
  return result.rows.map((texts) => {
    const row: Record<string, Value> = {};
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at];
      const text = texts[at] ?? null;
      if (column) setKey(row, column.name, text === null ? null : column.read(text, column.onTwinKey));
    }
    return row;
  });
}

/** Rows that a statement changed, from the server's word (`INSERT 0 1`, `UPDATE 3`). */
export function countChanged(tag: string): number {
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/.exec(tag);
  return match ? Number(match[1]) : 0;
}

async function lookUpTypes(typeIds: readonly number[], session: PostgresSession, catalog: CatalogTypes): Promise<void> {
  const text =
    "SELECT oid, CASE WHEN typcategory = 'A' THEN typelem ELSE 0 END, typdelim FROM pg_catalog.pg_type WHERE oid = ANY($1)";
  for (const typeId of typeIds) catalog.set(typeId, { itemTypeId: 0, delimiter: ',' });
  const found = await session.run({ text, parameters: [`{${typeIds.join(',')}}`], maxRows: typeIds.length });
  for (const [id, itemTypeId, delimiter] of found.rows) {
    catalog.set(Number(id), { itemTypeId: Number(itemTypeId), delimiter: delimiter ?? ',' });
  }
}
