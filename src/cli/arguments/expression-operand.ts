/** Flags of `eval` whose value is the next word. */
const WITH_VALUE = new Set(['--json', '--seed', '--color']);

/** Puts an expression that begins with `-` behind `--`, so that it is not taken for a flag: `eval '-7 % 3'`. */
export function protectExpression(words: readonly string[]): readonly string[] {
  if (words[0] !== 'eval' || words.includes('--')) return words;
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (WITH_VALUE.has(word)) at++;
    else if (isExpression(word)) return [...words.slice(0, at), ...words.slice(at + 1), '--', word];
  }
  return words;
}

/** Whether a word that begins with `-` is no flag: `-7`, `-x`, `-len(x)`, `--5`; a flag is `--name`, or one of a few words behind one `-`. */
function isExpression(word: string): boolean {
  if (/^--?(?![A-Za-z-])./s.test(word)) return true;
  return /^-[A-Za-z]/.test(word) && !/^-(?:h|q|v|V|help|version|json|jsonl|seed|color)$/.test(word);
}
