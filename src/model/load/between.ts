/** A length of time, at random between two, ms. */
export interface Between {
  readonly minMs: number;
  readonly maxMs: number;
}
