import { createBudgetError } from './error.ts';

/**
 * What one expression may cost; sizes are items or UTF-16 units, steps are visited nodes or items (a tenth of a
 * microsecond each, roughly), parts what a result would be written as.
 */
export const LIMITS = {
  sourceLength: 65_536,
  nesting: 200,
  treeDepth: 1_000,
  nodes: 10_000,
  steps: 50_000_000,
  cpuMs: 5_000,
  items: 1_000_000,
  parts: 10_000_000,
  characters: 10_000_000,
  textLength: 1_000_000,
  dataDepth: 1_000,
  renderedLength: 100_000_000,
  patternLength: 4_096,
} as const;

/** How much CPU time the process has used, ms. */
export interface CpuMeter {
  cpuMs?(): number;
}

// To ask for the CPU time costs as much as some dozens of steps.
const stepsBetweenLooks = 250_000;
const advice = 'give it less to do: fewer items, a part of the text, a simpler pattern';

/** Counts what one evaluation spends and ends it when it is too much. Steps decide; CPU time is for what steps misjudge. */
export class Budget {
  private steps = 0;
  private items = 0;
  private characters = 0;
  private nextLook: number;
  private cpuStartMs: number | undefined;
  private readonly meter: CpuMeter | undefined;

  constructor(meter?: CpuMeter) {
    this.meter = meter;
    this.nextLook = meter?.cpuMs === undefined ? LIMITS.steps : stepsBetweenLooks;
  }

  /** Counts work that was or will be done, such as items looked at. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps >= this.nextLook) this.look();
  }

  /** Counts list items or map keys that are made. */
  makeItems(count: number): void {
    this.items += count;
    if (this.items > LIMITS.items)
      throw createBudgetError(`the evaluation makes more than ${LIMITS.items} items`, advice);
  }

  /** Counts text that is made, in UTF-16 units. */
  makeText(length: number): void {
    this.characters += length;
    if (this.characters > LIMITS.characters)
      throw createBudgetError(`the evaluation makes more than ${LIMITS.characters} characters of text`, advice);
  }

  /** Goes on counting where another budget stands; for the parts of one evaluation. */
  continueFrom(other: Budget): void {
    this.steps = other.steps;
    this.items = other.items;
    this.characters = other.characters;
    this.nextLook = other.nextLook;
    this.cpuStartMs = other.cpuStartMs;
  }

  private look(): void {
    if (this.steps > LIMITS.steps)
      throw createBudgetError(`the evaluation takes more than ${LIMITS.steps} steps`, advice);
    this.nextLook = Math.min(LIMITS.steps, this.steps + stepsBetweenLooks);
    const nowMs = this.meter?.cpuMs?.();
    if (nowMs === undefined) return;
    this.cpuStartMs ??= nowMs;
    if (nowMs - this.cpuStartMs > LIMITS.cpuMs)
      throw createBudgetError(`the evaluation takes more than ${LIMITS.cpuMs / 1_000} s of CPU time`, advice);
  }
}
