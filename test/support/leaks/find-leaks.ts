import { expect } from 'vitest';
import { unpackPages } from '../html-pages.ts';

/** So many neighbouring characters of a secret are a leak. */
const WINDOW = 8;
/** Characters between two pieces that are looked for. */
const STEP = 3;

type Decode = (text: string) => string;

/** Each undoes one way of writing, wherever it stands; what is not written that way stays. */
const DECODERS: readonly Decode[] = [
  (text) => text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(.))/gs, undoEscape),
  (text) =>
    text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replaceAll('+', ' '),
  (text) =>
    text
      .replaceAll(/&#x([0-9a-fA-F]+);/g, (_, digits) => toCharacter(Number.parseInt(digits, 16)))
      .replaceAll(/&#(\d+);/g, (_, digits) => toCharacter(Number(digits)))
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  (text) => text.replaceAll("'\\''", "'").replaceAll("''", "'"),
  (text) => Buffer.from(text, 'latin1').toString('utf8'),
  (text) => text.replaceAll(/\r?\n */g, '\n'),
  decodeBase64,
  (text) => text.replaceAll(/\\*"\s*,\s*\\*"/g, ''),
  (text) =>
    text.replaceAll(/(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){8,}(?![0-9a-fA-F])/g, (digits) =>
      Buffer.from(digits, 'hex').toString(),
    ),
];

/** Expects that no output, by its name, shows the secret or a piece of it. */
export function expectNoLeak(outputs: Readonly<Record<string, string>>, secret: string): void {
  const leaks = Object.entries(outputs).flatMap(([name, text]) => {
    const leak = findLeak(text, secret);
    return leak === undefined ? [] : [`${name}: ${leak}`];
  });
  expect(leaks).toEqual([]);
}

/** Where a text shows the secret or a piece of it, whichever way it is written; undefined when it does not. */
export function findLeak(text: string, secret: string): string | undefined {
  // one look for all pieces: a key has a hundred of them
  const pieces = new RegExp(listPieces(secret.replaceAll('\r\n', '\n')).map(escapePattern).join('|'));
  const seen = new Set<string>();
  for (const first of decode(unpackPages(text))) {
    for (const second of decode(first)) {
      if (seen.has(second)) continue;
      seen.add(second);
      const plain = second.replaceAll('\r\n', '\n');
      const at = plain.search(pieces);
      if (at !== -1) return plain.slice(Math.max(0, at - 100), at + 100);
    }
  }
  return undefined;
}

/** A text and what it may mean, each once: most ways of writing stand in few texts. */
function decode(text: string): ReadonlySet<string> {
  return new Set([text, ...DECODERS.map((one) => one(text))]);
}

function listPieces(secret: string): readonly string[] {
  const characters = Array.from(secret);
  if (characters.length <= WINDOW) return [secret];
  const pieces: string[] = [];
  for (let at = 0; at + WINDOW <= characters.length; at += STEP)
    pieces.push(characters.slice(at, at + WINDOW).join(''));
  // What is the same in every key says nothing.
  return pieces.filter((piece) => !'-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----'.includes(piece));
}

function undoEscape(_: string, unit?: string, code?: string, byte?: string, sign?: string): string {
  const digits = unit ?? code ?? byte;
  if (digits !== undefined) return toCharacter(Number.parseInt(digits, 16));
  return { n: '\n', r: '\r', t: '\t' }[sign ?? ''] ?? sign ?? '';
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function decodeBase64(text: string): string {
  return text.replaceAll(/[\w+/-]{12,}/g, (digits) =>
    [0, 1, 2, 3].map((shift) => Buffer.from(digits.slice(shift), 'base64').toString()).join('\n'),
  );
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
