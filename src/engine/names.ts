import type { Value } from '../expr/index.ts';

const LONGEST_CHAIN = 32;

/** Names with values that never change: `with` gives another set. Adding and looking up stay cheap for thousands of names. */
export interface Names {
  get(name: string): Value | undefined;
  with(name: string, value: Value): Names;
  /** All names with their values; a name set again has its last one. */
  toMap(): ReadonlyMap<string, Value>;
}

/** Makes a set of names from those given. */
export function createNames(start: ReadonlyMap<string, Value> = new Map()): Names {
  return {
    get: (name) => start.get(name),
    with: (name, value) => addName({ start, length: 0, get: (key) => start.get(key) }, name, value),
    toMap: () => start,
  };
}

interface Link {
  readonly start: ReadonlyMap<string, Value>;
  readonly length: number;
  readonly added?: { readonly name: string; readonly value: Value; readonly before: Link };
  get(name: string): Value | undefined;
}

/** New names make a chain in front of a map; a chain that grew long becomes a map. */
function addName(before: Link, name: string, value: Value): Names {
  const link: Link = {
    start: before.start,
    length: before.length + 1,
    added: { name, value, before },
    get: (key) => findName(link, key),
  };
  if (link.length > LONGEST_CHAIN) return createNames(flatten(link));
  let map: ReadonlyMap<string, Value> | undefined;
  return {
    get: link.get,
    with: (nextName, nextValue) => addName(link, nextName, nextValue),
    toMap: () => {
      map ??= flatten(link);
      return map;
    },
  };
}

function findName(link: Link, name: string): Value | undefined {
  for (let at: Link | undefined = link; at?.added; at = at.added.before) {
    if (at.added.name === name) return at.added.value;
  }
  return link.start.get(name);
}

function flatten(link: Link): ReadonlyMap<string, Value> {
  const added: [string, Value][] = [];
  for (let at: Link | undefined = link; at?.added; at = at.added.before) added.push([at.added.name, at.added.value]);
  const map = new Map(link.start);
  for (const [name, value] of added.reverse()) map.set(name, value);
  return map;
}
