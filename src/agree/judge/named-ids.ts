/** Characters of which ids are made that stand as words of their own. */
const WORDS = /[\p{L}\p{N}_-]+/gu;
const IS_WORD = /^[\p{L}\p{N}_-]+$/u;

/** Finds which of the ids that a flow knows stand in texts. */
export class NamedIds {
  readonly #words: ReadonlySet<string>;
  /** Ids that are more than a word, such as an address. */
  readonly #others: readonly string[];

  constructor(known: readonly string[]) {
    this.#words = new Set(known.filter((id) => IS_WORD.test(id)));
    this.#others = known.filter((id) => !IS_WORD.test(id));
  }

  /** Those that a text in lower case names, as words or as parts of such (`order-7`). */
  find(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    const add = (word: string): void => {
      if (this.#words.has(word)) found.add(word);
    };
    for (const [word] of text.matchAll(WORDS)) {
      add(word);
      if (word.includes('_')) word.split('_').forEach(add);
      if (word.includes('-')) word.split(/[-_]/).forEach(add);
    }
    for (const id of this.#others) if (text.includes(id)) found.add(id);
    return found;
  }
}
