/** What is said of a key, and of what it holds. */
export interface KeyDoc {
  readonly text: readonly string[];
  /** Titles, each with what it has. */
  readonly tables?: () => readonly (readonly [title: string, rows: readonly (readonly [string, string])[]])[];
  readonly example: readonly string[];
  /** What says more. */
  readonly more?: string;
}
