import { countOf } from '../../util/count.ts';
import type { TableChange, TopicChange } from './effects-settings.ts';

/** What may happen to a row, or to a topic. */
export const WAYS = ['added', 'deleted', 'changed'] as const;
export type Way = (typeof WAYS)[number];

interface Range {
  readonly atLeast: number;
  readonly atMost: number;
}

/** How many may come, go and change. */
export type Expectation = Readonly<Record<Way, Range>>;

/** How many came, went and changed. */
export type Counts = Readonly<Record<Way, number>>;

const NONE: Range = { atLeast: 0, atMost: 0 };
const ANY: Range = { atLeast: 0, atMost: Number.POSITIVE_INFINITY };

/** Nothing may happen. */
export const NOTHING: Expectation = { added: NONE, deleted: NONE, changed: NONE };

const ANYTHING: Expectation = { added: ANY, deleted: ANY, changed: ANY };

/** Reads what is said of a table or a topic. */
export function readExpectation(change: TableChange | TopicChange): Expectation {
  if (change === 'any') return ANYTHING;
  if (change === 'none') return NOTHING;
  if (change === 'changed') return { ...NOTHING, changed: { ...ANY, atLeast: 1 } };
  if (typeof change === 'number')
    return change < 0 ? { ...NOTHING, deleted: exactly(-change) } : { ...NOTHING, added: exactly(change) };
  const read = (count: number | 'any' | undefined): Range => (count === 'any' ? ANY : exactly(count ?? 0));
  return { added: read(change.added), deleted: read(change.deleted), changed: read(change.changed) };
}

/** In which ways there is more than may be, and in which less. */
export function compareCounts(expected: Expectation, got: Counts) {
  return {
    tooMany: WAYS.filter((way) => got[way] > expected[way].atMost),
    tooFew: WAYS.filter((way) => got[way] < expected[way].atLeast),
  };
}

/** `1 row added, rows changed`; `no change`. */
export function describeExpectation(expected: Expectation, noun: 'row' | 'message'): string {
  return join(
    WAYS.map((way) => {
      const { atLeast, atMost } = expected[way];
      if (atMost === 0) return undefined;
      const number =
        atMost !== Number.POSITIVE_INFINITY ? countOf(atMost, noun) : `${atLeast > 0 ? '' : 'any '}${noun}s`;
      return noun === 'message' ? number : `${number} ${way}`;
    }),
    noun,
  );
}

/** `2 rows added, 1 row changed`; `no change`. */
export function describeCounts(got: Counts, noun: 'row' | 'message'): string {
  const say = (way: Way) => (noun === 'message' ? countOf(got[way], noun) : `${countOf(got[way], noun)} ${way}`);
  return join(
    WAYS.map((way) => (got[way] === 0 ? undefined : say(way))),
    noun,
  );
}

function exactly(count: number): Range {
  return { atLeast: count, atMost: count };
}

function join(parts: readonly (string | undefined)[], noun: 'row' | 'message'): string {
  return parts.filter((part) => part !== undefined).join(', ') || (noun === 'row' ? 'no change' : 'no message');
}
