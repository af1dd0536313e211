import { isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { findPasswords } from './address-passwords.ts';
import {
  type Found,
  findAround,
  isAddress,
  listAnchors,
  listNeedles,
  listParts,
  type Needle,
  SHORTEST_ALONE,
  SHORTEST_PART,
} from './needle.ts';

/**
 * The values that no report may show. A text of four or more characters is masked wherever it stands, in every usual
 * encoding, and where it was cut; a shorter one, and a number or bool, only where it is the whole value.
 */
export interface Secrets {
  readonly isEmpty: boolean;
  /** Adds a value: of a list or map, every text and number in it. nil, bools and the empty text are never masked. */
  add(value: Value): void;
  /** Adds the passwords of the addresses that stand in a text. */
  addPasswords(text: string): void;
  maskText(text: string): string;
  /** Whether a value is the beginning or the end of a secret, of eight or more characters, and nothing else. */
  isPiece(text: string): boolean;
}

/** Where values are made known that nobody is to see. */
export type KnownSecrets = Pick<Secrets, 'add' | 'addPasswords'>;

interface Place {
  readonly needle: Needle;
  readonly offset: number;
}

/** Makes an empty registry. Masking takes one pass over a text, however many secrets there are. */
export function createSecrets(): Secrets {
  const wholes = new Set<string>();
  const edges = new Edges();
  const placesByUnits = new Map<string, Place[]>();
  /** Which sums of four units begin an anchor. */
  const starts = new Uint8Array(65_536);

  const addText = (text: string): void => {
    if (text === '' || wholes.has(text)) return;
    wholes.add(text);
    edges.add(text);
    for (const needle of listNeedles(text)) {
      for (const { units, offset } of listAnchors(needle)) {
        const places = placesByUnits.get(units);
        if (places) places.push({ needle, offset });
        else placesByUnits.set(units, [{ needle, offset }]);
        starts[sumUnits(units, 0)] = 1;
      }
    }
    for (const part of listParts(text)) addText(part);
  };
  const findAt = (text: string, at: number): Found | undefined => {
    let found: Found | undefined;
    for (const { needle, offset } of placesByUnits.get(text.slice(at, at + SHORTEST_PART)) ?? []) {
      const one = findAround(text, at, needle, offset);
      if (one) found = found ? join(found, one) : one;
    }
    return found;
  };

  return {
    get isEmpty() {
      return wholes.size === 0;
    },
    add(value) {
      for (const text of listTexts(value)) addText(text);
    },
    addPasswords(text) {
      for (const password of findPasswords(text)) addText(password);
    },
    maskText(text) {
      if (wholes.size === 0) return text;
      if (wholes.has(text)) return MASK;
      const found: Found[] = [];
      const last = text.length - SHORTEST_PART;
      for (let at = 0; at <= last; at++) {
        if (starts[sumUnits(text, at)] === 0) continue;
        const one = findAt(text, at);
        if (!one) continue;
        addFound(found, one);
        at = Math.max(at, one.end - 1);
      }
      return found.length === 0 ? text : replaceFound(text, found);
    },
    isPiece: (text) => edges.has(text),
  };
}

/** The beginnings and ends of texts; not of addresses, whose host is no secret. */
class Edges {
  readonly #texts = new Map<string, string[]>();

  add(text: string): void {
    if (text.length <= SHORTEST_ALONE || isAddress(text)) return;
    for (const edge of [text.slice(0, SHORTEST_ALONE), text.slice(-SHORTEST_ALONE)]) {
      const others = this.#texts.get(edge);
      if (others) others.push(text);
      else this.#texts.set(edge, [text]);
    }
  }

  has(piece: string): boolean {
    if (piece.length < SHORTEST_ALONE || this.#texts.size === 0) return false;
    const begun = this.#texts.get(piece.slice(0, SHORTEST_ALONE)) ?? [];
    const ended = this.#texts.get(piece.slice(-SHORTEST_ALONE)) ?? [];
    return begun.some((text) => text.startsWith(piece)) || ended.some((text) => text.endsWith(piece));
  }
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

function replaceFound(text: string, found: readonly Found[]): string {
  let masked = '';
  let kept = 0;
  for (const { start, end } of found) {
    masked += text.slice(kept, start) + MASK;
    kept = end;
  }
  return masked + text.slice(kept);
}

function sumUnits(text: string, at: number): number {
  const first = text.charCodeAt(at) * 31 + text.charCodeAt(at + 1);
  const second = text.charCodeAt(at + 2) * 31 + text.charCodeAt(at + 3);
  return (first * 961 + second) & 0xffff;
}

/** Without recursion, for a value may be nested to any depth. */
function* listTexts(value: Value): Generator<string> {
  const open: Value[] = [value];
  while (open.length > 0) {
    const next = open.pop() ?? null;
    if (next === null || typeof next === 'boolean') continue;
    if (isList(next)) for (const item of next) open.push(item);
    else if (isKeyedMap(next)) for (const pair of next) open.push(...pair);
    else if (isMap(next)) for (const item of Object.values(next)) open.push(item);
    else yield String(next);
  }
}
