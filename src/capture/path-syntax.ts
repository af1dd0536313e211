import { ExprError } from '../expr/index.ts';

/** A part of a JSONPath; `offset` and `length` are its place in the path. */
export type Segment = SegmentPlace & SegmentKind;

type SegmentKind =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step: number }
  /** All that stands below, and the value itself: the next part is looked for in each. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'union'; readonly parts: readonly (string | number)[] }
  | { readonly kind: 'filter'; readonly text: string; readonly textOffset: number };

interface SegmentPlace {
  readonly offset: number;
  readonly length: number;
}

const NAME = /[\p{L}\p{M}\p{N}_$-]+/uy;
const SLICE = /^(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;
const INDEX = /^-?\d+$/;
const QUOTED = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const MAX_LENGTH = 10_000;
/** Each `..` may look at everything below everything that the one before it found. */
const MAX_DESCENTS = 5;
const MAX_PARTS = 200;

/** Takes a JSONPath apart. @throws ExprError of kind `syntax` at the place that does not parse */
export function parsePath(source: string): readonly Segment[] {
  if (source.length > MAX_LENGTH) throw syntaxError(`the path has more than ${MAX_LENGTH} characters`, 0, 1);
  const end = source.trimEnd().length;
  let at = source.length - source.trimStart().length;
  if (source[at] !== '$') throw syntaxError('a path begins with `$`', at, 1, `write \`$.${source.trim()}\``);
  at++;
  const segments: Segment[] = [];
  while (at < end) {
    const read = source[at] === '[' ? readBracket : source[at] === '.' ? readDot : refuseStart;
    const parts = read(source.slice(0, end), at);
    segments.push(...parts.segments);
    checkSize(segments);
    at = parts.next;
  }
  return segments;
}

function checkSize(segments: readonly Segment[]): void {
  const last = segments.at(-1);
  if (!last) return;
  const { offset, length } = last;
  if (segments.length > MAX_PARTS) throw syntaxError(`the path has more than ${MAX_PARTS} parts`, offset, length);
  const descents = segments.filter(({ kind }) => kind === 'descend').length;
  if (descents > MAX_DESCENTS) throw syntaxError(`the path has more than ${MAX_DESCENTS} times \`..\``, offset, length);
}

interface Reading {
  readonly segments: readonly Segment[];
  readonly next: number;
}

function refuseStart(source: string, at: number): never {
  const rest = source.slice(at);
  const hint =
    at === 1 && /^\w/.test(rest) ? `write \`$.${rest}\`` : '`.name`, `[0]`, `["name"]`, `[*]` or `[?…]` may follow';
  throw syntaxError(`\`${rest.slice(0, 20)}\` does not continue a path`, at, rest.length, hint);
}

function readDot(source: string, at: number): Reading {
  const isDescend = source[at + 1] === '.';
  const start = at + (isDescend ? 2 : 1);
  const descend: Segment[] = isDescend ? [{ kind: 'descend', offset: at, length: 2 }] : [];
  if (source[start] === '*') {
    return { segments: [...descend, { kind: 'wildcard', offset: start, length: 1 }], next: start + 1 };
  }
  if (source[start] === '[' && isDescend) {
    const bracket = readBracket(source, start);
    return { segments: [...descend, ...bracket.segments], next: bracket.next };
  }
  if (source[start] === '[') throw syntaxError('`.[` is not a path', at, 2, 'leave the dot out: `$.items[0]`');
  NAME.lastIndex = start;
  const key = NAME.exec(source)?.[0];
  if (key === undefined)
    throw syntaxError('a name is missing after the dot', at, start - at, describeOddName(source, start));
  const next = start + key.length;
  if (source[next] === '(') {
    const hint =
      key === 'length'
        ? 'write `.length`, or the expression `len(…)`'
        : 'use an expression instead of a path to call a function';
    throw syntaxError(`a path cannot call \`${key}()\``, start, key.length + 1, hint);
  }
  return { segments: [...descend, { kind: 'key', key, offset: start, length: key.length }], next };
}

function describeOddName(source: string, at: number): string | undefined {
  return at < source.length
    ? `a key with other characters than letters, digits, \`_\` and \`-\` is written \`["…"]\``
    : undefined;
}

