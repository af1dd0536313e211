import type { Expression } from '../expr/index.ts';
import type { TextAt } from './source-file.ts';

/** A compiled expression at its place. */
export interface ExpressionAt {
  readonly expression: Expression;
  readonly text: TextAt;
}

/** An expression by which a value is taken. */
export type CapturedFrom = Pick<Expression, 'source' | 'ast' | 'listDoubts' | 'names'>;

/** Whether a value is a compiled expression at its place. */
export function isExpressionAt(value: unknown): value is ExpressionAt {
  if (typeof value !== 'object' || value === null || !('expression' in value) || !('text' in value)) return false;
  // A map of a flow may have these two keys.
  const { expression } = value;
  return typeof expression === 'object' && expression !== null && 'ast' in expression;
}
