import { ActionError } from '../../model/action/outcome.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { SqlDialect } from '../database/sql/sql-token.ts';
import type { WatchedTable } from './watched-table.ts';

/** The table that a name means, `schema.table` or `table`. @throws ActionError when it is not there */
export function findTable(name: string, tables: readonly WatchedTable[], dialect: SqlDialect): WatchedTable {
  const { schema, table } = splitName(name);
  const found = spell(table, dialect)
    .flatMap((spelling) => tables.filter((one) => one.table === spelling && isIn(schema, one, dialect)))
    .toSorted((a, b) => (a.pathPlace ?? 0) - (b.pathPlace ?? 0));
  const [first] = found.filter((one) => one.table === found[0]?.table);
  if (first) return { ...first, name };
  throw describeMissing(name, tables);
}

function splitName(name: string): { readonly schema: string | undefined; readonly table: string } {
  const [table = '', schema] = name.replaceAll('`', '').split('.').toReversed();
  return { table, schema };
}

/** A name with capitals is meant as it stands where there is none in small letters. */
function spell(name: string, dialect: SqlDialect): readonly string[] {
  const bare = name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"');
  if (bare !== name) return [bare];
  return dialect === 'mysql' ? [name] : [name.toLowerCase(), name];
}

function isIn(schema: string | undefined, { schema: own, pathPlace }: WatchedTable, dialect: SqlDialect): boolean {
  return schema === undefined ? pathPlace !== undefined : spell(schema, dialect).includes(own);
}

function describeMissing(name: string, tables: readonly WatchedTable[]): ActionError {
  const { schema, table } = splitName(name);
  const namesakes = tables.filter((one) => one.table === table).map((one) => one.name);
  const nearest = findNearest(
    name,
    tables.map((one) => (schema === undefined ? one.table : one.name)),
  );
  const near = namesakes.length > 0 ? namesakes : nearest === undefined ? [] : [nearest];
  const hints = [
    ...(near.length > 0 ? [`there is ${listNames(near, 3)}`] : []),
    'a table is named as `schema.table`; has the service created its tables yet?',
  ];
  return new ActionError({ kind: 'sql', message: `the table \`${name}\` does not exist`, hints });
}
