import type { TagSet } from './samples.ts';

/** Gives one object for each distinct set of tags. */
export class TagSets {
  readonly #known = new Map<string, TagSet>();
  readonly #common: readonly (readonly [string, string])[];

  /** `common` stands in each set. */
  constructor(common: ReadonlyMap<string, string> = new Map()) {
    this.#common = [...common];
  }

  /** The set of these tags; those without a value are left out. */
  get(tags: Readonly<Record<string, string | undefined>>): TagSet {
    const pairs: (readonly [string, string])[] = [...this.#common];
    for (const name in tags) {
      const value = tags[name];
      if (value !== undefined && value !== '') pairs.push([name, value]);
    }
    const sorted = [...new Map(pairs)].sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify(sorted);
    let set = this.#known.get(key);
    if (!set) {
      set = { id: this.#known.size, tags: new Map(sorted) };
      this.#known.set(key, set);
    }
    return set;
  }
}
