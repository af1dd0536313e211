import type { ExprError } from '../expr/index.ts';
import { createSyntaxError, type PathReader } from './path-reader.ts';
import type { Condition, Segment, Selector } from './query.ts';

/** Reads the condition of a filter, from behind its `?`. */
export type ReadCondition = (reader: PathReader) => Condition;

/** What `.` may be followed by: in a path of its own also names with `-` and `$`, and positions; in a condition what RFC 9535 takes. */
const LOOSE_NAME = /[\w$\-\u{80}-\u{d7ff}\u{e000}-\u{10ffff}]+/uy;
const STRICT_NAME = /[A-Za-z_\u{80}-\u{d7ff}\u{e000}-\u{10ffff}][\w\u{80}-\u{d7ff}\u{e000}-\u{10ffff}]*/uy;
const INTEGER = /-?\d+/y;
/** Everything up to where the next selector may begin, to be shown in an error. */
const REST = /[^,\]]*/y;
const MAX_SEGMENTS = 200;
const FIXED = 'a path is fixed: write an expression, for example `body.items[n]`, or a filter `[?@.id == name]`';

/** Reads the segments of a query as far as there are any. */
export function readSegments(reader: PathReader, isLoose: boolean, readCondition: ReadCondition): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    const before = reader.at;
    reader.skipBlanks();
    if (reader.char !== '[' && reader.char !== '.') {
      reader.at = before;
      return segments;
    }
    if (segments.length >= MAX_SEGMENTS)
      throw createSyntaxError(`the path has more than ${MAX_SEGMENTS} parts`, reader.at, 1);
    segments.push(reader.nest(() => readSegment(reader, isLoose, readCondition)));
  }
}

function readSegment(reader: PathReader, isLoose: boolean, readCondition: ReadCondition): Segment {
  const offset = reader.at;
  const isDescendant = reader.takeText('..');
  if (!isDescendant && reader.char === '[') return finish(reader, offset, readBracket(reader, readCondition));
  if (!isDescendant) reader.at++;
  if (reader.takeText('*')) return { ...finish(reader, offset, [{ kind: 'wildcard' }]), isDescendant };
  if (reader.char === '[') {
    if (!isDescendant) throw createSyntaxError('`.[` is not a path', offset, 2, 'leave the dot out: `$.items[0]`');
    return { ...finish(reader, offset, readBracket(reader, readCondition)), isDescendant };
  }
  const start = isDescendant || !isLoose ? offset : reader.at;
  const key = reader.take(isLoose ? LOOSE_NAME : STRICT_NAME);
  if (key === undefined)
    throw createSyntaxError('a name is missing after the dot', offset, reader.at - offset, hintAtName(reader));
  if (isLoose && reader.char === '(') throw refuseCall(key, reader.at - key.length);
  return { ...finish(reader, start, [{ kind: 'name', key, isLoose: isLoose && !isDescendant }]), isDescendant };
}

function finish(reader: PathReader, offset: number, selectors: readonly Selector[]): Segment {
  return { isDescendant: false, selectors, offset, length: reader.at - offset };
}

function refuseCall(key: string, offset: number): ExprError {
  const hint =
    key === 'length'
      ? 'write `.length`, or the expression `len(…)`'
      : 'use an expression instead of a path to call a function';
  return createSyntaxError(`a path cannot call \`${key}()\``, offset, key.length + 1, hint);
}

function hintAtName({ source, at, char }: PathReader): string | undefined {
  if (at >= source.length) return undefined;
  if (source.startsWith('{{', at)) return FIXED;
  if (/[ \t\n\r]/.test(char)) return 'leave out the space: a name follows its dot directly';
  return `a key with characters other than letters, digits, \`_\` and \`-\` is written \`["…"]\``;
}

/** Reads `[…]`, with one selector or several. */
function readBracket(reader: PathReader, readCondition: ReadCondition): Selector[] {
  const open = reader.at;
  const selectors: Selector[] = [];
  reader.at++;
  for (;;) {
    reader.skipBlanks();
    if (reader.char === ']') throw refuseEmpty(reader, open, selectors.length);
    if (reader.char === '') throw refuseOpen(open);
    selectors.push(readSelector(reader, readCondition));
    reader.skipBlanks();
    if (reader.takeText(']')) return selectors;
    if (reader.source.indexOf(']', reader.at) === -1) throw refuseOpen(open);
    if (!reader.takeText(',')) throw refuseNext(reader);
  }
}

function refuseOpen(open: number): ExprError {
  return createSyntaxError('the bracket that opens here is not closed', open, 1, 'close it with `]`');
}

