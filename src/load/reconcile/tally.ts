import { chanceOfTwins } from './fingerprint.ts';
import { KeptTexts } from './kept-texts.ts';
import { KeyTable, MOST_KEYS } from './key-table.ts';
import { KeyPack, type SharedKeys } from './shared-keys.ts';

const MOST_LISTED = 10;
const ACCEPTED = 0;
const FIRST_PLACE = 1;
/** Of a place: what was there before, and what is there now. */
const COLUMNS_OF_PLACE = 2;

/** How often each accepted key is to be in a place. */
export interface Wanted {
  readonly least: number;
  readonly most: number;
}

/** What became of the accepted keys in one place. */
export interface PlaceCounts {
  /** Keys that are there. */
  readonly found: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unexpected: number;
  readonly lostKeys: readonly string[];
  readonly duplicatedKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

interface PlaceState {
  readonly wanted: Wanted;
  readonly duplicated: Set<string>;
  readonly unexpected: Set<string>;
}

/** Counts which keys were accepted, and how often each is in the places where it has to be. */
export class Tally {
  readonly #table: KeyTable;
  readonly #texts = new KeptTexts();
  readonly #places: readonly PlaceState[];
  #accepted = 0;

  constructor(places: readonly Wanted[], most = MOST_KEYS) {
    this.#table = new KeyTable(FIRST_PLACE + COLUMNS_OF_PLACE * places.length, most);
    this.#places = places.map((wanted) => ({ wanted, duplicated: new Set(), unexpected: new Set() }));
  }

  /** Different keys that were accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many keys are not judged, for there are too many. */
  get refused(): number {
    return this.#table.refused;
  }

  /** How many accepted keys could not be listed if they were lost. */
  get unlisted(): number {
    return this.#texts.left;
  }

  get chanceOfMistake(): number {
    return chanceOfTwins(this.#table.count);
  }

  accept(key: string): void {
    // The same thing accepted again is one thing.
    if (this.#table.add(key, ACCEPTED) !== 1) return;
    this.#accepted += 1;
    this.#texts.add(key);
  }

  /** Is there before anything was accepted. */
  noteBefore(place: number, key: string): void {
    this.#table.add(key, columnOf(place));
  }

  /** A place is looked at as a whole once more. */
  restart(place: number): void {
    this.#table.clear(columnOf(place) + 1);
    this.#places[place]?.duplicated.clear();
    this.#places[place]?.unexpected.clear();
  }

  noteFound(place: number, key: string): void {
    const state = this.#places[place];
    const now = this.#table.add(key, columnOf(place) + 1);
    const count = now - this.#table.get(key, columnOf(place));
    if (!state || now === 0 || count <= 0) return;
    if (this.#table.get(key, ACCEPTED) === 0) keep(state.unexpected, key);
    else if (count > state.wanted.most) keep(state.duplicated, key);
  }

  /** Of all accepted keys how many are missing in any place. */
  countLost(): number {
    let lost = 0;
    this.#table.visit((read) => {
      if (read(ACCEPTED) === 0) return;
      for (const [place, { wanted }] of this.#places.entries()) if (countIn(read, place) < wanted.least) lost += 1;
    });
    return lost;
  }

  count(place: number): PlaceCounts {
    const state = this.#places[place];
    let [found, lost, duplicated, unexpected] = [0, 0, 0, 0];
    this.#table.visit((read) => {
      const count = countIn(read, place);
      if (count > 0) found += 1;
      if (read(ACCEPTED) === 0) unexpected += count > 0 ? 1 : 0;
      else if (count < (state?.wanted.least ?? 0)) lost += 1;
      else if (count > (state?.wanted.most ?? 0)) duplicated += 1;
    });
    return {
      found,
      lost,
      duplicated,
      unexpected,
      lostKeys: lost === 0 ? [] : this.#listLost(place),
      duplicatedKeys: [...(state?.duplicated ?? [])],
      unexpectedKeys: [...(state?.unexpected ?? [])],
    };
  }

  /** What others need to know, who had other keys accepted; undefined of too many. */
  shareKeys(): SharedKeys | undefined {
    const accepted = new KeyPack();
    const unexpected = this.#places.map(() => new KeyPack());
    this.#table.visit((read, print) => {
      if (read(ACCEPTED) > 0) accepted.add(print);
      else for (const [place, pack] of unexpected.entries()) if (countIn(read, place) > 0) pack.add(print);
    });
    if ([accepted, ...unexpected].some(({ isFull }) => isFull)) return undefined;
    return { accepted: accepted.write(), unexpected: unexpected.map((pack) => pack.write()) };
  }

  #listLost(place: number): readonly string[] {
    const lost: string[] = [];
    const least = this.#places[place]?.wanted.least ?? 0;
    for (const key of this.#texts.list()) {
      const read = (column: number): number => this.#table.get(key, column);
      if (countIn(read, place) < least && lost.push(key) === MOST_LISTED) break;
    }
    return lost;
  }
}

function columnOf(place: number): number {
  return FIRST_PLACE + COLUMNS_OF_PLACE * place;
}

function countIn(read: (column: number) => number, place: number): number {
  return Math.max(0, read(columnOf(place) + 1) - read(columnOf(place)));
}

function keep(listed: Set<string>, key: string): void {
  if (listed.size < MOST_LISTED) listed.add(key);
}
