import type { Value } from '../values/value.ts';

/** Two values that are not equal; `text` is how the actual one is written. */
export interface Pair {
  actual: Value;
  expected: Value;
  text: string;
  /** How the expected one is written, where no value of the expression itself is expected. */
  other?: string | undefined;
}
