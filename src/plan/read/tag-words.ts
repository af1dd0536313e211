/** The words of a condition on tags. */
export const TAG_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', '(', ')']);

/** Whether a condition can name a tag. */
export function isTag(text: string): boolean {
  return /^[^\s()&|,!@][^\s()&|,!]*$/.test(text) && !TAG_WORDS.has(text);
}
