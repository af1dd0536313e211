import { findMisspelt, isList, isMap, readKey, type Value, type ValueMap } from '../expr/index.ts';

/** So many items of a list are looked at. */
const MOST_ITEMS = 20;
const MOST_DEPTH = 20;

/** A value whose keys are called what a schema requires, and the first that was called otherwise. */
interface Renamed {
  readonly value: Value;
  readonly key: string;
  readonly own: string;
}

/** Gives each key of a value that is a slip of one that the schema requires the name that it was meant to have; undefined where there is none. */
export function renameMisspelt(schema: Value, value: Value, path = '', depth = 0): Renamed | undefined {
  if (!isMap(schema) || depth > MOST_DEPTH) return undefined;
  if (isMap(value)) return renameFields(schema, value, path, depth);
  const { items } = schema;
  if (!isList(value) || items === undefined) return undefined;
  const renamed = value
    .slice(0, MOST_ITEMS)
    .map((item, index) => renameMisspelt(items, item, `${path}[${index}]`, depth + 1));
  const first = renamed.find((one) => one !== undefined);
  return first && { ...first, value: value.map((item, index) => renamed[index]?.value ?? item) };
}

function renameFields(
  { required = null, properties = null }: ValueMap,
  map: ValueMap,
  path: string,
  depth: number,
): Renamed | undefined {
  const fields: { [key: string]: Value } = { ...map };
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  let first: Renamed | undefined;
  for (const key of isList(required) ? required : []) {
    if (typeof key !== 'string' || readKey(map, key) !== undefined) continue;
    const own = findMisspelt(key, Object.keys(map));
    if (own === undefined) continue;
    first ??= { value: null, key, own: at(own) };
    fields[key] = readKey(map, own) ?? null;
    delete fields[own];
  }
  for (const [key, part] of isMap(properties) ? Object.entries(properties) : []) {
    const renamed = renameMisspelt(part, readKey(map, key) ?? null, at(key), depth + 1);
    if (!renamed) continue;
    first ??= renamed;
    fields[key] = renamed.value;
  }
  return first && { ...first, value: fields };
}
