import { type ItemList, readId, type Saying } from '../read/look.ts';
import { typeOfReference } from '../words/type-name.ts';
import type { Touch } from './course.ts';

/** The ids that have to do with each other: one refers to the other, or one request names both. */
export class LinkedIds {
  readonly #parents = new Map<string, string>();
  #groups: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(
    said: { readonly sayings: readonly Saying[]; readonly lists: readonly ItemList[] },
    touches: readonly Touch[],
  ) {
    for (const { id, record } of said.sayings) for (const other of listReferences(record)) this.#join(id, other);
    for (const { parent, items } of said.lists)
      for (const { record } of items) for (const other of listReferences(record)) this.#join(parent.id, other);
    for (const { names = [], shows } of touches) {
      const [first, ...others] = [...names, ...shows];
      for (const other of others) this.#join(first ?? other, other);
    }
  }

  /** Those that have to do with this one, itself among them. */
  listLinked(id: string): ReadonlySet<string> {
    this.#groups ??= this.#collect();
    return this.#groups.get(this.#find(id)) ?? new Set([id]);
  }

  #collect(): ReadonlyMap<string, ReadonlySet<string>> {
    const groups = new Map<string, Set<string>>();
    for (const id of this.#parents.keys()) {
      const root = this.#find(id);
      const group = groups.get(root) ?? new Set();
      group.add(id);
      groups.set(root, group);
    }
    return groups;
  }

  #join(a: string, b: string): void {
    const [left, right] = [this.#find(a), this.#find(b)];
    this.#parents.set(left, left);
    this.#parents.set(right, left);
  }

  #find(id: string): string {
    let at = id;
    for (let next = this.#parents.get(at); next !== undefined && next !== at; next = this.#parents.get(at)) at = next;
    // The way is short the next time.
    if (at !== id) this.#parents.set(id, at);
    return at;
  }
}

function listReferences(record: Saying['record']): readonly string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    return (typeOfReference(key) === undefined ? undefined : readId(value)) ?? [];
  });
}
