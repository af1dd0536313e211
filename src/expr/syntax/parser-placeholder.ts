import { ExprError } from '../values/error.ts';
import { maxDepth, type Node } from './ast.ts';
import { suggestForPlaceholder } from './foreign-placeholders.ts';
import { createOpenError, decodeEscape } from './lexer-text.ts';
import type { ParserState } from './parser-state.ts';
import { findEscapable, findOpener, type Opener, readFallback, suggestArray } from './placeholder-syntax.ts';

// Stronger than any operator, so that only a name and what is attached to it is read.
const pathPrecedence = 1_000;
const closers = { '{{': '}}', '${': '}', '<<': '>>' } as const;

/** Whether a placeholder opens at the current token. */
export function isPlaceholderStart(state: ParserState): boolean {
  return state.hasPlaceholders && findOpener(state.source, state.token.offset) !== undefined;
}

/** Parses the placeholder that opens at the current token; it becomes part of the tree. */
export function parsePlaceholder(state: ParserState): Node {
  const { node, end } = parsePlaceholderAt(state, state.token.offset);
  state.moveTo(end);
  return node;
}

/** Parses the placeholder that opens at the offset and gives where it ends; the caller goes on from there. */
export function parsePlaceholderAt(state: ParserState, offset: number): { node: Node; end: number } {
  const opener = findOpener(state.source, offset) ?? '{{';
  const fallback = opener === '${' ? readFallback(state.source, offset) : undefined;
  if (fallback !== undefined) {
    state.previousEnd = fallback.end;
    const { name, nameOffset, text, end } = fallback;
    const at = { kind: 'name', text: name, offset: nameOffset, end: nameOffset + name.length } as const;
    return { node: state.create({ kind: 'fallback', name, text }, offset, 0, at), end };
  }
  const depth = state.predicateDepth;
  const node = parseInside(state, offset, opener);
  state.predicateDepth = depth;
  return { node, end: takeCloser(state, offset, opener) };
}

function parseInside(state: ParserState, offset: number, opener: Opener): Node {
  try {
    enterPlaceholder(state, offset, opener);
    state.enter();
    const { grammar } = state;
    return state.leave(opener === '<<' ? grammar.parseExpression(state, pathPrecedence) : grammar.parseSequence(state));
  } catch (error) {
    throw withEscapeHint(error, state.source, { offset, opener });
  }
}

function enterPlaceholder(state: ParserState, offset: number, opener: Opener): void {
  state.moveTo(offset + 2);
  const isEmpty = state.is('}') || state.token.kind === 'end';
  if (isEmpty) throw createPlaceholderError(state, { offset, opener, message: 'the placeholder is empty' });
}

function takeCloser(state: ParserState, offset: number, opener: Opener): number {
  const closer = closers[opener];
  const { token } = state;
  if (state.source.startsWith(closer, token.offset) && token.kind !== 'end') return token.offset + closer.length;
  const found = token.kind === 'end' ? 'the end of the text' : `\`${state.source.slice(token.offset, token.end)}\``;
  const message = `the placeholder is not closed: expected \`${closer}\`, found ${found}`;
  throw createPlaceholderError(state, { offset, opener, message });
}

function createPlaceholderError(
  state: ParserState,
  problem: { offset: number; opener: Opener; message: string },
): ExprError {
  const { offset, opener, message } = problem;
  const { token } = state;
  const isAtEnd = token.kind === 'end';
  const place = isAtEnd
    ? { offset, length: 2 }
    : { offset: token.offset, length: Math.max(1, token.end - token.offset) };
  const hint = suggestForPlaceholder(state.source, offset) ?? createEscapeHint(state.source, offset, opener);
  return new ExprError('syntax', message, { ...place, hint });
}

/** `${{ env.NAME }}` of other tools. */
const doubledPattern = /^\$\{\{\s*(?:(?:env|secrets|vars|inputs)\.)?([\p{L}_$][\p{L}\p{Nd}_$.]*)\s*\}\}/u;

function createEscapeHint(source: string, offset: number, opener: Opener): string {
  const [, name] = doubledPattern.exec(source.slice(offset, offset + 200)) ?? [];
  if (name !== undefined) return `write \`{{${name}}}\`, without the \`$\``;
  const array = opener === '{{' ? suggestArray(source, offset) : undefined;
  const escaping = `for a literal \`${opener}\` write \`\\${opener}\``;
  return array === undefined ? escaping : `${escaping}; in SQL write \`${array}\``;
}

function withEscapeHint(error: unknown, source: string, opened: { offset: number; opener: Opener }): unknown {
  if (!(error instanceof ExprError)) return error;
  const hint = suggestForPlaceholder(source, opened.offset) ?? error.hint;
  const { message, offset, length } = error;
  return new ExprError(error.kind, message, {
    offset,
    length,
    hint: hint ?? createEscapeHint(source, opened.offset, opened.opener),
  });
}

/** Parses a quoted text that may hold placeholders, from its opening quote. */
export function parseQuotedTemplate(state: ParserState): Node {
  const { offset, text: quote } = state.token;
  const parts: (string | Node)[] = [];
  let literal = '';
  let i = offset + 1;
  while (!isClosing(state.source, i, quote)) {
    const step = readStep(state, i, { offset, quote });
    if (typeof step.part === 'string') literal += step.part;
    else {
      if (literal !== '') parts.push(literal);
      parts.push(step.part);
      literal = '';
    }
    i = step.end;
  }
  state.moveTo(i + 1);
  if (parts.length === 0) return state.create({ kind: 'literal', value: literal }, offset, 0);
  if (literal !== '') parts.push(literal);
  return state.create({ kind: 'text', parts }, offset, maxDepth(parts.filter((part) => typeof part !== 'string')));
}

function isClosing(source: string, i: number, quote: string): boolean {
  return source[i] === quote && !(quote === '`' && source[i + 1] === '`');
}

function readStep(
  state: ParserState,
  i: number,
  text: { offset: number; quote: string },
): { part: string | Node; end: number } {
  const { source } = state;
  const { quote } = text;
  const character = source[i];
  if (character === undefined || (character === '\n' && quote !== '`')) throw createOpenError(source, text.offset);
  if (character === '`' && quote === '`') return { part: '`', end: i + 2 };
  if (character === '\\') return readBackslash(source, i, quote);
  if (findOpener(source, i) === undefined) return { part: character, end: i + 1 };
  const { node, end } = parsePlaceholderAt(state, i);
  return { part: node, end };
}

function readBackslash(source: string, i: number, quote: string): { part: string; end: number } {
  const escaped = findEscapable(source, i + 1);
  if (escaped !== undefined) return { part: escaped, end: i + 3 };
  if (quote !== '`') {
    const [part, end] = decodeEscape(source, i, quote);
    return { part, end };
  }
  const isDoubled = source[i + 1] === '\\' && findOpener(source, i + 2) !== undefined;
  return { part: '\\', end: isDoubled ? i + 2 : i + 1 };
}
