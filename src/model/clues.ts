/** A sentence about values. */
export interface Clue {
  readonly text: string;
  /** Whether a part of a value may stand in it, where no mask finds it: a secret in the same problem takes it away. */
  readonly isQuote: boolean;
}

/** Sentences of which nobody knows whether they quote a value, as clues. */
export function toQuotes(texts: readonly (string | undefined)[] = []): readonly Clue[] {
  return texts.flatMap((text) => (text === undefined ? [] : [{ text, isQuote: true }]));
}
