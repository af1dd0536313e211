const unmatched = new Set<string>();

/** Says that something of the build has to match; gives the function that notes that it did. */
export function expectMatch(what: string): () => void {
  unmatched.add(what);
  return () => void unmatched.delete(what);
}

/** Replaces a part of a module's text. @throws when the part is not in it */
export function replacePart(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`the build looks for \`${part}\` in a package, which has changed`);
  return text.replaceAll(part, by);
}

/** @throws when something that had to match did not: what it is for would be lost without a word */
export function checkMatches(): void {
  if (unmatched.size === 0) return;
  const list = [...unmatched].map((what) => `  ${what}`).join('\n');
  throw new Error(`parts of the build that matched nothing; have the packages changed?\n${list}`);
}
