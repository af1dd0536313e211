import { Slice } from './slice.ts';

/** A part of a load that one process runs, and into which parts the whole is cut. */
export interface Segment {
  /** `1/3:2/3`, in lowest terms. */
  readonly text: string;
  /** `0,1/3,2/3,1`. */
  readonly sequence: string;
  /** Which part of the sequence it is, from 0, and of how many. */
  readonly index: number;
  readonly count: number;
  readonly slice: Slice;
}

export interface SegmentMistake {
  readonly message: string;
  readonly help: readonly string[];
}

interface Fraction {
  readonly top: number;
  readonly bottom: number;
}

/** So many parts a whole is cut into at most: of each a process has a number of them. */
const MOST_PARTS = 10_000;
const EXAMPLE = 'for example `--execution-segment 1/3:2/3 --execution-segment-sequence 0,1/3,2/3,1`';

/** Reads `a:b` and the sequence that it is one part of; without one the parts are taken for equally large. */
export function readSegment(text: string, sequence?: string): Segment | SegmentMistake {
  const ends = text.split(':').map(readFraction);
  const [from, to] = ends;
  if (!from || !to || ends.length !== 2 || compare(from, to) >= 0)
    return {
      message: `--execution-segment: expected two rising fractions from 0 to 1, got \`${text}\``,
      help: [EXAMPLE],
    };
  const borders = sequence === undefined ? listEqualBorders(from, to) : readSequence(sequence);
  if (!borders)
    return sequence === undefined
      ? {
          message: `--execution-segment: \`${text}\` is none of a number of equal parts`,
          help: ['say how the whole is cut with `--execution-segment-sequence`', EXAMPLE],
        }
      : {
          message: `--execution-segment-sequence: expected rising fractions from 0 to 1, got \`${sequence}\``,
          help: [EXAMPLE],
        };
  const index = borders.findIndex((border) => compare(border, from) === 0);
  const next = borders[index + 1];
  if (index < 0 || !next || compare(next, to) !== 0)
    return {
      message: `--execution-segment: \`${text}\` is no part of the sequence ${borders.map(write).join(',')}`,
      help: ['take two of its fractions that stand side by side'],
    };
  const period = borders.reduce(
    (all, { bottom }) => (all > MOST_PARTS ? all : (all * bottom) / greatest(all, bottom)),
    1,
  );
  if (period > MOST_PARTS)
    return {
      message: `--execution-segment-sequence: the fractions have no common denominator up to ${MOST_PARTS}`,
      help: ['write thirds as `1/3`, not as `0.3333`'],
    };
  const owned = dealOut(borders, period).flatMap((owner, at) => (owner === index ? [at] : []));
  return {
    text: `${write(from)}:${write(to)}`,
    sequence: borders.map(write).join(','),
    index,
    count: borders.length - 1,
    slice: new Slice(period, owned),
  };
}

/** The segments of a sequence as they are written. */
export function listSegments(sequence: string): readonly string[] {
  const borders = sequence.split(',');
  return borders.slice(1).map((to, index) => `${borders[index]}:${to}`);
}

/** To which part each of one turn's things goes: the m-th of n to the place m/n of the turn. */
function dealOut(borders: readonly Fraction[], period: number): readonly number[] {
  const places = borders.slice(1).flatMap((to, owner) => {
    const from = borders[owner] as Fraction;
    const size = Math.round((to.top * period) / to.bottom - (from.top * period) / from.bottom);
    return Array.from({ length: size }, (_, nth) => ({ owner, nth, size }));
  });
  places.sort((a, b) => a.nth * b.size - b.nth * a.size || a.owner - b.owner);
  return places.map(({ owner }) => owner);
}

function listEqualBorders(from: Fraction, to: Fraction): readonly Fraction[] | undefined {
  const bottom = (from.bottom * to.bottom) / greatest(from.bottom, to.bottom);
  const size = (to.top * bottom) / to.bottom - (from.top * bottom) / from.bottom;
  const count = bottom / size;
  if (!Number.isInteger(count) || count > MOST_PARTS || ((from.top * bottom) / from.bottom) % size !== 0)
    return undefined;
  return Array.from({ length: count + 1 }, (_, index) => reduce(index, count));
}

function readSequence(text: string): readonly Fraction[] | undefined {
  const borders = text.split(',').map(readFraction);
  const known = borders.filter((border) => border !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  const isRising = known.every((border, index) => index === 0 || compare(known[index - 1] as Fraction, border) < 0);
  if (known.length !== borders.length || known.length < 2 || !isRising) return undefined;
  return first?.top === 0 && last?.top === last?.bottom ? known : undefined;
}

/** `1/3`, `0.25`, `25%`. */
function readFraction(text: string): Fraction | undefined {
  const [, top, , bottom] = /^\s*(\d{1,6})(\/(\d{1,6}))?\s*$/.exec(text) ?? [];
  if (top !== undefined) return toShare(Number(top), Number(bottom ?? 1));
  const [, whole, , decimals = '', percent] = /^\s*(\d{1,3})(\.(\d{1,4}))?(%?)\s*$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return toShare(Number(whole + decimals), 10 ** decimals.length * (percent === '%' ? 100 : 1));
}

function toShare(top: number, bottom: number): Fraction | undefined {
  return bottom > 0 && top <= bottom ? reduce(top, bottom) : undefined;
}

function reduce(top: number, bottom: number): Fraction {
  const divisor = greatest(top, bottom);
  return { top: top / divisor, bottom: bottom / divisor };
}

function greatest(a: number, b: number): number {
  return b === 0 ? a : greatest(b, a % b);
}

function compare(a: Fraction, b: Fraction): number {
  return a.top * b.bottom - b.top * a.bottom;
}

function write({ top, bottom }: Fraction): string {
  return bottom === 1 ? String(top) : `${top}/${bottom}`;
}
