import { isEqual } from '../values/equality.ts';
import { formatValue } from '../values/format.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isList, isMap, readKey, type Value, type ValueMap } from '../values/value.ts';
import { joinPath } from './difference.ts';
import { findSpelling, readsAlike } from './near-scalars.ts';

/** So many parts of two values are compared: of more it is not known whether they are nearly equal. */
const MOST_PARTS = 2000;
const LONGEST_SHOWN = 60;

/** How far two values have to be the same. */
export type Extent = 'whole' | 'fields' | 'items' | 'has items';

interface Slight {
  readonly by: string;
  /** Where they differ so, and how. */
  readonly where: string;
}

interface Search {
  left: number;
  /** Whether maps may have more than what is expected of them. */
  readonly isPartial: boolean;
}

const NONE: readonly Slight[] = [];

/** By what alone two values differ that are not equal (`type (\`[0]\` is 1, not "1")`); undefined where something else differs, too. */
export function nearlyEqual(actual: Value, expected: Value, extent: Extent = 'whole', path = ''): string | undefined {
  const search = { left: MOST_PARTS, isPartial: extent === 'fields' };
  const areItems = isList(actual) && isList(expected) && (extent === 'items' || extent === 'has items');
  const found = areItems
    ? findItems(search, [actual, expected], { path, hasMore: extent === 'has items' })
    : compareParts(search, [actual, expected], path);
  const [first] = found ?? [];
  if (!found || !first) return undefined;
  const ways = [...new Set(found.map(({ by }) => by))];
  return `${ways.join(' and ')}${first.where === '' ? '' : ` (${first.where})`}`;
}

/** What they differ by, where it is nothing but that. */
function compareParts(search: Search, [a, b]: readonly [Value, Value], path: string): readonly Slight[] | undefined {
  if (--search.left < 0) return undefined;
  if (isList(a) && isList(b)) return compareLists(search, [a, b], path);
  if (isMap(a) && isMap(b)) return compareMaps(search, [a, b], path);
  if (isEqual(a, b)) return NONE;
  const by = nameWay(a, b);
  return by === undefined
    ? undefined
    : [
        {
          by,
          where:
            path === '' ? '' : `\`${path}\` is ${formatValue(a, LONGEST_SHOWN)}, not ${formatValue(b, LONGEST_SHOWN)}`,
        },
      ];
}

function nameWay(a: Value, b: Value): string | undefined {
  if (typeof a === 'string' && typeof b === 'string') return findSpelling(a, b)?.by;
  return readsAlike(a, b) ? 'type' : undefined;
}

function compareLists(
  search: Search,
  [a, b]: readonly [readonly Value[], readonly Value[]],
  path: string,
): readonly Slight[] | undefined {
  if (a.length !== b.length) return undefined;
  const found: Slight[] = [];
  for (const [index, item] of a.entries()) {
    const one = compareParts(search, [item, b[index] ?? null], `${path}[${index}]`);
    if (!one) return undefined;
    found.push(...one);
  }
  return found;
}

function compareMaps(
  search: Search,
  [a, b]: readonly [ValueMap, ValueMap],
  path: string,
): readonly Slight[] | undefined {
  const [keys, wanted] = [Object.keys(a), Object.keys(b)];
  if (keys.length > search.left || wanted.length > keys.length) return undefined;
  if (!search.isPartial && wanted.length !== keys.length) return undefined;
  const others = new Set(keys.filter((key) => readKey(b, key) === undefined));
  const found: Slight[] = [];
  for (const key of wanted) {
    const own = readKey(a, key) === undefined ? findMisspelt(key, [...others]) : key;
    if (own === undefined) return undefined;
    others.delete(own);
    const at = joinPath(path, own);
    if (own !== key && readKey(a, key) === undefined)
      found.push({ by: 'the spelling of a key', where: `\`${key}\` is there as \`${at}\`` });
    const one = compareParts(search, [readKey(a, own) ?? null, readKey(b, key) ?? null], at);
    if (!one) return undefined;
    found.push(...one);
  }
  return found;
}

/** The same of lists in any order: each expected item has one of its own that is equal, or nearly so. */
function findItems(
  search: Search,
  [items, wanted]: readonly [readonly Value[], readonly Value[]],
  { path, hasMore }: { readonly path: string; readonly hasMore: boolean },
): readonly Slight[] | undefined {
  if (!hasMore && items.length !== wanted.length) return undefined;
  const free = new Map(items.entries());
  const take = (item: Value, isExact: boolean): readonly Slight[] | undefined => {
    for (const [index, other] of free) {
      const one = compareParts(search, [other, item], `${path}[${index}]`);
      if (search.left < 0) return undefined;
      if (!one || (isExact && one.length > 0)) continue;
      free.delete(index);
      return one;
    }
    return undefined;
  };
  // Those that are equal find each other first.
  const near = wanted.filter((item) => !take(item, true)).map((item) => take(item, false));
  return near.some((one) => !one) ? undefined : near.flatMap((one) => one ?? []);
}
