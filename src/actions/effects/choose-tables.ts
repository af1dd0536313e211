import { ActionError } from '../../model/action/outcome.ts';
import { findTable } from '../changes/find-table.ts';
import type { WatchedTable } from '../changes/watched-table.ts';
import type { SqlDialect } from '../database/sql/sql-token.ts';
import { isPattern, matchesName } from './name-pattern.ts';

/** Which tables are meant. */
export interface TableChoice {
  /** As authored, with patterns among them. */
  readonly named: readonly string[];
  /** Whether the other tables of the schemas of those that are named are meant too. */
  readonly withOthers: boolean;
}

/** Tables by `schema.table`, those that are named alone by the name that they were given. */
export type ChosenTables = ReadonlyMap<string, WatchedTable>;

/** Chooses among all tables of a database. @throws ActionError when one that is named is not there */
export function chooseTables(
  { named, withOthers }: TableChoice,
  { tables, dialect }: { readonly tables: readonly WatchedTable[]; readonly dialect: SqlDialect },
): ChosenTables {
  const chosen = new Map<string, WatchedTable>();
  for (const name of named.filter(isPattern)) {
    const matching = tables.filter((table) => !table.isView && matchesName(name, keyOf(table)));
    if (matching.length === 0) throw describeNoMatch(name);
    for (const table of matching) chosen.set(keyOf(table), table);
  }
  for (const name of named) {
    if (isPattern(name)) continue;
    const table = findTable(name, tables, dialect);
    chosen.set(keyOf(table), table);
  }
  const schemas = new Set([...chosen.values()].map(({ schema }) => schema));
  for (const table of withOthers ? tables : [])
    if (schemas.has(table.schema) && !table.isView && table.isReadable && !chosen.has(keyOf(table)))
      chosen.set(keyOf(table), table);
  return chosen;
}

/** The tables beside the chosen ones that this user may not read. */
export function listUnreadable(chosen: ChosenTables, tables: readonly WatchedTable[]): readonly string[] {
  const schemas = new Set([...chosen.values()].map(({ schema }) => schema));
  return tables.flatMap((table) => (schemas.has(table.schema) && !table.isReadable ? [table.name] : []));
}

/** What tells a table from all others. */
export function keyOf({ schema, table }: WatchedTable): string {
  return `${schema}.${table}`;
}

function describeNoMatch(pattern: string): ActionError {
  const hints = ['a table is named as `schema.table`; has the service created its tables yet?'];
  return new ActionError({ kind: 'sql', message: `no table is called \`${pattern}\``, hints });
}
