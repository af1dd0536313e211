import { isList, isMap, readKey, type Value } from '../../expr/index.ts';
import { findNearest } from '../../util/suggest.ts';
import { showTyped } from './show.ts';

/** In brackets, the field that may be meant by one that is not there: ` (\`userId\` is string "u1")`; empty when there is none. */
export function describeNamesake(actual: Value, expected: Value, path: string): string {
  const keys = splitPath(path);
  const name = keys.pop();
  if (typeof name !== 'string') return '';
  const owner = follow(actual, keys);
  if (owner === undefined || !isMap(owner)) return '';
  const wanted = follow(expected, keys);
  const taken = wanted !== undefined && isMap(wanted) ? Object.keys(wanted) : [];
  const nearest = findNearest(
    name,
    Object.keys(owner).filter((key) => !taken.includes(key)),
  );
  return nearest === undefined ? '' : ` (\`${nearest}\` is ${showTyped(readKey(owner, nearest), nearest)})`;
}

/** Keys and positions of `a.b[0]["c d"]`. */
function splitPath(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, plain]) => {
    if (index !== undefined) return Number(index);
    return plain ?? quoted?.replace(/\\(.)/g, '$1') ?? '';
  });
}

function follow(value: Value, keys: readonly (string | number)[]): Value | undefined {
  let found: Value | undefined = value;
  for (const key of keys) {
    if (found === undefined) return undefined;
    if (typeof key === 'number') found = isList(found) ? found[key] : undefined;
    else found = isMap(found) ? readKey(found, key) : undefined;
  }
  return found;
}
