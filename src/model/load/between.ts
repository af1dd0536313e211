/** A length of time, at random between two, ms. */
export interface Between {
  readonly minMs: number;
  readonly maxMs: number;
}

/** One length, or two ends, as files have them. */
export function toBetween(given: number | { readonly min: number; readonly max: number }): Between {
  return typeof given === 'number' ? { minMs: given, maxMs: given } : { minMs: given.min, maxMs: given.max };
}
