import type { Thunk } from '../evaluate/frame.ts';
import type { NodeOf } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import { createOperandError, testText } from '../values/operators.ts';
import { compilePattern, compileRecent, type Pattern } from '../values/regex.ts';
import { type Compiler, createCheckError } from './compiler.ts';
import { remarkNearPattern, remarkNearTest } from './near-tests.ts';
import { remarkPattern, remarkTest } from './text-remarks.ts';

/** Compiles `matches`, `contains`, `startsWith` and `endsWith`; a literal pattern is compiled once. */
export function compileTextTest(
  { source, ast }: Compiler,
  node: NodeOf<'binary'>,
  { left, right }: { readonly left: Thunk; readonly right: Thunk },
): Thunk {
  const { operator } = node;
  const at = { source, ast, node, text: node.left, wanted: node.right };
  if (operator !== 'matches') {
    const kind = operator === 'contains' || operator === 'startsWith' ? operator : 'endsWith';
    return (frame) => {
      const text = left(frame);
      const wanted = right(frame);
      remarkTest(at, wanted, frame);
      const isSo = testText(kind, text, wanted, frame);
      if (!isSo) remarkNearTest(at, kind, [text, wanted], frame);
      return isSo;
    };
  }
  const literal = compileLiteralPattern(node);
  return (frame) => {
    const text = left(frame);
    const pattern = right(frame);
    if (typeof text === 'string' && typeof pattern === 'string') {
      const compiled = literal ?? compileRecent(pattern, frame);
      if (!literal) remarkPattern({ source, node }, { text: pattern, pattern: compiled }, frame);
      const isSo = compiled.test(text, frame);
      if (!isSo) remarkNearPattern(at, { text, wanted: pattern }, frame);
      return isSo;
    }
    if ((text === null || typeof text === 'string') && (pattern === null || typeof pattern === 'string')) return false;
    throw createOperandError('matches', text, pattern);
  };
}

function compileLiteralPattern(node: NodeOf<'binary'>): Pattern | undefined {
  const { right } = node;
  if (right.kind !== 'literal' || typeof right.value !== 'string') return undefined;
  try {
    return compilePattern(right.value);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw createCheckError(right, error.message, error.hint);
  }
}
