import { type DecodedText, Decoder } from './decoder.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Decodes a plain scalar, folding its lines. */
export function decodePlain(source: string, offset: number): DecodedText {
  const out = new Decoder(offset);
  unfold(source, offset, out, (from, to) => out.copy(source, from, to, offset));
  return out;
}

/** Decodes a single-quoted scalar, quotes included in `source`. */
export function decodeSingle(source: string, offset: number): DecodedText {
  const out = new Decoder(offset + 1);
  const inner = source.slice(1, -1);
  unfold(inner, offset + 1, out, (from, to) => {
    for (let at = from; at < to; at++) {
      const width = inner[at] === "'" && inner[at + 1] === "'" ? 2 : 1;
      out.put(inner[at] ?? '', offset + 1 + at, offset + 1 + at + width);
      at += width - 1;
    }
  });
  return out;
}

/** Decodes a double-quoted scalar, quotes included in `source`. */
export function decodeDouble(source: string, offset: number): DecodedText {
  const out = new Decoder(offset + 1);
  let at = 1;
  while (at < source.length - 1) {
    const char = source[at] ?? '';
    if (char === '\\') at = decodeEscape(source, at, offset, out);
    else if (char === '\n' || (char === '\r' && source[at + 1] === '\n')) at = foldBreak(source, at, offset, out);
    else if (char === ' ' || char === '\t') at = copyBlanks(source, at, offset, out);
    else {
      out.put(char, offset + at, offset + at + 1);
      at++;
    }
  }
  return out;
}

function unfold(source: string, offset: number, out: Decoder, copy: (from: number, to: number) => void): void {
  const breaks: { readonly start: number; readonly end: number }[] = [];
  const pattern = /\r?\n/g;
  let from = 0;
  for (let match = pattern.exec(source); ; match = pattern.exec(source)) {
    const isFirst = from === 0;
    const to = match?.index ?? source.length;
    const contentFrom = isFirst ? from : skipBlanks(source, from, to);
    const contentTo = match ? trimBlanks(source, contentFrom, to) : to;
    if (contentTo > contentFrom || isFirst || !match) {
      if (!isFirst) putFold(breaks.splice(0), offset, out);
      copy(contentFrom, contentTo);
    }
    if (!match) return;
    breaks.push({ start: match.index, end: pattern.lastIndex });
    from = pattern.lastIndex;
  }
}

/** One line break is a blank; several are all but the first. */
function putFold(breaks: readonly { readonly start: number; readonly end: number }[], offset: number, out: Decoder) {
  const [first, ...rest] = breaks;
  if (first && rest.length === 0) out.put(' ', offset + first.start, offset + first.end);
  for (const each of rest) out.put('\n', offset + each.start, offset + each.end);
}

function skipBlanks(source: string, from: number, to: number): number {
  let at = from;
  while (at < to && (source[at] === ' ' || source[at] === '\t')) at++;
  return at;
}

function trimBlanks(source: string, from: number, to: number): number {
  let at = to;
  while (at > from && (source[at - 1] === ' ' || source[at - 1] === '\t')) at--;
  return at;
}

function decodeEscape(source: string, at: number, offset: number, out: Decoder): number {
  const next = source[at + 1] ?? '';
  const known = ESCAPES[next];
  const start = offset + at;
  if (known !== undefined) {
    out.put(known, start, start + 2);
    return at + 2;
  }
  const isBreak = next === '\n' || (next === '\r' && source[at + 2] === '\n');
  if (isBreak) return skipBlanks(source, at + (next === '\n' ? 2 : 3), source.length);
  const length = HEX_LENGTHS[next];
  const code = length === undefined ? Number.NaN : Number.parseInt(source.slice(at + 2, at + 2 + length), 16);
  if (length === undefined || !(code <= 0x10ffff)) {
    out.put(source.slice(at, at + 2), start, start + 2);
    return at + 2;
  }
  out.put(String.fromCodePoint(code), start, start + 2 + length);
  return at + 2 + length;
}

function foldBreak(source: string, at: number, offset: number, out: Decoder): number {
  const breaks: { start: number; end: number }[] = [];
  let next = at;
  while (next < source.length) {
    const char = source[next];
    if (char === '\n') breaks.push({ start: next, end: next + 1 });
    else if (char !== ' ' && char !== '\t' && !(char === '\r' && source[next + 1] === '\n')) break;
    next++;
  }
  putFold(breaks, offset, out);
  return next;
}

/** Blanks before a line break are not part of the text. */
function copyBlanks(source: string, at: number, offset: number, out: Decoder): number {
  const end = skipBlanks(source, at, source.length);
  const isBeforeBreak = source[end] === '\n' || (source[end] === '\r' && source[end + 1] === '\n');
  if (!isBeforeBreak) out.copy(source, at, end, offset);
  return end;
}
