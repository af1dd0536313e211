import type { Value } from '../../expr/index.ts';

const LONGEST_CHAIN = 32;

/** Names with values that never change: `with` gives another set. Adding and looking up stay cheap for thousands of names. */
export interface Names<T = Value> {
  get(name: string): T | undefined;
  with(name: string, value: T): Names<T>;
  /** All names with their values; a name set again has its last one. */
  toMap(): ReadonlyMap<string, T>;
}

/** Makes a set of names from those given. */
export function createNames<T = Value>(start: ReadonlyMap<string, T> = new Map()): Names<T> {
  return new LayeredNames(start.size > 0 ? [start] : [], undefined);
}

/** A name in front of others. */
interface Link<T> {
  readonly name: string;
  readonly value: T;
  readonly length: number;
  readonly before: Link<T> | undefined;
}

/** New names make a chain in front of maps; a chain that grew long becomes a map, and maps as small as it become one with it. */
class LayeredNames<T> implements Names<T> {
  /** Newest first, each more than the size of the one before. */
  readonly #maps: readonly ReadonlyMap<string, T>[];
  readonly #chain: Link<T> | undefined;
  #all: ReadonlyMap<string, T> | undefined;

  constructor(maps: readonly ReadonlyMap<string, T>[], chain: Link<T> | undefined) {
    this.#maps = maps;
    this.#chain = chain;
  }

  get(name: string): T | undefined {
    for (let at = this.#chain; at; at = at.before) if (at.name === name) return at.value;
    for (const map of this.#maps) {
      const value = map.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  with(name: string, value: T): Names<T> {
    const chain = { name, value, length: (this.#chain?.length ?? 0) + 1, before: this.#chain };
    if (chain.length <= LONGEST_CHAIN) return new LayeredNames(this.#maps, chain);
    let newest = merge<T>([], chain);
    let older = 0;
    for (let map = this.#maps[older]; map && map.size <= newest.size; map = this.#maps[older]) {
      newest = mergeMaps([newest, map]);
      older++;
    }
    return new LayeredNames([newest, ...this.#maps.slice(older)], undefined);
  }

  toMap(): ReadonlyMap<string, T> {
    this.#all ??= merge(this.#maps, this.#chain);
    return this.#all;
  }
}

function merge<T>(maps: readonly ReadonlyMap<string, T>[], chain: Link<T> | undefined): Map<string, T> {
  const added: Link<T>[] = [];
  for (let at = chain; at; at = at.before) added.push(at);
  const all = mergeMaps(maps);
  for (const { name, value } of added.reverse()) all.set(name, value);
  return all;
}

/** Newest first; names stand in the order in which they were first set. */
function mergeMaps<T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> {
  const all = new Map<string, T>();
  for (const map of maps.toReversed()) for (const [name, value] of map) all.set(name, value);
  return all;
}
