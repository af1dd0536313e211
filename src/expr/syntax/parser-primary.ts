import { ExprError } from '../values/error.ts';
import { type MapEntry, maxDepth, type Node } from './ast.ts';
import { suggestForMarker } from './foreign-markers.ts';
import { suggestForMethodCall } from './foreign-syntax.ts';
import type { Token } from './lexer.ts';
import { evaluateNumber } from './lexer-number.ts';
import { parseCall } from './parser-call.ts';
import { isPlaceholderStart, parsePlaceholder, parseQuotedTemplate } from './parser-placeholder.ts';
import { parsePostfix } from './parser-postfix.ts';
import type { ParserState } from './parser-state.ts';

const prefixes = new Map<string, { operator: 'not' | '-' | '+'; precedence: number }>([
  ['not', { operator: 'not', precedence: 50 }],
  ['!', { operator: 'not', precedence: 50 }],
  ['-', { operator: '-', precedence: 90 }],
  ['+', { operator: '+', precedence: 90 }],
]);
const constants = new Map<string, null | boolean>([
  ['true', true],
  ['false', false],
  ['nil', null],
  ['null', null],
]);

/** Parses an operand: a literal, a name, a call, something in brackets, with what is attached to it. */
export function parsePrimary(state: ParserState): Node {
  const { token } = state;
  if (token.kind === 'name') return parseName(state);
  if (token.kind === 'number') {
    state.next();
    return state.create({ kind: 'literal', value: evaluateNumber(token.text, token.offset) }, token.offset, 0);
  }
  if (token.kind === 'text') {
    state.next();
    return parsePostfix(state, state.create({ kind: 'literal', value: token.text }, token.offset, 0));
  }
  if (token.kind === 'quote') return parsePostfix(state, parseQuotedTemplate(state));
  if (token.kind === 'end') throw state.createUnexpected('expected a value');
  return parseSymbol(state);
}

/** Whether the word is a constant and so cannot be a variable. */
export function isConstant(word: string): boolean {
  return constants.has(word);
}

function parseName(state: ParserState): Node {
  const token = state.next();
  if (state.is('(')) return parsePostfix(state, parseCall(state, token, []));
  const constant = constants.get(token.text);
  if (constant !== undefined) return state.create({ kind: 'literal', value: constant }, token.offset, 0);
  return parsePostfix(state, state.create({ kind: 'name', name: token.text }, token.offset, 0));
}

function parseSymbol(state: ParserState): Node {
  const { token } = state;
  const prefix = prefixes.get(token.text);
  if (prefix !== undefined) {
    state.next();
    const operand = state.grammar.parseExpression(state, prefix.precedence);
    const node = state.create(
      { kind: 'unary', operator: prefix.operator, operand },
      token.offset,
      operand.depth,
      token,
    );
    return parsePostfix(state, node);
  }
  if (isPlaceholderStart(state)) return parsePostfix(state, parsePlaceholder(state));
  if (token.text === '(') return parsePostfix(state, parseGroup(state));
  if (token.text === '[') return parsePostfix(state, parseList(state));
  if (token.text === '{') return parsePostfix(state, parseMap(state));
  if (token.text === '::') return parseGlobalCall(state);
  if (token.text === '#' || token.text === '.') return parsePostfix(state, parsePointer(state));
  throw state.createUnexpected('expected a value');
}

function parseGroup(state: ParserState): Node {
  state.next();
  const body = state.grammar.parseSequence(state);
  state.expect(')', 'to close the parenthesis');
  return body;
}

function parseGlobalCall(state: ParserState): Node {
  state.next();
  const name = state.token;
  if (name.kind !== 'name') throw state.createUnexpected('expected a function after `::`');
  state.next();
  if (!state.is('(')) throw state.createUnexpected(`expected \`(\` after \`::${name.text}\``);
  return parsePostfix(state, parseCall(state, name, []));
}

function parsePointer(state: ParserState): Node {
  const { token } = state;
  if (state.predicateDepth === 0) throw createPointerError(state.source, token);
  if (token.text === '.') return state.create({ kind: 'pointer', name: '' }, token.offset, 0);
  state.next();
  const { token: name } = state;
  if (name.kind !== 'name' || name.offset !== token.end) {
    return state.create({ kind: 'pointer', name: '' }, token.offset, 0);
  }
  if (name.text !== 'index' && name.text !== 'acc') {
    throw state.createUnexpected(
      `the only names with \`#\` are \`#\`, \`#index\` and \`#acc\`; a member of the item is \`.${name.text}\``,
    );
  }
  state.next();
  return state.create({ kind: 'pointer', name: name.text }, token.offset, 0);
}

function createPointerError(source: string, { text, offset }: Token): ExprError {
  const message = `\`${text}\` stands for an item and belongs in a predicate`;
  const hint =
    suggestForMarker(source.slice(offset).trimEnd(), takeCompared(source, offset)) ??
    suggestForMethodCall(source, offset) ??
    'as in `filter(list, .qty > 0)`';
  return new ExprError('syntax', message, { offset, length: 1, hint });
}

/** What is held against what begins at the offset. */
function takeCompared(source: string, offset: number): string {
  return /([\w.[\]"]+)\s*==\s*$/.exec(source.slice(0, offset))?.[1] ?? 'body.id';
}

function parseList(state: ParserState): Node {
  const { offset } = state.next();
  const items: Node[] = [];
  while (!state.is(']')) {
    if (items.length > 0) state.expect(',', 'or `]` after an item');
    if (state.is(']')) break;
    items.push(state.grammar.parseExpression(state, 0));
  }
  state.next();
  return state.create({ kind: 'list', items }, offset, maxDepth(items));
}

function parseMap(state: ParserState): Node {
  const { offset } = state.next();
  const entries: MapEntry[] = [];
  while (!state.is('}')) {
    if (entries.length > 0) state.expect(',', 'or `}` after an entry');
    if (state.is('}')) break;
    entries.push(parseEntry(state));
  }
  state.next();
  const depth = Math.max(maxDepth(entries.map((entry) => entry.value)), maxDepth(entries.map((entry) => entry.key)));
  return state.create({ kind: 'map', entries }, offset, depth);
}

function parseEntry(state: ParserState): MapEntry {
  const { token } = state;
  const isComputed = state.is('(') || token.kind === 'quote';
  const key = isComputed ? parseComputedKey(state) : parsePlainKey(state);
  state.expect(':', 'after a key');
  return { key, isComputed, value: state.grammar.parseExpression(state, 0) };
}

function parseComputedKey(state: ParserState): Node {
  return state.is('(') ? parseGroup(state) : parseQuotedTemplate(state);
}

function parsePlainKey(state: ParserState): Node {
  const { token } = state;
  if (token.kind === 'word') {
    throw state.createUnexpected(`it is an operator: write \`"${token.text}"\` for a key of that name`);
  }
  if (!['name', 'text', 'number'].includes(token.kind)) {
    throw state.createUnexpected('a key of a map is a name, a text, a number, or an expression in parentheses');
  }
  state.next();
  return state.create({ kind: 'literal', value: token.text }, token.offset, 0);
}
