import { maxDepth, type Node } from './ast.ts';
import { isNameText, type Token } from './lexer.ts';
import { parseArguments } from './parser-call.ts';
import type { ParserState } from './parser-state.ts';

/** Parses what follows a value: `.name`, `?.name`, `[i]`, `?.[i]`, `[a:b]`, `.method(…)`. */
export function parsePostfix(state: ParserState, first: Node): Node {
  let node = first;
  for (;;) {
    const { token } = state;
    if (token.kind !== 'operator') return node;
    if (token.text === '.') node = parseMember(state, node, false);
    else if (token.text === '?.') node = parseOptional(state, node);
    else if (token.text === '[') node = parseBrackets(state, node, false);
    else return node;
  }
}

function parseOptional(state: ParserState, object: Node): Node {
  const end = state.token.end;
  if (state.source.charAt(end) === '[' || isBracketNext(state, end)) {
    state.next();
    return parseBrackets(state, object, true);
  }
  return parseMember(state, object, true);
}

function isBracketNext(state: ParserState, end: number): boolean {
  return /^\s*\[/.test(state.source.slice(end, end + 40));
}

function parseMember(state: ParserState, object: Node, isOptional: boolean): Node {
  state.next();
  const name = takeMemberName(state);
  // A dot after an optional dot belongs to the same chain: nil at the first skips the rest.
  const isChain = object.kind === 'chain';
  const target = object.kind === 'chain' ? object.body : object;
  const node = createMember(state, { object: target, name, isOptional, offset: object.offset });
  return isChain || isOptional ? state.create({ kind: 'chain', body: node }, object.offset, node.depth) : node;
}

function createMember(
  state: ParserState,
  member: { object: Node; name: Token; isOptional: boolean; offset: number },
): Node {
  const { object, name, isOptional, offset } = member;
  if (!state.is('(')) {
    return state.create({ kind: 'member', object, name: name.text, isOptional }, offset, object.depth, name);
  }
  const args = parseArguments(state);
  const depth = Math.max(object.depth, maxDepth(args));
  return state.create({ kind: 'method', object, name: name.text, args, isOptional }, offset, depth, name);
}

function takeMemberName(state: ParserState): Token {
  const { token } = state;
  if (token.kind !== 'name' && !(token.kind === 'word' && isNameText(token.text))) {
    throw state.createUnexpected('expected a name after the dot');
  }
  return state.next();
}

function parseBrackets(state: ParserState, object: Node, isOptional: boolean): Node {
  const open = state.next();
  const { offset } = object;
  let from: Node | undefined;
  if (!state.is(':')) {
    from = state.grammar.parseExpression(state, 0);
    if (!state.is(':')) {
      const close = state.expect(']', 'after the index');
      const at = { ...open, end: close.end };
      const depth = Math.max(object.depth, from.depth);
      const node = state.create({ kind: 'index', object, index: from, isOptional }, offset, depth, at);
      return isOptional ? state.create({ kind: 'chain', body: node }, offset, node.depth) : node;
    }
  }
  state.next();
  const to = state.is(']') ? undefined : state.grammar.parseExpression(state, 0);
  const close = state.expect(']', 'after the slice');
  const depth = Math.max(object.depth, from?.depth ?? 0, to?.depth ?? 0);
  const at = { ...open, end: close.end };
  const node = state.create({ kind: 'slice', object, from, to, isOptional }, offset, depth, at);
  return isOptional ? state.create({ kind: 'chain', body: node }, offset, node.depth) : node;
}
