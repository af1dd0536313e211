import { isAscii } from '../values/access.ts';
import { createRunError } from '../values/error.ts';
import { type Budget, LIMITS } from '../values/limits.ts';
import type { Value } from '../values/value.ts';
import { type BuiltinTable, define, takeCount, takeText, takeWhole } from './builtin.ts';

/** Functions over text. */
export const textBuiltins: BuiltinTable = {
  upper: define(1, 1, (args, frame) => changeCase(takeText('upper', args), 'toUpperCase', frame)),
  lower: define(1, 1, (args, frame) => changeCase(takeText('lower', args), 'toLowerCase', frame)),
  trim: define(1, 2, (args) => {
    const text = takeText('trim', args);
    return args.length === 1 ? trimBlanks(text) : trimCharacters(text, takeText('trim', args, 1));
  }),
  trimPrefix: define(1, 2, (args) => {
    const text = takeText('trimPrefix', args);
    const prefix = args.length === 1 ? ' ' : takeText('trimPrefix', args, 1);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  trimSuffix: define(1, 2, (args) => {
    const text = takeText('trimSuffix', args);
    const suffix = args.length === 1 ? ' ' : takeText('trimSuffix', args, 1);
    return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  }),
  split: define(2, 3, (args, frame) => split('split', args, frame)),
  splitAfter: define(2, 3, (args, frame) => split('splitAfter', args, frame)),
  replace: define(3, 4, (args, frame) => replace(args, frame)),
  repeat: define(2, 2, (args, frame) => {
    const text = takeText('repeat', args);
    const count = takeCount('repeat', args, 1);
    if (count > LIMITS.textLength || count * text.length > LIMITS.textLength) {
      throw createRunError(`\`repeat\` makes at most ${LIMITS.textLength} characters`, 'write a smaller number');
    }
    frame.makeText(count * text.length);
    return text.repeat(count);
  }),
  indexOf: define(2, 2, (args) => {
    const text = takeText('indexOf', args);
    return toByteOffset(text, text.indexOf(takeText('indexOf', args, 1)));
  }),
  lastIndexOf: define(2, 2, (args) => {
    const text = takeText('lastIndexOf', args);
    return toByteOffset(text, findLast(text, takeText('lastIndexOf', args, 1)));
  }),
  hasPrefix: define(2, 2, (args) => takeText('hasPrefix', args).startsWith(takeText('hasPrefix', args, 1))),
  hasSuffix: define(2, 2, (args) => takeText('hasSuffix', args).endsWith(takeText('hasSuffix', args, 1))),
};

/** Counts characters, which are code points. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) {
      count--;
      i++;
    }
  }
  return count;
}

function changeCase(text: string, change: 'toUpperCase' | 'toLowerCase', budget: Budget): string {
  budget.makeText(text.length);
  if (isAscii(text)) return text[change]();
  // Each character changes by itself: one that would become several stays as it is, but for the Turkish capital i with a dot.
  return Array.from(text, (character) => {
    const changed = character[change]();
    if (countCharacters(changed) === 1) return changed;
    return change === 'toLowerCase' ? changed.charAt(0) : character;
  }).join('');
}

const blank = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const isBlankCharacter = new RegExp(`^${blank}$`);

function trimBlanks(text: string): string {
  return trimWhere(text, (character) => isBlankCharacter.test(character));
}

function trimCharacters(text: string, characters: string): string {
  const set = new Set(characters);
  return trimWhere(text, (character) => set.has(character));
}

function trimWhere(text: string, isTrimmed: (character: string) => boolean): string {
  let start = 0;
  while (start < text.length && isTrimmed(String.fromCodePoint(text.codePointAt(start) ?? 0))) {
    start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
  }
  let end = text.length;
  while (end > start) {
    const size = end - start > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1;
    if (!isTrimmed(text.slice(end - size, end))) break;
    end -= size;
  }
  return text.slice(start, end);
}

function split(name: 'split' | 'splitAfter', args: readonly Value[], budget: Budget): Value {
  const text = takeText(name, args);
  const separator = takeText(name, args, 1);
  const limit = args.length > 2 ? takeWhole(name, args, 2) : -1;
  if (limit === 0) return [];
  const pieces = separator === '' ? Array.from(text) : text.split(separator);
  budget.makeItems(pieces.length);
  budget.makeText(text.length);
  const kept = limit < 0 ? pieces.length : Math.min(limit, pieces.length);
  const isAfter = name === 'splitAfter';
  const parts = pieces
    .slice(0, kept)
    .map((piece, index) => (isAfter && index < pieces.length - 1 ? piece + separator : piece));
  if (kept < pieces.length) parts[kept - 1] = pieces.slice(kept - 1).join(separator);
  return parts;
}

function replace(args: readonly Value[], budget: Budget): string {
  const text = takeText('replace', args);
  const wanted = takeText('replace', args, 1);
  const replacement = takeText('replace', args, 2);
  const limit = args.length > 3 ? takeWhole('replace', args, 3) : -1;
  if (limit === 0 || wanted === replacement) return text;
  const pieces = wanted === '' ? ['', ...Array.from(text), ''] : text.split(wanted);
  budget.spend(pieces.length);
  const count = limit < 0 ? pieces.length - 1 : Math.min(limit, pieces.length - 1);
  budget.makeText(text.length + count * replacement.length);
  const head = pieces.slice(0, count + 1).join(replacement);
  const rest = pieces.slice(count + 1);
  return rest.length === 0 ? head : [head, ...rest].join(wanted);
}

/** The last place of a part in a text; a long part is looked for in time that grows with the lengths alone. */
function findLast(text: string, part: string): number {
  if (part.length <= 64) return text.lastIndexOf(part);
  const size = part.length;
  const shifts = new Int32Array(size);
  for (let at = 1, fit = 0; at < size; at++) {
    while (fit > 0 && part[size - 1 - at] !== part[size - 1 - fit]) fit = shifts[fit - 1] ?? 0;
    if (part[size - 1 - at] === part[size - 1 - fit]) fit++;
    shifts[at] = fit;
  }
  for (let at = text.length - 1, fit = 0; at >= 0; at--) {
    while (fit > 0 && text[at] !== part[size - 1 - fit]) fit = shifts[fit - 1] ?? 0;
    if (text[at] === part[size - 1 - fit]) fit++;
    if (fit === size) return at;
  }
  return -1;
}

function toByteOffset(text: string, index: number): number {
  return index <= 0 ? index : Buffer.byteLength(text.slice(0, index));
}
