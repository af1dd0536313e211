import { isList, type Value } from '../../expr/index.ts';
import { readId } from '../read/look.ts';
import { foldName } from '../words/field-name.ts';

/** Short ids and words are found by chance, too: by name it is known that they are ids. */
const ID_NAME = /(?:^|_|[a-z\d](?=[A-Z]))(?:ids?|uuids?|guid|key|ref|number|no|nr|code|slug)$/i;
const UNIQUE_LENGTH = 8;

/** An id under the name that the flow has it by. */
export interface NamedId {
  readonly step: string;
  readonly name: string;
  readonly id: string;
  readonly value: Value;
}

/** The ids of things that the flow knows: it made the thing, or took the id from somewhere. */
export class KnownIds {
  /** Whether the flow made the thing itself, so that nobody else changes it. */
  readonly #ids = new Map<string, { isMade: boolean }>();
  /** By the name that the flow has them under, folded. */
  readonly #byName = new Map<string, NamedId[]>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  isMade(id: string): boolean {
    return this.#ids.get(id)?.isMade ?? false;
  }

  get ids(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** The ids that the flow knows under a name, folded. */
  listNamed(name: string): readonly NamedId[] {
    return this.#byName.get(name) ?? [];
  }

  /** A value that a step captured, or the flow itself generated. */
  addValue(name: string, value: Value, from: { readonly step?: string; readonly isMade?: boolean }): void {
    if (isList(value)) {
      for (const item of value) this.addValue(name, item, from);
      return;
    }
    const id = readId(value);
    if (id === undefined) return;
    const isUnlike = typeof value === 'string' && id.length >= UNIQUE_LENGTH && /\d/.test(id);
    if (!isUnlike && !ID_NAME.test(name)) return;
    const { step = 'env', isMade = false } = from;
    this.#add(id, isMade);
    const named = this.#byName.get(foldName(name)) ?? [];
    named.push({ step, name, id, value });
    this.#byName.set(foldName(name), named);
  }

  /** The id of a thing that an answer says the flow made. */
  addMade(id: string): void {
    this.#add(id, true);
  }

  #add(id: string, isMade: boolean): void {
    const known = this.#ids.get(id);
    if (known) known.isMade ||= isMade;
    else this.#ids.set(id, { isMade });
  }
}
