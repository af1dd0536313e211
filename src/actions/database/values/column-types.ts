import { parseJson, readJson, type Value } from '../../../expr/index.ts';
import { readArray } from './array-text.ts';
import { readInterval, readTimestamp } from './time-text.ts';

/** Makes a value of the text that Postgres writes for it. */
export type ReadColumn = (text: string, onTwinKey?: (key: string) => void) => Value;

const readText: ReadColumn = (text) => text;
const readDouble: ReadColumn = (text) => Number(text);
const readBool: ReadColumn = (text) => text === 't';

/** Readers by type (OID). */
const SCALARS: ReadonlyMap<number, ReadColumn> = new Map<number, ReadColumn>([
  [16, readBool],
  [21, readDouble],
  [23, readDouble],
  [26, readDouble],
  [700, readDouble],
  [701, readDouble],
  [20, readExactNumber],
  [1700, readExactNumber],
  [17, readBytes],
  [114, readJsonText],
  [3802, parseJson],
  [1114, readTimestamp],
  [1184, readTimestamp],
  [1186, readInterval],
  // char, name, text, xml, point … circle, inet, bpchar, varchar, date, time, timetz, bit, varbit, uuid, ranges
  ...[
    18, 19, 22, 25, 27, 28, 29, 30, 142, 600, 601, 602, 603, 604, 628, 650, 705, 718, 774, 790, 829, 869, 1042, 1043,
  ].map(asText),
  ...[1082, 1083, 1266, 1560, 1562, 2205, 2249, 2278, 2950, 3614, 3615, 3904, 3906, 3908, 3910, 3912, 3926, 4072].map(
    asText,
  ),
]);

/** Types of items, by the type of the array. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1002, 18],
  [1003, 19],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1028, 26],
  [1041, 869],
  [1115, 1114],
  [1182, 1082],
  [1183, 1083],
  [1185, 1184],
  [1187, 1186],
  [1231, 1700],
  [1270, 1266],
  [199, 114],
  [2951, 2950],
  [3807, 3802],
]);

/** What the catalogue says about a type that is not among the built-in ones. */
export interface CatalogType {
  /** The type of its items, 0 when it is not an array. */
  readonly itemTypeId: number;
  readonly delimiter: string;
}

/** Types that flows made themselves, by OID; filled from the catalogue of one database. */
export type CatalogTypes = Map<number, CatalogType>;

/** Whether a type's reader is known without asking the catalogue. */
export function isKnownType(typeId: number, catalog: CatalogTypes): boolean {
  return SCALARS.has(typeId) || ARRAYS.has(typeId) || catalog.has(typeId);
}

/** The reader of a column; a type of its own (an enum, a composite) is its text. */
export function findReader(typeId: number, catalog: CatalogTypes): ReadColumn {
  const scalar = SCALARS.get(typeId);
  if (scalar) return scalar;
  const entry = catalog.get(typeId);
  const itemTypeId = ARRAYS.get(typeId) ?? entry?.itemTypeId ?? 0;
  if (itemTypeId === 0) return readText;
  const readItem = SCALARS.get(itemTypeId) ?? readText;
  return (text, onTwinKey) => readArray(text, (item) => readItem(item, onTwinKey), entry?.delimiter) ?? text;
}

function asText(typeId: number): [number, ReadColumn] {
  return [typeId, readText];
}

/** JSON's own reader keeps the digits of long numbers; it has no NaN and no Infinity. */
function readExactNumber(text: string): Value {
  return /^-?\d/.test(text) ? parseJson(text) : Number(text);
}

/** Postgres keeps the text of a json, where a jsonb has each key once. */
function readJsonText(text: string, onTwinKey?: (key: string) => void): Value {
  if (!onTwinKey) return parseJson(text);
  const { value, twin } = readJson(text);
  if (twin !== undefined) onTwinKey(twin);
  return value;
}

function readBytes(text: string): Value {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex').toString('base64');
  const unescaped = text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
    code === '\\' ? '\\' : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(unescaped, 'latin1').toString('base64');
}
