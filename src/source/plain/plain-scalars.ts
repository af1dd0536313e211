import type { Value } from '../../expr/index.ts';
import { describeNumberLoss, resolvePlain } from '../scalars/plain-value.ts';
import { createLinearText, createScalarText, decodeToken, type ScalarToken } from '../scalars/scalar-text.ts';
import { isUnfinished } from '../traps/quote.ts';
import type { ScalarNode, ScalarStyle } from '../yaml/node.ts';
import { type PlainCursor, refuse } from './plain-cursor.ts';

/** Up to `: `, ` #` or the end of the line; between brackets up to their signs too. */
const PLAIN = /(?:[^\s?:,[\]{}#&*!|>'"%@`-]|-(?=\S))(?:[^\n:#]|:(?=\S)|(?<=\S)#)*/y;
const PLAIN_IN_FLOW = /(?:[^\s?:,[\]{}#&*!|>'"%@`-]|-(?=[^\s,[\]{}]))(?:[^\n:#,[\]{}]|:(?=[^\s,[\]{}])|(?<=\S)#)*/y;
const DOUBLE = /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SINGLE = /'(?:[^'\n]|'')*'/y;
const KEY = /[\w$/][\w$./@+{}-]{0,200}(?=:(?: |\n|$))/y;
const KEY_IN_FLOW = /[\w$/][\w$./@+-]{0,200}(?=:(?: |\n|$))/y;
const DOUBLE_KEY = /"[^"\\\n]{0,200}"(?=:(?: |\n|$))/y;
/** As JSON has it: between brackets no blank is needed behind the colon. */
const DOUBLE_KEY_IN_FLOW = /"[^"\\\n]{0,200}"(?=:)/y;
const SINGLE_KEY = /'[^'\n]{0,200}'(?=:(?: |\n|$))/y;

/** The key of a map entry, up to its colon; undefined when none stands here. */
export function takeKey(cursor: PlainCursor, isInFlow: boolean): ScalarNode | undefined {
  const start = cursor.at;
  if (cursor.skip(isInFlow ? KEY_IN_FLOW : KEY)) {
    const text = cursor.text.slice(start, cursor.at);
    return makePlain(cursor, start, text, text);
  }
  const first = cursor.text[start];
  if (first === '"')
    return cursor.skip(isInFlow ? DOUBLE_KEY_IN_FLOW : DOUBLE_KEY) ? makeQuoted(cursor, start, 'double') : undefined;
  return first === "'" && cursor.skip(SINGLE_KEY) ? makeQuoted(cursor, start, 'single') : undefined;
}

/** A text that ends in its line, in quotes or without. */
export function takeScalar(cursor: PlainCursor, isInFlow: boolean): ScalarNode {
  const start = cursor.at;
  const first = cursor.text[start];
  if (first === '"' && cursor.skip(DOUBLE)) return makeQuoted(cursor, start, 'double');
  if (first === "'" && cursor.skip(SINGLE)) return makeQuoted(cursor, start, 'single');
  if (!cursor.skip(isInFlow ? PLAIN_IN_FLOW : PLAIN)) refuse();
  while (cursor.text[cursor.at - 1] === ' ') cursor.at--;
  const text = cursor.text.slice(start, cursor.at);
  // What YAML eats of a text (zeros of a number, what stands behind ` #`) is reported by the full reader.
  const mayBeEaten = cursor.text[cursor.at] === ' ' && isUnfinished(text);
  if (mayBeEaten || describeNumberLoss(text)) refuse();
  return makePlain(cursor, start, text, resolvePlain(text));
}

/** Nothing, where a value could stand. */
export function makeNull(cursor: PlainCursor, at: number): ScalarNode {
  return makePlain(cursor, at, '', null);
}

function makePlain({ file }: PlainCursor, start: number, source: string, value: Value): ScalarNode {
  const span = { file, start, end: start + source.length };
  return {
    kind: 'scalar',
    value,
    text: createLinearText(file, source, start, span),
    style: 'plain',
    span,
    isRaw: false,
  };
}

function makeQuoted(cursor: PlainCursor, offset: number, style: 'single' | 'double'): ScalarNode {
  const source = cursor.text.slice(offset, cursor.at);
  const span = { file: cursor.file, start: offset, end: cursor.at };
  const hasMarks = style === 'single' ? source.indexOf("'", 1) < source.length - 1 : source.includes('\\');
  if (!hasMarks) {
    const value = source.slice(1, -1);
    const text = createLinearText(cursor.file, value, offset + 1, span);
    return { kind: 'scalar', value, text, style, span, isRaw: false };
  }
  const token: ScalarToken = { type: `${style}-quoted-scalar`, offset, source, indent: 0, props: [] };
  return makeDecoded(cursor, token, { text: decodeToken(token).text, style, span });
}

/** A scalar whose text is not what stands in the file. */
export function makeDecoded(
  { file }: PlainCursor,
  token: ScalarToken,
  { text, style, span }: { text: string; style: ScalarStyle; span: ScalarNode['span'] },
): ScalarNode {
  return { kind: 'scalar', value: text, text: createScalarText(file, token, text, span), style, span, isRaw: false };
}
