import { ENTITY_NAMES, readEntity } from './entities.ts';
import type { Found } from './needle.ts';

/** What begins an escape, once or several times over, and itself in JSON or a URL. */
const BACKSLASH = String.raw`(?<!\\|%5c)(?:\\|%5c)+`;
const PERCENT = '%(?:25)*';
const END = `(?:;|${PERCENT}3b)`;
const AND = `(?:&|${PERCENT}26|${BACKSLASH}u0026)(?:amp${END})*`;
/** A letter that is no ASCII, as needles know it. */
const UTF_8 = String.raw`%(?:25)?[c-f][\da-f](?:%(?:25)?[89ab][\da-f])+`;
/** The escapes of characters and of bytes, of which most writers leave letters and digits as they are. */
const ESCAPE = new RegExp(
  [
    // what a cut left of one, in front of its sign and behind it
    String.raw`(?:${BACKSLASH}(?:u[\da-f{]{0,3}|x[\da-f]?|[0-3][0-7]?)?|${AND}(?:#?x?\d{0,3}|[a-z]{0,7})(?:${PERCENT}[23]?)?|${PERCENT}(?:u[\da-f]{0,3}|[\da-f]?))(?=["'\x60)\]}]*(?:…|\.{3}))`,
    String.raw`${AND}(?:#|${PERCENT}23)0*(\d{2,7})${END}`,
    String.raw`${AND}(?:#|${PERCENT}23)x0*([\da-f]{2,6})${END}`,
    String.raw`${BACKSLASH}(?:u00|u000000|x)([2-7][\da-f])`,
    String.raw`${BACKSLASH}u\{0*([2-7][\da-f])\}`,
    `${AND}(${ENTITY_NAMES})${END}`,
    `(${UTF_8})|${PERCENT}([\\da-f]{2})`,
    `${BACKSLASH}([0-3][0-7]{2})`,
    String.raw`${PERCENT}u([\da-f]{4})`,
    String.raw`((?:…|\.{3})["'\x60([{\\]{0,4})(?:;?(?:[a-z]{1,7}\d{0,2};)+|;|(?:25|5)?(?:25)*u?[\da-f]{1,4})`,
  ].join('|'),
  'gi',
);
const MAY_ESCAPE =
  /\\[ux0-3]|%(?:25|26|5c|u|[3-9a-f][\da-f])|&(?:amp;|#|(?!(?:quot|apos|lt|gt);)[a-z]{2,7}\d{0,2};)|[&%][a-z\d]{0,7}["'\x60)\]}]*(?:…|\.{3})|(?:…|\.{3})["'\x60([{\\]{0,4}(?:[a-z]{0,7}\d{0,2};|[\da-f]{2})/i;
/** Needles know its escapes, unless they are escaped again: where a text has no others it is not looked at once more. */
const SIGN = /^[ -/:-@[-`{-~\r\n\t]$/;
const LONGEST_KNOWN = 6;
const KNOWN_NAME = /^(?:amp|apos|gt|lt|quot)$/;
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
    isNeeded ||= !isKnown(match, letter);
    made += text.slice(end, match.index) + letter;
    end = match.index + match[0].length;
    const sign = match[10];
    // What a cut left of an escape in front of a letter goes with it.
    if (sign === undefined) ends.push([made.length, end]);
    else ends.push([made.length, match.index + sign.length], [made.length + 1, end + 1]);
  }
  if (!isNeeded) return undefined;
  return {
    text: made + text.slice(end),
    place: (found) => ({ start: findGiven(ends, found.start), end: findGiven(ends, found.end) }),
  };
}

/** Whether needles know an escape. */
function isKnown({ 0: whole, 5: name, 6: letter }: RegExpExecArray, read: string): boolean {
  if (letter !== undefined) return true;
  if (whole.length > LONGEST_KNOWN || !SIGN.test(read)) return false;
  return name === undefined || KNOWN_NAME.test(name);
}

function readLetter(match: RegExpExecArray): string {
  const [, decimal, entity, unit, braced, name, letter, percent, octal, wide, sign] = match;
  if (name !== undefined) return readEntity(name) ?? '';
  if (letter !== undefined) return Buffer.from(letter.replaceAll(/%(?:25)?/g, ''), 'hex').toString('latin1');
  // Needles know the bytes of UTF-8 as letters of their own.
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  const digits = entity ?? unit ?? braced ?? percent ?? wide;
  if (decimal === undefined && digits === undefined) return sign ?? '';
  const code = digits === undefined ? Number(decimal) : Number.parseInt(digits, 16);
  // Each half of a letter of two units is written by itself.
  return wide === undefined ? String.fromCodePoint(Math.min(code, LAST_CHARACTER)) : String.fromCharCode(code);
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
