import { isNumber, toDouble, type Value } from '../../expr/index.ts';
import { toData } from '../../source/yaml/node.ts';
import { childOf, type Part, textOf } from '../document/documents.ts';
import type { Draws } from './draws.ts';
import { type Piece, readPattern } from './pattern-syntax.ts';

const FORMATS: Readonly<Record<string, (draws: Draws) => string>> = {
  uuid: (draws) =>
    `${draws.hex(8)}-${draws.hex(4)}-4${draws.hex(3)}-${'89ab'[draws.below(4)]}${draws.hex(3)}-${draws.hex(12)}`,
  'date-time': (draws) => `${makeDate(draws)}T${makeTime(draws)}Z`,
  date: makeDate,
  time: (draws) => `${makeTime(draws)}Z`,
  duration: (draws) => `PT${1 + draws.below(59)}M`,
  email: (draws) => `user-${draws.letters(4)}@example.com`,
  'idn-email': (draws) => `user-${draws.letters(4)}@example.com`,
  hostname: (draws) => `${draws.letters(4)}.example.com`,
  'idn-hostname': (draws) => `${draws.letters(4)}.example.com`,
  ipv4: (draws) => `192.0.2.${1 + draws.below(254)}`,
  ipv6: (draws) => `2001:db8::${draws.hex(3)}`,
  uri: makeAddress,
  url: makeAddress,
  iri: makeAddress,
  'uri-reference': (draws) => `/${draws.letters(4)}`,
  'iri-reference': (draws) => `/${draws.letters(4)}`,
  'uri-template': () => 'https://example.com/{id}',
  'json-pointer': (draws) => `/${draws.letters(4)}`,
  'relative-json-pointer': () => '0',
  regex: () => '^.*$',
  byte: (draws) => Buffer.from(draws.letters(6)).toString('base64'),
};
/** How often a part of a pattern may come more than it has to, from one try to the next. */
const LOOSENESS = [0, 1, 3, 10, 40];
const MOST_CHARACTERS = 10_000;

/** Makes a text for schemas that all have to hold for it; it may still not be right. */
export function makeText(parts: readonly Part[], { name, draws }: { name: string; draws: Draws }): string {
  const lengths = {
    min: limit(parts, 'minLength', Math.max, 0),
    max: limit(parts, 'maxLength', Math.min, MOST_CHARACTERS),
  };
  const pattern = parts.map((part) => textOf(part, 'pattern')).find((source) => source !== undefined);
  const piece = pattern === undefined ? undefined : readPattern(pattern);
  if (piece) return makeByPattern(piece, lengths, draws);
  const format = parts.map((part) => textOf(part, 'format')).find((one) => one !== undefined && FORMATS[one]);
  if (format !== undefined) return FORMATS[format]?.(draws) ?? '';
  const usual = `${name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 30) || 'text'}-${draws.letters(4)}`;
  if (usual.length > lengths.max) return draws.letters(Math.max(lengths.min, Math.min(lengths.max, 8)));
  return usual + draws.letters(Math.max(0, Math.min(lengths.min, MOST_CHARACTERS) - usual.length));
}

function limit(parts: readonly Part[], key: string, choose: (a: number, b: number) => number, other: number): number {
  return parts.reduce((found, part) => {
    const node = childOf(part, key)?.node;
    const value: Value = node ? toData(node) : null;
    return isNumber(value) ? choose(found, toDouble(value)) : found;
  }, other);
}

function makeByPattern(piece: Piece, { min, max }: { min: number; max: number }, draws: Draws): string {
  let text = '';
  for (const looseness of LOOSENESS) {
    text = makePiece(piece, looseness, draws);
    if (text.length >= min && text.length <= max) return text;
  }
  return text;
}

function makePiece(piece: Piece, looseness: number, draws: Draws): string {
  switch (piece.kind) {
    case 'chars':
      return draws.pick(piece.chars) ?? '';
    case 'sequence':
      return piece.pieces.map((one) => makePiece(one, looseness, draws)).join('');
    case 'choice': {
      const chosen = draws.pick(piece.pieces);
      return chosen ? makePiece(chosen, looseness, draws) : '';
    }
    case 'repeat': {
      const least = piece.min === 0 && piece.max > 1 && looseness > 0 ? 1 : piece.min;
      const count = Math.min(piece.max, least + draws.below(looseness + 1));
      let text = '';
      for (let at = 0; at < count && text.length < MOST_CHARACTERS; at++)
        text += makePiece(piece.piece, looseness, draws);
      return text;
    }
  }
}

function makeDate(draws: Draws): string {
  return `2026-${twoDigits(1 + draws.below(12))}-${twoDigits(1 + draws.below(28))}`;
}

function makeTime(draws: Draws): string {
  return [draws.below(24), draws.below(60), draws.below(60)].map(twoDigits).join(':');
}

function makeAddress(draws: Draws): string {
  return `https://example.com/${draws.letters(4)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
