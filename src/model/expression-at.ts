import type { Expression } from '../expr/index.ts';
import type { TextAt } from './source-file.ts';

/** A compiled expression at its place. */
export interface ExpressionAt {
  readonly expression: Expression;
  readonly text: TextAt;
}
