import type { Clue } from './events.ts';

/** Sentences of which nobody knows whether they quote a value, as clues. */
export function toQuotes(texts: readonly (string | undefined)[] = []): readonly Clue[] {
  return texts.flatMap((text) => (text === undefined ? [] : [{ text, isQuote: true }]));
}
