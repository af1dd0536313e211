import { isKeyedMap, isList, isMap, stringifyJson, type Value } from '../../../expr/index.ts';

/** OIDs of types whose values are one text, in which a list can only be JSON: json, jsonb, text, varchar, char. */
const ONE_TEXT: ReadonlySet<number> = new Set([114, 3802, 25, 1043, 1042]);

/** How deep its arrays may be nested. */
const MAX_DIMENSIONS = 6;

/** A value as the text that Postgres reads; `typeId` is the parameter's type (OID) when it is known. */
export function writeParameter(value: Value, typeId?: number): string | null {
  if (value === null) return null;
  if (isList(value)) return ONE_TEXT.has(typeId ?? 0) ? stringifyJson(value) : writeArray(value);
  return isMap(value) || isKeyedMap(value) ? stringifyJson(value) : String(value);
}

/** The text of a parameter as a literal of SQL. */
export function writeLiteral(text: string | null): string {
  if (text === null) return 'NULL';
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Whether the parameter's type decides how the value is written. */
export function dependsOnType(value: Value): boolean {
  return isList(value);
}

function writeArray(items: readonly Value[], dimension = 1): string {
  // The server refuses one that is deeper, whatever stands in it.
  if (dimension > MAX_DIMENSIONS) return '{NULL}';
  const texts = items.map((item) => {
    if (isList(item)) return writeArray(item, dimension + 1);
    const text = writeParameter(item);
    return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${texts.join(',')}}`;
}
