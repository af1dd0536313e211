import { isKeyedMap, isList, isMap, stringifyJson, type Value } from '../../../expr/index.ts';

/** OIDs of types whose values are one text, in which a list can only be JSON: json, jsonb, text, varchar, char. */
const ONE_TEXT: ReadonlySet<number> = new Set([114, 3802, 25, 1043, 1042]);

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

function writeArray(items: readonly Value[]): string {
  const texts = items.map((item) => {
    if (isList(item)) return writeArray(item);
    const text = writeParameter(item);
    return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${texts.join(',')}}`;
}
