import { type Found, findAround, listAnchors, type Needle } from './needle.ts';
import { SHORTEST_PART } from './secret-spellings.ts';

interface Place {
  readonly needle: Needle;
  readonly offset: number;
}

const NO_STARTS = new Uint8Array(1);
/** Each virtual user of a load has an index, mostly of nothing or a few needles. */
const STARTS_OF_FEW = 4096;
const MOST_OF_FEW = 128;
const STARTS_OF_MANY = 65_536;

/** Finds needles in texts in one pass, however many there are. */
export class NeedleIndex {
  readonly #placesByUnits = new Map<string, Place[]>();
  /** Which sums of four units begin an anchor; as long as a power of two. */
  #starts: Uint8Array = NO_STARTS;

  add(needle: Needle): void {
    for (const { units, offset } of listAnchors(needle)) {
      const places = this.#placesByUnits.get(units);
      if (places) places.push({ needle, offset });
      else this.#placesByUnits.set(units, [{ needle, offset }]);
      this.#mark(units);
    }
  }

  #mark(units: string): void {
    const size = Math.max(this.#starts.length, this.#placesByUnits.size > MOST_OF_FEW ? STARTS_OF_MANY : STARTS_OF_FEW);
    const isTooSmall = this.#starts.length < size;
    if (isTooSmall) this.#starts = new Uint8Array(size);
    for (const one of isTooSmall ? this.#placesByUnits.keys() : [units])
      this.#starts[sumUnits(one, 0) & (size - 1)] = 1;
  }

  /** Where they stand, first to last; places that overlap are one. */
  findAll(text: string): readonly Found[] {
    const found: Found[] = [];
    const starts = this.#starts;
    let [end, longest] = [0, 0];
    const last = text.length - SHORTEST_PART;
    const bits = starts.length - 1;
    for (let at = 0; at <= last; at++) {
      if (starts[sumUnits(text, at) & bits] === 0) continue;
      // A line of a secret is a needle too: what was found may be a part of a longer one.
      if (at >= end) longest = 0;
      const one = this.#findAt(text, at, longest);
      if (!one) continue;
      addFound(found, one);
      end = Math.max(end, one.end);
      longest = one.longest;
    }
    return found;
  }

  /** Whether four bytes, of which the lowest eight bits of each number count, begin an anchor. */
  mayBegin(first: number, second: number, third: number, fourth: number): boolean {
    const units = [first & 0xff, second & 0xff, third & 0xff, fourth & 0xff] as const;
    return (
      this.#starts[sum(...units) & (this.#starts.length - 1)] !== 0 &&
      this.#placesByUnits.has(String.fromCharCode(...units))
    );
  }

  /** What stands around a place of the needles that are longer than a length, and the length of the longest of them. */
  #findAt(text: string, at: number, known: number): (Found & { readonly longest: number }) | undefined {
    let found: Found | undefined;
    let longest = known;
    for (const { needle, offset } of this.#placesByUnits.get(text.slice(at, at + SHORTEST_PART)) ?? []) {
      if (needle.length <= known) continue;
      const one = findAround(text, at, needle, offset);
      if (!one) continue;
      found = found ? join(found, one) : one;
      longest = Math.max(longest, needle.length);
    }
    return found && { ...found, longest };
  }
}

/** Places from several searches, first to last; those that overlap are one. */
export function joinFound(...lists: readonly (readonly Found[])[]): readonly Found[] {
  const joined: Found[] = [];
  for (const one of lists.flat().sort((a, b) => a.start - b.start)) addFound(joined, one);
  return joined;
}

/** Adds what was found behind all that was before; where they overlap they are one. */
function addFound(all: Found[], next: Found): void {
  let joined = next;
  for (let last = all.at(-1); last && last.end > joined.start; last = all.at(-1)) {
    joined = join(last, joined);
    all.pop();
  }
  all.push(joined);
}

function join(one: Found, other: Found): Found {
  return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}

function sumUnits(text: string, at: number): number {
  return sum(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3));
}

function sum(first: number, second: number, third: number, fourth: number): number {
  return ((first * 31 + second) * 961 + third * 31 + fourth) & 0xffff;
}
