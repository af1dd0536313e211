import { ExprError } from '../values/error.ts';
import { type BinaryOperator, maxDepth, type Node } from './ast.ts';
import { checkLength, isOperator, type Token } from './lexer.ts';
import { parseCall } from './parser-call.ts';
import { parsePlaceholderAt } from './parser-placeholder.ts';
import { parsePostfix } from './parser-postfix.ts';
import { isConstant, parsePrimary } from './parser-primary.ts';
import { ParserState } from './parser-state.ts';

/** Parses a whole source. */
export function parse(source: string, hasPlaceholders: boolean): Node {
  checkLength(source.length, 0);
  const state = new ParserState(source, 0, { hasPlaceholders, grammar });
  if (state.isAtEnd()) throw new ExprError('syntax', 'the expression is empty', { offset: 0, length: 1 });
  const ast = parseSequence(state);
  if (!state.isAtEnd()) throw createTrailingError(state);
  return ast;
}

/** Parses the placeholder that opens at the offset of a text, and gives where it ends. */
export function parsePlaceholderIn(text: string, offset: number): { node: Node; end: number } {
  return parsePlaceholderAt(new ParserState(text, text.length, { hasPlaceholders: true, grammar }), offset);
}

const grammar = { parseSequence, parseExpression, parsePostfix };

const comparisonPrecedence = 20;
const binaryOperators = new Map<string, { precedence: number; name: BinaryOperator | '|'; isRight?: boolean }>([
  ['|', { precedence: 0, name: '|' }],
  ['or', { precedence: 10, name: 'or' }],
  ['||', { precedence: 10, name: 'or' }],
  ['and', { precedence: 15, name: 'and' }],
  ['&&', { precedence: 15, name: 'and' }],
  ...(['==', '!=', '<', '>', '<=', '>=', 'in', 'matches', 'contains', 'startsWith', 'endsWith'] as const).map(
    (name) => [name, { precedence: comparisonPrecedence, name }] as const,
  ),
  ['..', { precedence: 25, name: '..' }],
  ['+', { precedence: 30, name: '+' }],
  ['-', { precedence: 30, name: '-' }],
  ['*', { precedence: 60, name: '*' }],
  ['/', { precedence: 60, name: '/' }],
  ['%', { precedence: 60, name: '%' }],
  ['**', { precedence: 100, name: '**', isRight: true }],
  ['^', { precedence: 100, name: '**', isRight: true }],
  ['??', { precedence: 500, name: '??' }],
]);
const ordering = new Set(['<', '>', '<=', '>=']);
const negatable = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);

function parseSequence(state: ParserState): Node {
  const { offset } = state.token;
  const items = [parseExpression(state, 0)];
  while (state.accept(';')) {
    if (state.token.kind === 'end') break;
    items.push(parseExpression(state, 0));
  }
  const [only] = items;
  if (only !== undefined && items.length === 1) return only;
  return state.create({ kind: 'sequence', items }, offset, maxDepth(items));
}

function parseExpression(state: ParserState, precedence: number): Node {
  state.enter();
  if (precedence === 0 && state.token.kind === 'word') {
    if (state.is('let')) return state.leave(parseLet(state));
    if (state.is('if')) return state.leave(parseIf(state));
  }
  const node = parseOperators(state, parsePrimary(state), precedence);
  return state.leave(precedence === 0 ? parseConditional(state, node) : node);
}

function parseOperators(state: ParserState, first: Node, precedence: number): Node {
  let left = first;
  let previous = '';
  for (;;) {
    const notToken = state.is('not') ? state.token : undefined;
    if (notToken !== undefined && precedence > comparisonPrecedence) return left;
    if (notToken !== undefined) takeNegation(state);
    const token = state.token;
    if (token.kind !== 'operator' && token.kind !== 'word') return left;
    const operator = binaryOperators.get(token.text);
    if (operator === undefined || operator.precedence < precedence) return left;
    state.next();
    if (operator.name === '|') left = parsePipe(state, left);
    else if (previous === '??' && operator.name !== '??') throw createCoalesceError(token);
    else if (ordering.has(operator.name)) left = parseComparison(state, left, token);
    else {
      const right = parseExpression(state, operator.isRight === true ? operator.precedence : operator.precedence + 1);
      const depth = Math.max(left.depth, right.depth);
      left = state.create({ kind: 'binary', operator: operator.name, left, right }, left.offset, depth, token);
      if (notToken !== undefined) {
        left = state.create({ kind: 'unary', operator: 'not', operand: left }, left.offset, left.depth, notToken);
      }
    }
    previous = operator.name;
  }
}

