import { type Fingerprint, writeFingerprint } from './fingerprint.ts';

const FIRST_SIZE = 1024;
const FULLEST = 0.7;
/** Counts end here. */
const MOST_COUNTED = 255;
export const MOST_KEYS = 10_000_000;

interface Slots {
  readonly size: number;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** 1 where something is. */
  readonly used: Uint8Array;
  readonly columns: readonly Uint8Array[];
}

/** Counts keys by their fingerprints in so many columns, in memory that is bounded whatever their length: about 17 bytes for each. */
export class KeyTable {
  readonly #columnCount: number;
  readonly #most: number;
  readonly #print: Fingerprint = { high: 0, low: 0 };
  #slots: Slots;
  #count = 0;
  #refused = 0;

  constructor(columnCount: number, most = MOST_KEYS) {
    this.#columnCount = columnCount;
    this.#most = most;
    this.#slots = createSlots(FIRST_SIZE, columnCount);
  }

  get count(): number {
    return this.#count;
  }

  /** How many keys found no place. */
  get refused(): number {
    return this.#refused;
  }

  /** Counts a key once more in a column; gives how often it has been, 0 when it found no place. */
  add(key: string, column: number): number {
    const slot = this.#find(key, true);
    const counts = this.#slots.columns[column];
    if (slot < 0 || !counts) return 0;
    const count = Math.min(MOST_COUNTED, (counts[slot] ?? 0) + 1);
    counts[slot] = count;
    return count;
  }

  get(key: string, column: number): number {
    const slot = this.#find(key, false);
    return slot < 0 ? 0 : (this.#slots.columns[column]?.[slot] ?? 0);
  }

  clear(column: number): void {
    this.#slots.columns[column]?.fill(0);
  }

  /** Calls back with each key's place in the columns, and its fingerprint, which is another one's after that. */
  visit(call: (read: (column: number) => number, print: Fingerprint) => void): void {
    const { used, columns, size, high, low } = this.#slots;
    const print: Fingerprint = { high: 0, low: 0 };
    let slot = 0;
    const read = (column: number): number => columns[column]?.[slot] ?? 0;
    for (; slot < size; slot++) {
      if (used[slot] !== 1) continue;
      print.high = high[slot] ?? 0;
      print.low = low[slot] ?? 0;
      call(read, print);
    }
  }

  #find(key: string, isAdded: boolean): number {
    writeFingerprint(key, this.#print);
    const { high, low } = this.#print;
    const slot = seek(this.#slots, high, low);
    if (this.#slots.used[slot] === 1) return slot;
    if (!isAdded) return -1;
    if (this.#count >= this.#most) {
      this.#refused += 1;
      return -1;
    }
    if (this.#count + 1 > this.#slots.size * FULLEST) {
      this.#grow();
      return this.#find(key, true);
    }
    this.#count += 1;
    this.#slots.high[slot] = high;
    this.#slots.low[slot] = low;
    this.#slots.used[slot] = 1;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    const grown = createSlots(old.size * 2, this.#columnCount);
    for (let slot = 0; slot < old.size; slot++) {
      if (old.used[slot] !== 1) continue;
      const [high, low] = [old.high[slot] ?? 0, old.low[slot] ?? 0];
      const to = seek(grown, high, low);
      grown.high[to] = high;
      grown.low[to] = low;
      grown.used[to] = 1;
      for (const [column, counts] of grown.columns.entries()) counts[to] = old.columns[column]?.[slot] ?? 0;
    }
    this.#slots = grown;
  }
}

function createSlots(size: number, columnCount: number): Slots {
  return {
    size,
    high: new Uint32Array(size),
    low: new Uint32Array(size),
    used: new Uint8Array(size),
    columns: Array.from({ length: columnCount }, () => new Uint8Array(size)),
  };
}

/** Where a fingerprint is, or would be. */
function seek({ size, high, low, used }: Slots, wantedHigh: number, wantedLow: number): number {
  let slot = wantedLow & (size - 1);
  while (used[slot] === 1 && (low[slot] !== wantedLow || high[slot] !== wantedHigh)) slot = (slot + 1) & (size - 1);
  return slot;
}
