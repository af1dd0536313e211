import { createRunError } from './error.ts';

/** What one expression may cost; sizes are items or UTF-16 units, steps are visited nodes or items, parts what a result would be written as. */
export const LIMITS = {
  sourceLength: 65_536,
  nesting: 200,
  treeDepth: 1_000,
  nodes: 10_000,
  steps: 50_000_000,
  items: 1_000_000,
  parts: 10_000_000,
  characters: 10_000_000,
  textLength: 1_000_000,
  dataDepth: 1_000,
  renderedLength: 100_000_000,
  patternLength: 4_096,
} as const;

/** Counts what one evaluation spends and ends it when it is too much. */
export class Budget {
  private steps = 0;
  private items = 0;
  private characters = 0;

  /** Counts work that was or will be done, such as items looked at. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > LIMITS.steps) throw createRunError(`the evaluation takes more than ${LIMITS.steps} steps`);
  }

  /** Counts list items or map keys that are made. */
  makeItems(count: number): void {
    this.items += count;
    if (this.items > LIMITS.items) throw createRunError(`the evaluation makes more than ${LIMITS.items} items`);
  }

  /** Counts text that is made, in UTF-16 units. */
  makeText(length: number): void {
    this.characters += length;
    if (this.characters > LIMITS.characters) {
      throw createRunError(`the evaluation makes more than ${LIMITS.characters} characters of text`);
    }
  }
}
