import type { Expression } from '../expr/index.ts';
import type { TextAt } from './source-file.ts';

/** A compiled expression at its place. */
export interface ExpressionAt {
  readonly expression: Expression;
  readonly text: TextAt;
}

/** Whether a value is a compiled expression at its place. */
export function isExpressionAt(value: unknown): value is ExpressionAt {
  return typeof value === 'object' && value !== null && 'expression' in value && 'text' in value;
}
