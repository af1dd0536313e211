import { type Found, findAround, listAnchors, type Needle, SHORTEST_PART } from './needle.ts';

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
    const last = text.length - SHORTEST_PART;
    const bits = starts.length - 1;
    for (let at = 0; at <= last; at++) {
      if (starts[sumUnits(text, at) & bits] === 0) continue;
      const one = this.#findAt(text, at);
      if (!one) continue;
      addFound(found, one);
      at = Math.max(at, one.end - 1);
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

  #findAt(text: string, at: number): Found | undefined {
    let found: Found | undefined;
    for (const { needle, offset } of this.#placesByUnits.get(text.slice(at, at + SHORTEST_PART)) ?? []) {
      const one = findAround(text, at, needle, offset);
      if (one) found = found ? join(found, one) : one;
    }
    return found;
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
