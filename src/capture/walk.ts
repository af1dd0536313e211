import type { Budget, Value } from '../expr/index.ts';
import { createBudgetError, ExprError, isList, isMap, isOverBudget, LIMITS, readKey } from '../expr/index.ts';
import type { Condition, Segment, Selector, Slice } from './query.ts';

/** What one evaluation of a path shares among its walks. */
export interface WalkScope {
  readonly budget: Budget;
  /** How many levels of the value are being looked at, one within the other. */
  depth: number;
  judge(condition: Condition, item: Value): boolean;
}

/** Takes a node that was found; true ends the walk. */
export type Take = (value: Value) => boolean;

const MAX_DEPTH = 2 * LIMITS.dataDepth;
/** What it costs to visit a node, to look below one, and to look at what is listed there. */
const VISIT_STEPS = 10;
const DESCENT_STEPS = 20;
const LIST_STEPS = 4;
const NONE: readonly Value[] = [];

/** Reads what a name or position selects; undefined when there is none. */
export function readSelected(value: Value, selector: Extract<Selector, { kind: 'name' | 'index' }>): Value | undefined {
  if (selector.kind === 'index') {
    const { index } = selector;
    return isList(value) ? value[index < 0 ? value.length + index : index] : undefined;
  }
  const { key, isLoose } = selector;
  if (isMap(value)) return readKey(value, key);
  if (!isLoose || !isList(value)) return undefined;
  if (key === 'length') return value.length;
  return /^\d+$/.test(key) ? value[Number(key)] : undefined;
}

/** What a query of names and positions leads to. */
export function readSingular(value: Value, segments: readonly Segment[]): Value | undefined {
  let found: Value | undefined = value;
  for (const { selectors } of segments) {
    const [selector] = selectors;
    if (selector?.kind !== 'name' && selector?.kind !== 'index') return undefined;
    found = readSelected(found, selector);
    if (found === undefined) return undefined;
  }
  return found;
}

/** A condition could not be evaluated for the item, or the member, at a position. */
export class JudgeError extends Error {
  override readonly cause: ExprError;
  readonly condition: Condition;
  readonly at: number;

  constructor(cause: ExprError, condition: Condition, at: number) {
    super(cause.message);
    this.cause = cause;
    this.condition = condition;
    this.at = at;
  }
}

/** Goes from a value along segments, depth first, so that nodes come in the order of RFC 9535 and none is kept. */
export class Walk {
  /** How many segments found something. */
  reached = 0;
  readonly #segments: readonly Segment[];
  readonly #scope: WalkScope;
  readonly #take: Take;

  constructor(segments: readonly Segment[], scope: WalkScope, take: Take) {
    this.#segments = segments;
    this.#scope = scope;
    this.#take = take;
  }

  /** Gives whether it was ended. */
  from(value: Value): boolean {
    const { depth } = this.#scope;
    const isEnded = this.#visit(value, 0);
    this.#scope.depth = depth;
    return isEnded;
  }

  #visit(value: Value, at: number): boolean {
    this.#scope.budget.spend(VISIT_STEPS);
    if (at > this.reached) this.reached = at;
    const segment = this.#segments[at];
    if (segment === undefined) return this.#take(value);
    return segment.isDescendant ? this.#descend(value, segment, at) : this.#select(value, segment, at);
  }

  /** Selects from the value, then from all that stands below it. */
  #descend(value: Value, segment: Segment, at: number): boolean {
    if (typeof value !== 'object' || value === null) return false;
    const scope = this.#scope;
    scope.budget.spend(DESCENT_STEPS);
    if (++scope.depth > MAX_DEPTH) throw createBudgetError('the value is nested too deeply for this path');
    if (this.#select(value, segment, at)) return true;
    const isEnded = isList(value) ? this.#descendList(value, segment, at) : this.#descendMap(value, segment, at);
    scope.depth--;
    return isEnded;
  }

  #descendList(list: readonly Value[], segment: Segment, at: number): boolean {
    this.#scope.budget.spend(list.length * LIST_STEPS);
    for (let i = 0; i < list.length; i++) if (this.#descend(list[i] ?? null, segment, at)) return true;
    return false;
  }

  #descendMap(value: Value, segment: Segment, at: number): boolean {
    if (!isMap(value)) return false;
    // Unlike a list of the keys, this makes nothing for the many maps that have a few.
    for (const key in value) {
      this.#scope.budget.spend(LIST_STEPS);
      if (this.#descend(readKey(value, key) ?? null, segment, at)) return true;
    }
    return false;
  }

  #select(value: Value, { selectors }: Segment, at: number): boolean {
    for (const selector of selectors) if (this.#apply(value, selector, at + 1)) return true;
    return false;
  }

  #apply(value: Value, selector: Selector, next: number): boolean {
    switch (selector.kind) {
      case 'name':
      case 'index': {
        const found = readSelected(value, selector);
        return found !== undefined && this.#visit(found, next);
      }
      case 'wildcard':
        return this.#list(value).some((child) => this.#visit(child, next));
      case 'slice':
        return isList(value) && this.#slice(value, selector, next);
      case 'filter':
        return this.#filter(value, selector.condition, next);
      default:
        return selector satisfies never;
    }
  }

  #slice(list: readonly Value[], { start, end, step }: Slice, next: number): boolean {
    if (step === 0) return false;
    const { length } = list;
    const toPosition = (bound: number): number => (bound < 0 ? length + bound : bound);
    const clamp = (position: number, low: number, high: number): number => Math.min(Math.max(position, low), high);
    if (step > 0) {
      const stop = clamp(toPosition(end ?? length), 0, length);
      for (let at = clamp(toPosition(start ?? 0), 0, length); at < stop; at += step)
        if (this.#visit(list[at] ?? null, next)) return true;
      return false;
    }
    const stop = clamp(end === undefined ? -1 : toPosition(end), -1, length - 1);
    for (let at = clamp(start === undefined ? length - 1 : toPosition(start), -1, length - 1); at > stop; at += step)
      if (this.#visit(list[at] ?? null, next)) return true;
    return false;
  }

  #filter(value: Value, condition: Condition, next: number): boolean {
    let at = 0;
    for (const child of this.#list(value)) {
      if (this.#judge(condition, child, at++) && this.#visit(child, next)) return true;
    }
    return false;
  }

  #judge(condition: Condition, child: Value, at: number): boolean {
    try {
      return this.#scope.judge(condition, child);
    } catch (error) {
      throw error instanceof ExprError && !isOverBudget(error) ? new JudgeError(error, condition, at) : error;
    }
  }

  /** The children of a value. */
  #list(value: Value): readonly Value[] {
    if (isList(value)) {
      this.#scope.budget.spend(value.length * LIST_STEPS);
      return value;
    }
    if (!isMap(value)) return NONE;
    const keys = Object.keys(value);
    this.#scope.budget.spend(keys.length * LIST_STEPS);
    const children: Value[] = [];
    for (const key of keys) children.push(readKey(value, key) ?? null);
    return children;
  }
}
