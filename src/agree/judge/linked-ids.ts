import { type ItemList, readId, type Saying } from '../read/look.ts';
import { typeOfReference } from '../words/type-name.ts';
import { namesId, type Touch } from './course.ts';

/** The ids that have to do with each other: one refers to the other, or one request names both. */
export class LinkedIds {
  readonly #parents = new Map<string, string>();

  constructor(
    said: { readonly sayings: readonly Saying[]; readonly lists: readonly ItemList[] },
    touches: readonly Touch[],
    known: readonly string[],
  ) {
    for (const { id, record } of said.sayings) for (const other of listReferences(record)) this.#join(id, other);
    for (const { parent, items } of said.lists)
      for (const { record } of items) for (const other of listReferences(record)) this.#join(parent.id, other);
    for (const { text, shows } of touches) {
      const named = known.filter((id) => shows.has(id) || namesId(text, id));
      for (const id of named) this.#join(named[0] ?? id, id);
    }
  }

  /** Those that have to do with this one, itself among them. */
  listLinked(id: string): ReadonlySet<string> {
    const root = this.#find(id);
    return new Set([id, ...[...this.#parents.keys()].filter((other) => this.#find(other) === root)]);
  }

  #join(a: string, b: string): void {
    const [left, right] = [this.#find(a), this.#find(b)];
    this.#parents.set(left, left);
    this.#parents.set(right, left);
  }

  #find(id: string): string {
    let at = id;
    for (let next = this.#parents.get(at); next !== undefined && next !== at; next = this.#parents.get(at)) at = next;
    return at;
  }
}

function listReferences(record: Saying['record']): readonly string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    return (typeOfReference(key) === undefined ? undefined : readId(value)) ?? [];
  });
}
