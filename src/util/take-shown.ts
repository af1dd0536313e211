/** What is shown of a list, and how many are not. */
export interface Shown<T> {
  readonly shown: readonly T[];
  readonly hidden: number;
}

/** Takes the first of a list that is too long, which has `more` besides: one alone is not left out, for a word about it takes as much room. */
export function takeShown<T>(items: readonly T[], max: number, more = 0): Shown<T> {
  const shown = items.length + more <= max + 1 ? items : items.slice(0, max);
  return { shown, hidden: items.length + more - shown.length };
}
