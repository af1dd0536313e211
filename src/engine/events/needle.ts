import { listChanged, listForms } from './secret-forms.ts';
import {
  LONGEST_SPELLING,
  SHORTEST_ALONE,
  SHORTEST_PART,
  type Spellings,
  spellCharacter,
  spellDigit,
} from './secret-spellings.ts';

/** A piece of this length is masked wherever it stands: servers cut texts without a sign. */
export const LONGEST_PIECE = 16;
/** Of this many neighbouring characters of a needle one begins an anchor. */
const STRIDE = 6;
/** The longest rest of an escape that a cut may leave, with its sign. */
const LONGEST_REST = LONGEST_SPELLING + 4;

const CUT_BEFORE = /(?:…|\.{3})["'`([{\\]*(.*)$/s;
const CUT_AFTER = /^(.*?)["'`)\]}\\]*(?:…|\.{3})/s;
/** A letter and a digit, or a capital letter behind a small one. */
const UNCOMMON = /\p{L}.*\d|\d.*\p{L}|\p{Ll}\p{Lu}/su;
/** What may stand for any letters. */
const SIGNS_ALONE = /^(?:[?\ufffd]|%3F|\\ufffd|%EF%BF%BD|\xef\xbf\xbd)+$/;
const DIGIT_BEFORE = /(?:[A-Za-z0-9+/_-]|%2[BFbf])$/;
const DIGITS = /(?:[A-Za-z0-9+/_-]|%2[BFbf])*(?:=|%3[Dd])*/y;

/** Something to be found in texts, each of its characters in any of its spellings. */
export class Needle {
  readonly #characters: ArrayLike<string>;
  /** Base64 or hexadecimal digits: what they are part of is masked as a whole. */
  readonly isDigits: boolean;
  /** Whether a long piece of it is masked though no sign says that it was cut: not of an address, whose host is no secret. */
  readonly hasPieces: boolean;
  /** Whether a writer may know some of its letters not at all. */
  readonly hasOthers: boolean;

  constructor(text: string, { isDigits, hasPieces }: { isDigits: boolean; hasPieces: boolean }) {
    // Of thousands of tokens a list of characters each would be most of what is kept.
    this.#characters = /[\p{Surrogate}\u{10000}-\u{10ffff}]/u.test(text) ? Array.from(text) : text;
    this.isDigits = isDigits;
    this.hasPieces = hasPieces;
    this.hasOthers = /[^\0-\x7f]/.test(text);
  }

  get length(): number {
    return this.#characters.length;
  }

  /** Its characters from one on, and before another. */
  read(from: number, to: number): string {
    return Array.prototype.slice.call(this.#characters, from, to).join('');
  }

  /** Of one of its characters. */
  spellAt(index: number): Spellings {
    const character = this.#characters[index] ?? '';
    return this.isDigits ? spellDigit(character) : spellCharacter(character);
  }
}

/** Four units of text at which a needle may be found, from one of its characters on. */
export interface Anchor {
  readonly units: string;
  readonly offset: number;
}

/** Offsets in a text; the end is exclusive. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Whether a text is a URL. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** The needles of a secret text: itself, and what holds it in base64 and hexadecimal. */
export function listNeedles(secret: string): readonly Needle[] {
  const hasPieces = !isAddress(secret);
  const long = listForms(secret).filter((text) => text.length >= SHORTEST_PART);
  const digits = long.flatMap(listDigits).filter((one) => one.length >= SHORTEST_PART);
  return [
    ...[...new Set(long.flatMap(listChanged))].map((text) => new Needle(text, { isDigits: false, hasPieces })),
    ...digits.map((text) => new Needle(text, { isDigits: true, hasPieces })),
  ];
}

/** Where to begin to look for a needle: at its two ends, and of a text often enough between. */
export function listAnchors(needle: Needle): readonly Anchor[] {
  const anchors = new Map<string, number>();
  for (const offset of listOffsets(needle)) {
    for (const units of spellUnits(needle, offset)) if (!anchors.has(units)) anchors.set(units, offset);
  }
  return [...anchors].map(([units, offset]) => ({ units, offset }));
}

/** The needle, or what a cut left of it, around an anchor that stands at `at`; undefined when it is something else. */
export function findAround(text: string, at: number, needle: Needle, offset: number): Found | undefined {
  const { isDigits, hasPieces, length } = needle;
  const [to, end] = followForth(text, at, needle, offset);
  const [from, start] = followBack(text, at, needle, offset);
  if (to - from < SHORTEST_PART) return undefined;
  const before = from === 0 ? 0 : measureCutBefore(text, start, needle.spellAt(from - 1).all);
  const after = to === length ? 0 : measureCutAfter(text, end, needle.spellAt(to).all);
  const isWhole = before !== undefined && after !== undefined;
  if (!isWhole && !(hasPieces && isPiece(needle, from, to))) return undefined;
  const found = { start: start - (before ?? 0), end: end + (after ?? 0) };
  if (needle.hasOthers && SIGNS_ALONE.test(text.slice(found.start, found.end))) return undefined;
  if (isDigits) return widen(text, found);
  return from === 0 && to === length ? found : trim(text, found);
}

/** Whether a part of a needle tells so much that it is masked wherever it stands: long, or a beginning or end that is no word, number or date. */
function isPiece(needle: Needle, from: number, to: number): boolean {
  const length = to - from;
  if (length >= LONGEST_PIECE) return true;
  const isEdge = from === 0 || to === needle.length;
  return isEdge && length >= SHORTEST_ALONE && !needle.isDigits && UNCOMMON.test(needle.read(from, to));
}

/**
 * Stretches of base64 that any longer text with the secret in it must contain, one for each way its bytes may fall
 * (`Authorization: Basic` of `user:secret`), and its bytes in hexadecimal.
 */
function listDigits(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const cores = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const hexadecimal = bytes.toString('hex');
  return [...cores, hexadecimal, hexadecimal.toUpperCase()];
}

/** Counted in characters. */
function listOffsets(needle: Needle): ReadonlySet<number> {
  const last = Math.max(0, needle.length - SHORTEST_PART);
  const offsets = new Set([0, last]);
  if (needle.isDigits) return offsets;
  for (let from = 1; from < last; from += STRIDE) offsets.add(findPlainest(needle, from));
  return offsets;
}

/** The offset, of as many as a stride has, whose characters have the fewest spellings. */
function findPlainest(needle: Needle, from: number): number {
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let offset = from; offset < from + STRIDE && offset + SHORTEST_PART <= needle.length; offset++) {
    let ways = 1;
    for (let at = offset; at < offset + SHORTEST_PART; at++) ways *= needle.spellAt(at).all.length;
    if (ways >= least) continue;
    least = ways;
    best = offset;
  }
  return best;
}

/** Every way in which a needle's text may begin from one of its characters on, four units of it. */
function spellUnits(needle: Needle, offset: number): ReadonlySet<string> {
  let open: ReadonlySet<string> = new Set(['']);
  const units = new Set<string>();
  for (let at = offset; open.size > 0 && at < needle.length; at++) {
    const longer = new Set<string>();
    const { heads } = needle.spellAt(at);
    for (const text of open) {
      for (const head of heads) {
        const next = text + head;
        if (next.length >= SHORTEST_PART) units.add(next.slice(0, SHORTEST_PART));
        else longer.add(next);
      }
    }
    open = longer;
  }
  return units;
}

/**
 * Follows a needle forwards as far as the text has it; gives the character and the place behind. One that may be left out, as line breaks
 * are of URLs, counts once something is there behind it: what a cut left of its escape is not yet read.
 */
function followForth(text: string, at: number, needle: Needle, offset: number): [number, number] {
  let places = [at];
  let reached: [number, number] = [offset, at];
  for (let index = offset; index < needle.length; index++) {
    const next: number[] = [];
    const spellings = needle.spellAt(index);
    for (const place of places) spellings.addEnds(text, place, next);
    if (next.length === 0) return reached;
    places = next;
    const end = Math.max(...places);
    if (end > reached[1]) reached = [index + 1, end];
  }
  return [needle.length, reached[1]];
}

/** The same backwards: gives the first character that the text has, and its place. */
function followBack(text: string, at: number, needle: Needle, offset: number): [number, number] {
  let places = [at];
  let reached: [number, number] = [offset, at];
  for (let index = offset - 1; index >= 0; index--) {
    const next: number[] = [];
    const spellings = needle.spellAt(index);
    for (const place of places) {
      for (const spelling of spellings.endingWith(text.charAt(place - 1))) {
        if (text.startsWith(spelling, place - spelling.length)) addNew(next, place - spelling.length);
      }
    }
    if (next.length === 0) return reached;
    places = next;
    const start = Math.min(...places);
    if (start < reached[1]) reached = [index, start];
  }
  return [0, reached[1]];
}

function addNew(places: number[], place: number): void {
  if (!places.includes(place)) places.push(place);
}

/** How many units of an escape a cut right before a place has left; undefined where there is no cut. */
function measureCutBefore(text: string, start: number, spellings: readonly string[]): number | undefined {
  const rest = CUT_BEFORE.exec(text.slice(Math.max(0, start - LONGEST_REST), start))?.[1];
  return rest !== undefined && (rest === '' || spellings.some((spelling) => spelling.endsWith(rest)))
    ? rest.length
    : undefined;
}

function measureCutAfter(text: string, end: number, spellings: readonly string[]): number | undefined {
  const rest = CUT_AFTER.exec(text.slice(end, end + LONGEST_REST))?.[1];
  return rest !== undefined && (rest === '' || spellings.some((spelling) => spelling.startsWith(rest)))
    ? rest.length
    : undefined;
}

/** A piece without the blanks around it, which may be a line's own. */
function trim(text: string, { start, end }: Found): Found {
  const piece = text.slice(start, end);
  return { start: end - piece.trimStart().length, end: start + piece.trimEnd().length };
}

/** The whole text of digits around some of them. */
export function widen(text: string, { start, end }: Found): Found {
  let from = start;
  while (from > 0) {
    const length = DIGIT_BEFORE.exec(text.slice(Math.max(0, from - 3), from))?.[0].length;
    if (length === undefined) break;
    from -= length;
  }
  DIGITS.lastIndex = end;
  return { start: from, end: end + (DIGITS.exec(text)?.[0].length ?? 0) };
}
