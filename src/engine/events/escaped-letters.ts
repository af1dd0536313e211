import type { Found } from './needle.ts';

/** What begins an escape, once or several times over, and itself in JSON or a URL. */
const BACKSLASH = String.raw`(?<!\\|%5c)(?:\\|%5c)+`;
const AND = `(?:&|%26|${BACKSLASH}u0026)(?:amp;)*(?:#|%23)`;
/** The escapes of ASCII characters, of which most writers leave letters and digits as they are, and of bytes in octal digits. */
const ESCAPE = new RegExp(
  [
    String.raw`${AND}0*(\d{2,7})(?:;|%3b)`,
    String.raw`${AND}x0*([\da-f]{2,6})(?:;|%3b)`,
    String.raw`${BACKSLASH}(?:u00|u000000|x)([2-7][\da-f])`,
    String.raw`${BACKSLASH}u\{0*([2-7][\da-f])\}`,
    String.raw`%(?:25)*([2-7][\da-f])`,
    `${BACKSLASH}([0-3][0-7]{2})`,
  ].join('|'),
  'gi',
);
/** What a cut left of one. */
const CUT = new RegExp(
  String.raw`(?:${BACKSLASH}(?:u[\da-f{]{0,3}|x[\da-f]?|[0-3][0-7]?)?|&(?:#x?\d{0,3})?|%\d?)(?=["'\x60)\]}]*(?:…|\.{3}))`,
  'iy',
);
const MAY_ESCAPE = /\\[ux0-3]|%(?:25|26|5c|[3-7][\da-f])|&(?:amp;|#)/i;
/** Needles know its escapes: where a text has no others it is not looked at once more. */
const SIGN = /^[ -/:-@[-`{-~]$/;
const LAST_CHARACTER = 0x10ffff;

/** A text without its escapes. */
export interface Unescaped {
  readonly text: string;
  /** Where in the text with them something stands that was found in this one. */
  place(found: Found): Found;
}

/** Takes out escapes, as writers have them that escape every character (`\u0051`, `&#81;`, `%51`, `\121`); undefined when there are none of letters and digits. */
export function unescapeLetters(text: string): Unescaped | undefined {
  if (!MAY_ESCAPE.test(text)) return undefined;
  const ends: [made: number, given: number][] = [];
  let [made, end] = ['', 0];
  let isNeeded = false;
  for (const match of text.matchAll(ESCAPE)) {
    const letter = readLetter(match);
    isNeeded ||= !SIGN.test(letter);
    made += text.slice(end, match.index) + letter;
    end = match.index + match[0].length;
    CUT.lastIndex = end;
    end += CUT.exec(text)?.[0].length ?? 0;
    ends.push([made.length, end]);
  }
  if (!isNeeded) return undefined;
  return {
    text: made + text.slice(end),
    place: (found) => ({ start: findGiven(ends, found.start), end: findGiven(ends, found.end) }),
  };
}

function readLetter([, decimal, entity, unit, braced, percent, octal]: RegExpExecArray): string {
  // Needles know the bytes of UTF-8 as letters of their own.
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  const code = decimal === undefined ? Number.parseInt(entity ?? unit ?? braced ?? percent ?? '', 16) : Number(decimal);
  return String.fromCodePoint(Math.min(code, LAST_CHARACTER));
}

/** From the last escape that ends before a place, or there. */
function findGiven(ends: readonly (readonly [made: number, given: number])[], place: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.[0] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  const [made, given] = ends[low - 1] ?? [0, 0];
  return given + place - made;
}
