import { takeShown } from './take-shown.ts';

/** From so many letters on the beginning of a name is taken for the name. */
const SHORTEST_BEGINNING = 4;

/** The candidate nearest to a word that was not known, else the only one that it begins or that begins it; undefined when none can be meant. */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  return findSimilar(word, names) ?? findByBeginning(word, names);
}

function findSimilar(word: string, candidates: readonly string[]): string | undefined {
  const wanted = normalize(word);
  let nearest: string | undefined;
  let nearestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance =
      normalize(candidate) === wanted ? 0 : measureDistance(wanted, normalize(candidate), nearestDistance);
    // As far apart as they are long: they have nothing in common.
    if (distance < nearestDistance && (distance === 0 || distance < Math.max(wanted.length, candidate.length))) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest;
}

function findByBeginning(word: string, candidates: readonly string[]): string | undefined {
  const wanted = normalize(word);
  const related = new Set(
    candidates.filter((candidate) => {
      const name = normalize(candidate);
      const [shorter, longer] = name.length < wanted.length ? [name, wanted] : [wanted, name];
      return shorter.length >= SHORTEST_BEGINNING && longer.startsWith(shorter);
    }),
  );
  return related.size === 1 ? [...related][0] : undefined;
}

/** Writes names as a sentence does: `a`, `b` and `c`; cut after `max`. */
export function listNames(names: readonly string[], max = 12): string {
  const { shown, hidden } = takeShown(names, max);
  const quoted = shown.map((name) => `\`${name}\``);
  if (hidden > 0) return `${quoted.join(', ')} and ${hidden} more`;
  const last = quoted.pop();
  return quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : (last ?? 'none');
}

function normalize(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-.]/g, '');
}

/** Damerau-Levenshtein distance (adjacent transpositions count once), given up at `limit`. */
function measureDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit;
}
