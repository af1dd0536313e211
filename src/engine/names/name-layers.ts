import type { Value } from '../../expr/index.ts';

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
  return new LayeredNames(start.size > 0 ? [start] : [], undefined);
}

/** A name in front of others. */
interface Link {
  readonly name: string;
  readonly value: Value;
  readonly length: number;
  readonly before: Link | undefined;
}

/** New names make a chain in front of maps; a chain that grew long becomes a map, and maps as small as it become one with it. */
class LayeredNames implements Names {
  /** Newest first, each more than the size of the one before. */
  readonly #maps: readonly ReadonlyMap<string, Value>[];
  readonly #chain: Link | undefined;
  #all: ReadonlyMap<string, Value> | undefined;

  constructor(maps: readonly ReadonlyMap<string, Value>[], chain: Link | undefined) {
    this.#maps = maps;
    this.#chain = chain;
  }

  get(name: string): Value | undefined {
    for (let at = this.#chain; at; at = at.before) if (at.name === name) return at.value;
    for (const map of this.#maps) {
      const value = map.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  with(name: string, value: Value): Names {
    const chain = { name, value, length: (this.#chain?.length ?? 0) + 1, before: this.#chain };
    if (chain.length <= LONGEST_CHAIN) return new LayeredNames(this.#maps, chain);
    let newest = merge([], chain);
    let older = 0;
    for (let map = this.#maps[older]; map && map.size <= newest.size; map = this.#maps[older]) {
      newest = mergeMaps([newest, map]);
      older++;
    }
    return new LayeredNames([newest, ...this.#maps.slice(older)], undefined);
  }

  toMap(): ReadonlyMap<string, Value> {
    this.#all ??= merge(this.#maps, this.#chain);
    return this.#all;
  }
}

function merge(maps: readonly ReadonlyMap<string, Value>[], chain: Link | undefined): Map<string, Value> {
  const added: Link[] = [];
  for (let at = chain; at; at = at.before) added.push(at);
  const all = mergeMaps(maps);
  for (const { name, value } of added.reverse()) all.set(name, value);
  return all;
}

/** Newest first; names stand in the order in which they were first set. */
function mergeMaps(maps: readonly ReadonlyMap<string, Value>[]): Map<string, Value> {
  const all = new Map<string, Value>();
  for (const map of maps.toReversed()) for (const [name, value] of map) all.set(name, value);
  return all;
}
