/** The candidate that differs least from the word, when it is near enough to be meant. */
export function findNearestKey(word: string, candidates: Iterable<string>): string | undefined {
  const folded = foldWord(word);
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let nearest: string | undefined;
  let best = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit + 2) continue;
    const distance = foldWord(candidate) === folded ? 0 : measureDistance(word, candidate, limit);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** The word without case, underscores and hyphens, so that `userId` and `user_id` are the same. */
export function foldWord(word: string): string {
  return word.toLowerCase().replace(/[_\-\s]/g, '');
}

/** Counts insertions, deletions, replacements and swaps of neighbours; stops counting beyond the limit. */
function measureDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforePrevious[j - 2] ?? 0) + 1);
      }
      row.push(value);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
}

/** From so many letters on, one put for another is taken for a slip; shorter words that differ so are other words: `code` and `mode`. */
const SHORTEST_REPLACED = 5;
/** From so many on where the letters stand beside each other on a keyboard: `tagz` and `tags`. */
const SHORTEST_BESIDE = 4;
/** Rows of keys, each shifted by half a key or less. */
const KEY_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
/** From so many on there may be two slips. */
const SHORTEST_TWICE = 8;

/**
 * The candidate of which a word is a slip of the pen. More is asked for than where a word is known to be wrong: `updated_at` and `line2` are
 * none of `created_at` and `line1`.
 */
export function findMisspelt(word: string, candidates: readonly string[]): string | undefined {
  const folded = foldWord(word);
  // Nearly all begin otherwise, which is seen at once.
  const likely = candidates.filter((candidate) => /[_\-\s]/.test(candidate[0] ?? '') || begins(candidate, folded));
  return (
    likely.find((candidate) => foldWord(candidate) === folded) ?? likely.find((one) => isSlip(folded, foldWord(one)))
  );
}

function begins(candidate: string, folded: string): boolean {
  return candidate[0]?.toLowerCase() === folded[0];
}

function isSlip(word: string, other: string): boolean {
  const limit = word.length < SHORTEST_TWICE ? 1 : 2;
  if (other[0] !== word[0] || Math.abs(other.length - word.length) > limit) return false;
  if (Math.min(other.length, word.length) < 2 || dropDigits(other) === dropDigits(word)) return false;
  const isReplaced = other.length === word.length && sortLetters(other) !== sortLetters(word);
  if (isReplaced && word.length < SHORTEST_REPLACED && !areBeside(word, other)) return false;
  return measureDistance(word, other, limit) <= limit;
}

/** Whether words differ by one letter put for a neighbour of its key. */
function areBeside(word: string, other: string): boolean {
  if (word.length < SHORTEST_BESIDE) return false;
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  const [a, b] = [word.charAt(at), other.charAt(at)].map(findKey);
  return a !== undefined && b !== undefined && Math.abs(a.row - b.row) <= 1 && Math.abs(a.column - b.column) <= 1;
}

function findKey(letter: string): { readonly row: number; readonly column: number } | undefined {
  const row = KEY_ROWS.findIndex((keys) => keys.includes(letter));
  return row < 0 ? undefined : { row, column: (KEY_ROWS[row] ?? '').indexOf(letter) };
}

function dropDigits(word: string): string {
  return word.replace(/\d+/g, '');
}

function sortLetters(word: string): string {
  return [...word].sort().join('');
}
