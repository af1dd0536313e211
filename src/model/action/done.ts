/** What a step did, for judging it once more without doing it. */
export interface Done {
  /** Each setting as it was rendered, with a digest of its text, from which secrets are taken first: `url=1k2f9c`. */
  readonly settings: readonly string[];
  /** How many of its problems, the first ones, the action gave; the others are those of what was expected of it. */
  readonly problemCount: number;
  /** Whether the action ended with an error. */
  readonly isThrown: boolean;
  /** What the action said of itself; absent where the step's summary is that. */
  readonly summary?: string | undefined;
  /** The keys that each thing in the result's list has, and never another. */
  readonly itemKeys?: readonly string[] | undefined;
}
