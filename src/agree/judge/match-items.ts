import { groupBy } from '../../util/group-by.ts';
import { type Item, type ItemList, readId } from '../read/look.ts';
import { findOwnId } from '../read/read-records.ts';
import { foldName } from '../words/field-name.ts';
import { typeOfReference } from '../words/type-name.ts';

/** One item of a thing in all the lists that have it. */
export interface MatchedItem {
  readonly kind: string;
  /** By what it is known: `product_id 7`. */
  readonly label: string;
  /** Folded names that say which it is. */
  readonly identity: ReadonlySet<string>;
  readonly places: readonly { readonly list: ItemList; readonly item: Item }[];
}

const OTHER_REFERENCE = /^(?:sku|ean|isbn|gtin)$/;
const MAX_LISTS = 100;

/** Finds the items that several lists of one thing have, by what they refer to; two of one list that refer to the same cannot be told apart. */
export function matchItems(lists: readonly ItemList[], parentType: string): readonly MatchedItem[] {
  const byKind = groupBy(lists.slice(0, MAX_LISTS), ({ kind }) => kind);
  return [...byKind].flatMap(([kind, same]) => (same.length < 2 ? [] : matchOne(kind, same, parentType)));
}

function matchOne(kind: string, lists: readonly ItemList[], parentType: string): readonly MatchedItem[] {
  const name = chooseReference(lists, parentType);
  if (name === undefined) return [];
  const told = lists.filter(({ items }) => {
    const keys = items.map(({ record }) => readReference(record, name));
    return !keys.includes(undefined) && new Set(keys).size === keys.length;
  });
  const byKey = groupBy(
    told.flatMap((list) => list.items.map((item) => ({ list, item }))),
    ({ item }) => readReference(item.record, name),
  );
  const keysOfAll = lists.flatMap(({ items }) => items.flatMap(({ record }) => Object.keys(record)));
  const written = keysOfAll.find((key) => foldName(key) === name) ?? name;
  const identity = new Set([name, ...keysOfAll.filter((key) => typeOfReference(key) === parentType).map(foldName)]);
  return [...byKey].flatMap(([key, places]) => {
    const ids = new Set(places.flatMap(({ item }) => findOwnId(item.record) ?? []));
    // With ids of their own that differ they are not one and the same.
    return places.length < 2 || ids.size > 1 ? [] : [{ kind, label: `${written} ${key}`, identity, places }];
  });
}

/** The reference that the most lists have in each of their items, different in each. */
function chooseReference(lists: readonly ItemList[], parentType: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { items } of lists) {
    const keysOfAll = items.flatMap(({ record }) => Object.keys(record));
    const names = new Set(keysOfAll.filter((key) => isReference(key, parentType)).map(foldName));
    for (const name of names) {
      const keys = items.map(({ record }) => readReference(record, name));
      if (keys.includes(undefined) || new Set(keys).size !== keys.length) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return best !== undefined && best[1] > 1 ? best[0] : undefined;
}

function isReference(key: string, parentType: string): boolean {
  const type = typeOfReference(key);
  return (type !== undefined && type !== parentType) || OTHER_REFERENCE.test(foldName(key));
}

function readReference(record: Item['record'], name: string): string | undefined {
  const key = Object.keys(record).find((candidate) => foldName(candidate) === name);
  return key === undefined ? undefined : readId(record[key]);
}