function refuseEmpty(reader: PathReader, open: number, count: number): ExprError {
  if (count === 0)
    return createSyntaxError('the brackets are empty', open, reader.at + 1 - open, 'write `[0]`, `["name"]` or `[*]`');
  return createSyntaxError('something is missing after the comma', reader.at, 1, 'take the comma away');
}

function refuseNext(reader: PathReader): ExprError {
  const rest = reader.source.slice(reader.at).match(/^[^,\]]*/)?.[0] ?? '';
  return createSyntaxError(
    `expected \`,\` or \`]\`, got \`${rest.trim().slice(0, 20)}\``,
    reader.at,
    Math.max(1, rest.length),
    'several selectors are separated by commas: `[0, 2]`',
  );
}

function readSelector(reader: PathReader, readCondition: ReadCondition): Selector {
  const { char } = reader;
  if (char === '"' || char === "'") return { kind: 'name', key: readKey(reader), isLoose: false };
  if (reader.takeText('*')) return { kind: 'wildcard' };
  if (char === '?') {
    reader.at++;
    return { kind: 'filter', condition: readCondition(reader) };
  }
  if (char === ':' || /[-\d]/.test(char)) return readIndexOrSlice(reader);
  throw refuseSelector(reader);
}

function readKey(reader: PathReader): string {
  const start = reader.at;
  const key = reader.readQuoted();
  if (/\{\{.*\}\}/.test(key)) {
    throw createSyntaxError('a placeholder in a key of a path is not filled in', start, reader.at - start, FIXED);
  }
  return key;
}

function readIndexOrSlice(reader: PathReader): Selector {
  const start = readInteger(reader);
  const afterStart = reader.at;
  reader.skipBlanks();
  if (!reader.takeText(':')) {
    reader.at = afterStart;
    if (start === undefined) throw refuseSelector(reader);
    return { kind: 'index', index: start };
  }
  reader.skipBlanks();
  const end = readInteger(reader);
  const afterEnd = reader.at;
  reader.skipBlanks();
  if (!reader.takeText(':')) {
    reader.at = afterEnd;
    return { kind: 'slice', start, end, step: 1 };
  }
  reader.skipBlanks();
  return { kind: 'slice', start, end, step: readInteger(reader) ?? 1 };
}

/** Reads a whole number as RFC 9535 writes it; undefined when there is none. */
function readInteger(reader: PathReader): number | undefined {
  const start = reader.at;
  const text = reader.take(INTEGER);
  if (text === undefined) {
    if (reader.char === '-') throw refuseSelector(reader);
    return undefined;
  }
  const value = Number(text);
  const isOdd = /^-?0\d|^-0$/.test(text) || /^(?:\.\d|[eE])/.test(reader.source.slice(reader.at, reader.at + 2));
  if (isOdd) {
    reader.at = start;
    throw refuseSelector(reader);
  }
  if (!Number.isSafeInteger(value))
    throw createSyntaxError('the number is beyond ±9007199254740991', start, text.length, 'no array is as long');
  return value;
}

function refuseSelector(reader: PathReader): ExprError {
  const start = reader.at;
  const raw = reader.take(REST) ?? '';
  const text = raw.trim();
  if (text === '') return createSyntaxError('something is missing before the comma', start, 1, 'take the comma away');
  const message = `\`${text.slice(0, 40)}\` is not allowed in brackets`;
  return createSyntaxError(message, start, Math.max(1, raw.length), hintAtSelector(text));
}

function hintAtSelector(text: string): string {
  const fromEnd = /^\(\s*@\.(?:length|size)\s*-\s*(\d+)\s*\)?$/.exec(text)?.[1];
  if (fromEnd !== undefined) return `a position is counted from the end with a minus: \`[-${fromEnd}]\``;
  if (text.startsWith('{{')) return FIXED;
  if (/^last\b/i.test(text)) return 'a position is counted from the end with a minus: `[-1]`';
  if (text.startsWith('(') || /^[@$]/.test(text)) return 'a filter begins with `?`: `[?@.price > 10]`';
  const whole = /^([-+]?)\s*0*(\d+)(?:\.0*)?$/.exec(text);
  if (whole?.[2] !== undefined) return `write \`[${whole[1] === '-' && whole[2] !== '0' ? '-' : ''}${whole[2]}]\``;
  if (/^[\w-]+$/.test(text)) return `quote it: \`["${text}"]\``;
  return 'write `[0]`, `["name"]`, `[*]`, `[1:3]` or `[?…]`';
}