function readBracket(source: string, at: number): Reading {
  const close = findClose(source, at);
  const inner = source.slice(at + 1, close);
  const place = { offset: at, length: close + 1 - at };
  return { segments: [{ ...readSelector(inner, at + 1), ...place }], next: close + 1 };
}

function readSelector(inner: string, offset: number): SegmentKind {
  const text = inner.trim();
  if (text === '')
    throw syntaxError('the brackets are empty', offset - 1, inner.length + 2, 'write `[0]`, `["name"]` or `[*]`');
  if (text === '*') return { kind: 'wildcard' };
  if (text.startsWith('?')) {
    const textOffset = offset + inner.indexOf('?') + 1;
    const condition = inner.slice(textOffset - offset);
    if (condition.trim() === '')
      throw syntaxError('the filter has no condition', textOffset - 1, 1, 'write `[?@.price > 10]`');
    return { kind: 'filter', text: condition, textOffset };
  }
  const slice = SLICE.exec(text);
  if (slice) return readSlice(slice, offset, inner.length);
  const parts = readParts(inner, offset);
  const [first] = parts;
  if (parts.length > 1 || first === undefined) return { kind: 'union', parts };
  return typeof first === 'number' ? { kind: 'index', index: first } : { kind: 'key', key: first };
}

function readSlice(match: RegExpExecArray, offset: number, length: number): SegmentKind {
  const [, start, end, step = '1'] = match;
  if (Number(step) <= 0)
    throw syntaxError(
      'the step of a slice is 1 or more',
      offset,
      length,
      'use the expression `reverse(…)` for the other order',
    );
  return {
    kind: 'slice',
    step: Number(step),
    ...(start === undefined ? {} : { start: Number(start) }),
    ...(end === undefined ? {} : { end: Number(end) }),
  };
}

/** `"a", 'b'` or `0, 2`. */
function readParts(inner: string, offset: number): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let at = 0;
  while (at < inner.length) {
    QUOTED.lastIndex = at;
    const quoted = QUOTED.exec(inner);
    const end = quoted ? QUOTED.lastIndex : nextComma(inner, at);
    const raw = inner.slice(at, end).replace(/,$/, '').trim();
    if (quoted?.[1] !== undefined) parts.push(unquote(quoted[1]));
    else if (INDEX.test(raw)) parts.push(Number(raw));
    else throw refuseSelector(raw, offset + at, end - at);
    at = end;
  }
  if (inner.trimEnd().endsWith(',')) throw syntaxError('something is missing after the comma', offset, inner.length);
  return parts;
}

function refuseSelector(raw: string, offset: number, length: number): ExprError {
  const isName = /^[\w-]+$/.test(raw);
  const hint = isName
    ? `quote it: \`["${raw}"]\``
    : raw.startsWith('(')
      ? 'a filter begins with `?`: `[?@.price > 10]`'
      : 'write `[0]`, `["name"]`, `[*]`, `[1:3]` or `[?…]`';
  return syntaxError(`\`${raw.slice(0, 40)}\` cannot stand in brackets`, offset, length, hint);
}

function nextComma(inner: string, at: number): number {
  const comma = inner.indexOf(',', at);
  return comma === -1 ? inner.length : comma + 1;
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(u[\da-fA-F]{4}|.)/gs, (_match, sequence: string) => {
    if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
    return ESCAPES[sequence] ?? sequence;
  });
}

/** The bracket that closes the one at `open`; those in quotes and pairs inside do not count. */
function findClose(source: string, open: number): number {
  const expected: string[] = [];
  let quote: string | undefined;
  for (let at = open; at < source.length; at++) {
    const char = source[at] ?? '';
    if (quote !== undefined) {
      if (char === '\\' && quote !== '`') at++;
      else if (char === quote) quote = undefined;
      continue;
    }
    if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '[') expected.push(']');
    else if (char === '(') expected.push(')');
    else if (char === '{') expected.push('}');
    else if (char === expected.at(-1)) {
      expected.pop();
      if (expected.length === 0) return at;
    } else if (')]}'.includes(char)) throw syntaxError(`\`${char}\` closes nothing`, at, 1);
  }
  throw syntaxError('the bracket that opens here is not closed', open, 1, 'close it with `]`');
}

function syntaxError(message: string, offset: number, length: number, hint?: string): ExprError {
  return new ExprError('syntax', message, { offset, length, hint });
}
