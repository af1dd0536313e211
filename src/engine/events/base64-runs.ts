import { unescapeLetters } from './escaped-letters.ts';
import { type Found, widen } from './needle.ts';
import type { NeedleIndex } from './needle-index.ts';

/** Shorter base64 holds less than eight bytes: no part of a secret that would be masked by itself, and no escaped form with what it stands in. */
const SHORTEST_RUN = 11;
/** So much of what stands around a run says that it was cut. */
const AROUND = 12;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
const VALUES = new Uint8Array(128);
for (const [at, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = at < 64 ? at : at - 2;
const CAPITAL = 1;
const SMALL = 2;
const OTHER = 4;
/** What the escapes of URLs and JSON for digits begin with. */
const ESCAPE = 8;
/** What a unit may be in a run; 0 for one that is in none. */
const KINDS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const at = `${DIGITS}%\\`.indexOf(String.fromCharCode(unit));
  return at === -1 ? 0 : at < 26 ? CAPITAL : at < 52 ? SMALL : at < DIGITS.length ? OTHER : ESCAPE;
});
const RUN = /(?:[\w+/-]+|%2[BF]|\\\/)+/gi;

/**
 * The base64 in a text of which something is found in what it encodes: needles know the base64 of a secret, but not that of each text
 * that a writer may have put it into with escapes. It is decoded once, from wherever it may begin: a path may stand before it.
 */
export function findInBase64(text: string, needles: NeedleIndex): readonly Found[] {
  if (text.length < SHORTEST_RUN) return [];
  const found: Found[] = [];
  for (const run of listRuns(text)) if (holdsNeedle(text, run, needles)) found.push(widen(text, run));
  return found;
}

/** Stretches of base64 digits that are long enough, and with small and capital letters: most words and numbers lack one or the other. */
function* listRuns(text: string): Generator<Found> {
  // Where one unit is in no run, none that is long enough holds those just before it.
  for (let at = SHORTEST_RUN - 1; at < text.length; at += SHORTEST_RUN) {
    let kinds = kindAt(text, at);
    if (kinds === 0) continue;
    let start = at;
    for (let kind = kindAt(text, start - 1); kind > 0; kind = kindAt(text, --start - 1)) kinds |= kind;
    for (let kind = kindAt(text, at + 1); kind > 0; kind = kindAt(text, ++at + 1)) kinds |= kind;
    if ((kinds & SMALL) === 0 || (kinds & CAPITAL) === 0) continue;
    if ((kinds & ESCAPE) === 0) yield* longEnough(start, at + 1);
    else
      for (const { 0: run, index } of text.slice(start, at + 1).matchAll(RUN))
        yield* longEnough(start + index, start + index + run.length);
  }
}

function longEnough(start: number, end: number): readonly Found[] {
  return end - start < SHORTEST_RUN ? [] : [{ start, end }];
}

function kindAt(text: string, at: number): number {
  return KINDS[text.charCodeAt(at)] ?? 0;
}

function holdsNeedle(text: string, { start, end }: Found, needles: NeedleIndex): boolean {
  const written = text.slice(start, end);
  const digits = /[%\\]/.test(written) ? written.replaceAll(/%2B/gi, '+').replaceAll(/%2F|\\\//gi, '/') : written;
  const before = text.slice(Math.max(0, start - AROUND), start);
  const after = text.slice(end, end + AROUND);
  for (const first of listFirstDigits(digits, needles)) {
    // Needles know UTF-8 that was read so, and no byte is lost.
    const decoded = Buffer.from(digits.slice(first), 'base64').toString('latin1');
    const behind = before.length + decoded.length;
    if (findEscaped(before + decoded + after, needles).some((one) => one.start < behind && one.end > before.length))
      return true;
  }
  return false;
}

function findEscaped(text: string, needles: NeedleIndex): readonly Found[] {
  const unescaped = unescapeLetters(text);
  const escaped = unescaped ? needles.findAll(unescaped.text).map(unescaped.place) : [];
  return [...needles.findAll(text), ...escaped];
}

/**
 * From which of its digits on, 0 to 3, base64 may encode what a needle begins with. All four bytes in a row that it holds are tried, at
 * each second bit, without a text being made: nearly all runs are words of two cases, of which nothing is decoded.
 */
function listFirstDigits(digits: string, needles: NeedleIndex): ReadonlySet<number> {
  const firsts = new Set<number>();
  let [high, low] = [0, 0];
  for (let at = 0; at < digits.length; at++) {
    high = ((high << 6) | (low >> 12)) & 0x3ffff;
    low = ((low << 6) | (VALUES[digits.charCodeAt(at)] ?? 0)) & 0x3ffff;
    if (at < 5) continue;
    // The digit that the 36 bits begin with; behind two and four of its bits another digit may be the first.
    if (needles.mayBegin(high >> 10, high >> 2, ((high & 3) << 6) | (low >> 12), low >> 4)) firsts.add((at - 5) % 4);
    if (needles.mayBegin(high >> 8, high, low >> 10, low >> 2)) firsts.add((at - 5 + 3) % 4);
    if (needles.mayBegin(high >> 6, (high << 2) | (low >> 16), low >> 8, low)) firsts.add((at - 5 + 2) % 4);
  }
  return firsts;
}
