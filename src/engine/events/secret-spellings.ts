/** A shorter part of a secret says nothing. */
export const SHORTEST_ALONE = 8;
/** Texts shorter than this are masked only where they are a whole value: inside of others they would hide half the report. */
export const SHORTEST_PART = 4;

/** How a writer puts a character into its text; most stand as they are. */
type Writer = (character: string) => string;

const NAMED: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&apos;',
  '<': '&lt;',
  '>': '&gt;',
};
const MOST_LEVELS = 6;
/** Of the longest escape, a backslash in six levels of JSON. */
export const LONGEST_SPELLING = 72;
const HEAD = 3;
const PLAIN = /^[A-Za-z0-9]$/;
const MARKUP = /^[&<>"'`=+]$/;
const CONTROL = /^[\r\n\t]$/;

const ENTITIES: readonly Writer[] = [
  (character) => `&#${character.codePointAt(0)};`,
  (character) => `&#x${toHex(character.codePointAt(0), 1)};`,
  (character) => `&#x${toHex(character.codePointAt(0), 1).toUpperCase()};`,
];

const WRITERS: readonly Writer[] = [
  toJson,
  (character) => toJson(toJson(character)),
  toJsonOfLetters,
  (character) => toJsonOfLetters(character).replaceAll(/(?<=\\u)[0-9a-f]{4}/g, (digits) => digits.toUpperCase()),
  (character) => `\\u{${toHex(character.codePointAt(0), 1)}}`,
  (character) => `\\U${toHex(character.codePointAt(0), 8)}`,
  (character) => (isSign(character) ? `\\${character}` : toJson(character)),
  (character) =>
    bytesOf(character)
      .map((byte) => `\\x${byte}`)
      .join(''),
  (character) =>
    bytesOf(character)
      .map((byte) => `\\x${byte.toUpperCase()}`)
      .join(''),
  (character) => `\\x${toHex(character.codePointAt(0), 2)}`,
  (character) => encodeURIComponent(character.toWellFormed()),
  toUrl,
  (character) => toUrl(character).toLowerCase(),
  (character) => (character === ' ' ? '+' : toUrl(character)),
  (character) => (character === '\n' ? '%0D%0A' : toUrl(character)),
  (character) => (character === '+' ? ' ' : character),
  (character) => (character === ' ' ? '\u00a0' : character),
  (character) => NAMED[character] ?? character,
  ...ENTITIES,
  ...ENTITIES.map(
    (write): Writer =>
      (character) =>
        MARKUP.test(character) ? write(character) : character,
  ),
  (character) => (MARKUP.test(character) ? toJsonOfLetters(character) : toJson(character)),
  // SQL and CSV
  (character) => (character === "'" || character === '"' ? character + character : character),
  (character) => (character === "'" || character === '\\' ? `\\${character}` : character),
  // URLs
  (character) => (character === '\\' ? '/' : character),
  // shells
  (character) => (character === "'" ? "'\\''" : character),
  (character) => (character === "'" ? `'"'"'` : character),
  // UTF-8 that was read as ISO 8859-1, as headers are
  (character) => Buffer.from(character.toWellFormed(), 'utf8').toString('latin1'),
  // URLs drop line breaks and tabs, others make blanks of them, and lines may be ended otherwise.
  (character) => (CONTROL.test(character) ? '' : character),
  (character) => (CONTROL.test(character) ? ' ' : character),
  (character) => (character === '\n' ? '\r\n' : character),
];

/** As it is, in JSON and in URLs, and as bytes. */
const UNKNOWN = ['?', '%3F', '\ufffd', '\\ufffd', '%EF%BF%BD', '\xef\xbf\xbd'];

/** The ways in which a character may be written, found by what they begin and end with. */
export class Spellings {
  readonly all: readonly string[];
  /** How they begin: as many units as an anchor has. */
  readonly heads: readonly string[];
  /** Those of at least as many units as a head of three has, and the shorter ones by their first unit. */
  readonly #byHead: ReadonlyMap<string, readonly string[]>;
  readonly #shortByFirst: ReadonlyMap<string, readonly string[]>;
  readonly #byLast: ReadonlyMap<string, readonly string[]>;

  constructor(all: readonly string[]) {
    this.all = all;
    this.heads = [...new Set(all.map((one) => one.slice(0, SHORTEST_PART)))];
    this.#byHead = groupBySign(
      all.filter((one) => one.length >= HEAD),
      (one) => one.slice(0, HEAD),
    );
    this.#shortByFirst = groupBySign(
      all.filter((one) => one.length < HEAD),
      (one) => one.charAt(0),
    );
    this.#byLast = groupBySign(all, (one) => one.charAt(one.length - 1));
  }

  /** Adds the places behind those that stand at a place of a text. */
  addEnds(text: string, place: number, ends: number[]): void {
    const first = text.charAt(place);
    for (const one of this.#shortByFirst.get(first) ?? this.#shortByFirst.get('') ?? [])
      if (text.startsWith(one, place)) addNew(ends, place + one.length);
    for (const one of this.#byHead.get(text.slice(place, place + HEAD)) ?? [])
      if (text.startsWith(one, place)) addNew(ends, place + one.length);
  }

  /** Those that may stand where the text ends with a unit. */
  endingWith(unit: string): readonly string[] {
    return this.#byLast.get(unit) ?? this.#byLast.get('') ?? [];
  }
}

function addNew(places: number[], place: number): void {
  if (!places.includes(place)) places.push(place);
}

/** By a sign of each; the empty one belongs to all. */
function groupBySign(all: readonly string[], read: (one: string) => string): ReadonlyMap<string, readonly string[]> {
  const empty = all.filter((one) => one === '');
  return new Map(
    [...new Set(all.map(read))].map((sign) => [
      sign,
      [...empty, ...all.filter((one) => one !== '' && read(one) === sign)],
    ]),
  );
}

const spelled = new Map<string, Spellings>();
const spelledDigits = new Map<string, Spellings>();

/**
 * The ways in which one character of a secret may stand in other text: as it is, and as the usual writers write it (JSON, URLs, forms,
 * HTML, SQL, shells, Go, headers), or two of them one after the other, or one and JSON in JSON in JSON. Each writer chooses for itself
 * which characters it escapes.
 */
export function spellCharacter(character: string): Spellings {
  return remember(spelled, character, () => (PLAIN.test(character) ? [character] : [...writeTwice(character)]));
}

/** A character of base64, which has two alphabets, or of hexadecimal digits. */
export function spellDigit(digit: string): Spellings {
  return remember(spelledDigits, digit, () => {
    if (digit === '+' || digit === '-') return ['+', '-', '%2B', '%2b'];
    if (digit === '/' || digit === '_') return ['/', '_', '%2F', '%2f', '\\/'];
    return [digit];
  });
}

function remember(known: Map<string, Spellings>, character: string, spell: () => readonly string[]): Spellings {
  const found = known.get(character) ?? new Spellings(spell());
  known.set(character, found);
  return found;
}

function writeTwice(character: string): ReadonlySet<string> {
  const once = new Set([character, ...WRITERS.map((write) => write(character))]);
  const twice = new Set([...once, ...replaceUnknown(character)]);
  for (const text of once) {
    for (const write of WRITERS)
      twice.add(Array.from(text, (part) => (PLAIN.test(part) ? part : write(part))).join(''));
    for (const deeper of nestInJson(text)) twice.add(deeper);
  }
  return twice;
}

/** As logs of logs have it: each level doubles the backslashes. */
function nestInJson(text: string): readonly string[] {
  const levels: string[] = [];
  for (let level = text; levels.length < MOST_LEVELS; ) {
    const next = toJson(level);
    if (next === level || next.length > LONGEST_SPELLING) break;
    levels.push(next);
    level = next;
  }
  return levels;
}

function toJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** With an escape for whatever is no letter or digit. */
function toJsonOfLetters(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, (unit) => `\\u${toHex(unit.charCodeAt(0), 4)}`);
}

/** With an escape for whatever is no letter or digit. */
function toUrl(character: string): string {
  return PLAIN.test(character)
    ? character
    : bytesOf(character)
        .map((byte) => `%${byte.toUpperCase()}`)
        .join('');
}

function bytesOf(character: string): readonly string[] {
  return Array.from(Buffer.from(character.toWellFormed(), 'utf8'), (byte) => toHex(byte, 2));
}

function isSign(character: string): boolean {
  return /^[!-/:-@[-`{-~ ]$/.test(character);
}

/** What a writer puts in the place of a letter that it does not know, for each of them, of their units or of their bytes. */
function replaceUnknown(character: string): readonly string[] {
  if (character <= '\x7f') return [];
  return UNKNOWN.flatMap((sign) => [
    sign,
    sign.repeat(character.length),
    sign.repeat(Buffer.byteLength(character.toWellFormed())),
  ]);
}

function toHex(code = 0, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
