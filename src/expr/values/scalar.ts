/** The common ancestor of values that are objects in JavaScript but have no members for an expression. */
export abstract class Scalar {
  /** How the value is written. */
  abstract toString(): string;
}
