import type { Thunk } from '../evaluate/frame.ts';
import type { NodeOf } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import { createOperandError, testText } from '../values/operators.ts';
import { compilePattern, compileRecent, type Pattern } from '../values/regex.ts';
import { createCheckError } from './compiler.ts';

/** Compiles `matches`, `contains`, `startsWith` and `endsWith`; a literal pattern is compiled once. */
export function compileTextTest(node: NodeOf<'binary'>, left: Thunk, right: Thunk): Thunk {
  const { operator } = node;
  if (operator !== 'matches') {
    const kind = operator === 'contains' || operator === 'startsWith' ? operator : 'endsWith';
    return (frame) => testText(kind, left(frame), right(frame), frame);
  }
  const literal = compileLiteralPattern(node);
  return (frame) => {
    const text = left(frame);
    if (literal !== undefined && typeof text === 'string') return literal.test(text, frame);
    const source = right(frame);
    if (typeof text === 'string' && typeof source === 'string') return compileRecent(source, frame).test(text, frame);
    if ((text === null || typeof text === 'string') && (source === null || typeof source === 'string')) return false;
    throw createOperandError('matches', text, source);
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