function takeNegation(state: ParserState): void {
  state.next();
  if (!negatable.has(state.token.text) || state.token.kind !== 'word') {
    throw state.createUnexpected('expected `in`, `matches`, `contains`, `startsWith` or `endsWith` after `not`');
  }
}

function parsePipe(state: ParserState, left: Node): Node {
  const name = state.token;
  if (name.kind !== 'name') throw state.createUnexpected('expected a function after `|`, as in `list | len()`');
  state.next();
  if (!state.is('(')) throw state.createUnexpected(`expected \`(\`: write \`| ${name.text}()\``);
  const call = parseCall(state, name, [left]);
  if (state.is('.') || state.is('?.') || state.is('[') || state.is('(')) {
    throw state.createUnexpected('put what comes before it in parentheses: `(list | first()).name`');
  }
  return call;
}

function parseComparison(state: ParserState, left: Node, first: Token): Node {
  const operands = [left];
  const operators: BinaryOperator[] = [];
  let token = first;
  for (;;) {
    operands.push(parseExpression(state, comparisonPrecedence + 1));
    operators.push(token.text as BinaryOperator);
    if (state.token.kind !== 'operator' || !ordering.has(state.token.text)) break;
    token = state.next();
  }
  const depth = maxDepth(operands);
  const [operator] = operators;
  const right = operands[1];
  if (operator !== undefined && right !== undefined && operators.length === 1) {
    return state.create({ kind: 'binary', operator, left, right }, left.offset, depth, first);
  }
  return state.create({ kind: 'comparison', operators, operands }, left.offset, depth, first);
}

function parseConditional(state: ParserState, first: Node): Node {
  let node = first;
  while (state.is('?')) {
    const token = state.next();
    let then = node;
    if (!state.accept(':')) {
      then = parseExpression(state, 0);
      state.expect(':', 'and the value for false');
    }
    const otherwise = parseExpression(state, 0);
    const depth = maxDepth([node, then, otherwise]);
    node = state.create({ kind: 'conditional', test: node, then, otherwise }, node.offset, depth, token);
  }
  return node;
}

function parseIf(state: ParserState): Node {
  const token = state.next();
  const test = parseExpression(state, 0);
  const then = parseBlock(state, 'after the condition of `if`');
  state.expect('else', 'after the block: an `if` always has an `else`');
  const otherwise = state.is('if') ? parseNested(state, parseIf) : parseBlock(state, 'after `else`');
  const depth = maxDepth([test, then, otherwise]);
  return state.create({ kind: 'conditional', test, then, otherwise }, token.offset, depth, token);
}

function parseNested(state: ParserState, rule: (state: ParserState) => Node): Node {
  state.enter();
  return state.leave(rule(state));
}

function parseBlock(state: ParserState, after: string): Node {
  state.expect('{', after);
  const body = parseSequence(state);
  state.expect('}', 'at the end of the block');
  return body;
}

function parseLet(state: ParserState): Node {
  const start = state.next();
  const name = state.token;
  if (name.kind !== 'name' || isConstant(name.text)) throw state.createUnexpected('expected a name after `let`');
  state.next();
  state.expect('=', `after \`let ${name.text}\``);
  const value = parseExpression(state, 0);
  state.expect(';', 'and the expression that uses the variable');
  const body = parseNested(state, parseSequence);
  const depth = Math.max(value.depth, body.depth);
  return state.create({ kind: 'let', name: name.text, value, body }, start.offset, depth, name);
}

function createCoalesceError(token: Token): ExprError {
  return new ExprError('syntax', `\`${token.text}\` cannot follow \`??\` without parentheses`, {
    offset: token.offset,
    length: token.end - token.offset,
    hint: 'write `(a ?? b) …`',
  });
}

function createTrailingError(state: ParserState): ExprError {
  const { token } = state;
  if (isOperator(token, ')') || isOperator(token, ']') || isOperator(token, '}')) {
    return state.createUnexpected(`nothing opens it`);
  }
  return state.createUnexpected('expected an operator or the end of the expression');
}
