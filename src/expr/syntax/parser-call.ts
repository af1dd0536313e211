import { ExprError } from '../values/error.ts';
import { maxDepth, type Node, type NodeOf } from './ast.ts';
import type { Token } from './lexer.ts';
import type { ParserState } from './parser-state.ts';

/** What the arguments of a function with a predicate are, in order. */
interface PredicateSignature {
  kinds: readonly ('value' | 'predicate')[];
  required: number;
}

const listAndPredicate: PredicateSignature = { kinds: ['value', 'predicate'], required: 2 };
const predicateFunctions = new Map<string, PredicateSignature>([
  ...['all', 'any', 'one', 'none', 'filter', 'map', 'groupBy', 'find', 'findIndex', 'findLast', 'findLastIndex'].map(
    (name) => [name, listAndPredicate] as const,
  ),
  ['count', { kinds: ['value', 'predicate'], required: 1 }],
  ['sum', { kinds: ['value', 'predicate'], required: 1 }],
  ['sortBy', { kinds: ['value', 'predicate', 'value'], required: 2 }],
  ['reduce', { kinds: ['value', 'predicate', 'value'], required: 2 }],
]);

/** Parses the arguments of a call whose name was read; `leading` are arguments that a pipe brought. */
export function parseCall(state: ParserState, name: Token, leading: readonly Node[]): Node {
  const signature = predicateFunctions.get(name.text);
  const args =
    signature === undefined
      ? [...leading, ...parseArguments(state)]
      : parsePredicateArguments(state, { name, leading, signature });
  const offset = leading[0]?.offset ?? name.offset;
  return state.create({ kind: 'call', name: name.text, args }, offset, maxDepth(args), name);
}

/** Parses arguments in parentheses. */
export function parseArguments(state: ParserState): Node[] {
  state.expect('(', 'before the arguments');
  const args: Node[] = [];
  while (!state.is(')')) {
    if (args.length > 0) state.expect(',', 'or `)` after an argument');
    if (state.is(')')) break;
    args.push(state.grammar.parseExpression(state, 0));
  }
  state.next();
  return args;
}

function parsePredicateArguments(
  state: ParserState,
  call: { name: Token; leading: readonly Node[]; signature: PredicateSignature },
): Node[] {
  const { name, leading, signature } = call;
  const args = [...leading];
  state.expect('(', 'before the arguments');
  for (const [index, kind] of signature.kinds.slice(leading.length).entries()) {
    if (state.is(')')) break;
    if (index > 0) state.expect(',', 'or `)` after an argument');
    args.push(kind === 'predicate' ? parsePredicate(state) : state.grammar.parseExpression(state, 0));
  }
  state.accept(',');
  if (args.length < signature.required) throw createMissingArgument(state, name, signature);
  state.expect(')', 'after the arguments');
  return args;
}

function parsePredicate(state: ParserState): NodeOf<'predicate'> {
  const start = state.token;
  const hasBraces = state.is('{') && !isPlaceholderAhead(state);
  if (hasBraces) state.next();
  state.predicateDepth++;
  state.enter();
  const body = state.leave(hasBraces ? state.grammar.parseSequence(state) : state.grammar.parseExpression(state, 0));
  state.predicateDepth--;
  if (hasBraces) state.expect('}', 'at the end of the predicate');
  if (!hasBraces && state.is(';')) throw state.createUnexpected('wrap the predicate in `{` and `}`');
  return state.create({ kind: 'predicate', body }, start.offset, body.depth);
}

/** Tells `{{x}}`, a placeholder, from `{{a: 1}}` and `{{}}`, a predicate that gives a map. */
function isPlaceholderAhead(state: ParserState): boolean {
  if (!state.hasPlaceholders || !state.source.startsWith('{{', state.token.offset)) return false;
  const back = state.token.offset;
  state.moveTo(back + 2);
  const isMap = isMapAhead(state);
  state.moveTo(back);
  return !isMap;
}

function isMapAhead(state: ParserState): boolean {
  if (state.is('}')) return true;
  if (state.is('(')) skipParentheses(state);
  else if (!['name', 'word', 'number', 'text', 'quote'].includes(state.token.kind)) return false;
  else state.next();
  return state.is(':');
}

function skipParentheses(state: ParserState): void {
  let depth = 0;
  do {
    if (state.is('(')) depth++;
    if (state.is(')')) depth--;
    state.next();
  } while (depth > 0 && state.token.kind !== 'end');
}

function createMissingArgument(state: ParserState, name: Token, signature: PredicateSignature): ExprError {
  const wants = signature.required === 1 ? 'a list' : 'a list and a predicate';
  return new ExprError('syntax', `\`${name.text}\` needs ${wants}`, {
    offset: state.token.offset,
    length: 1,
    hint: `for example \`${name.text}(${signature.required === 1 ? 'list' : 'list, # != nil'})\``,
  });
}
