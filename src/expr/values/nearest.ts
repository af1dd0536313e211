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
/** From so many on there may be two slips. */
const SHORTEST_TWICE = 8;

/**
 * The candidate of which a word is a slip of the pen. More is asked for than where a word is known to be wrong: `updated_at` and `line2` are
 * none of `created_at` and `line1`.
 */
export function findMisspelt(word: string, candidates: readonly string[]): string | undefined {
  const folded = foldWord(word);
  const same = candidates.find((candidate) => foldWord(candidate) === folded);
  if (same !== undefined) return same;
  const limit = folded.length < SHORTEST_TWICE ? 1 : 2;
  const isMisspelt = (candidate: string): boolean => {
    const other = foldWord(candidate);
    if (other[0] !== folded[0] || Math.abs(other.length - folded.length) > limit) return false;
    if (Math.min(other.length, folded.length) < 2 || dropDigits(other) === dropDigits(folded)) return false;
    const isReplaced = other.length === folded.length && sortLetters(other) !== sortLetters(folded);
    if (isReplaced && folded.length < SHORTEST_REPLACED) return false;
    return measureDistance(folded, other, limit) <= limit;
  };
  return candidates.find(isMisspelt);
}

function dropDigits(word: string): string {
  return word.replace(/\d+/g, '');
}

function sortLetters(word: string): string {
  return [...word].sort().join('');
}
