import type { Value } from '../expr/index.ts';
import { ExprError, isList, isMap, readKey } from '../expr/index.ts';
import { CaptureError } from './capture-error.ts';
import type { Filter, FilterScope } from './filter.ts';
import type { Segment } from './path-syntax.ts';

/** A part of a path with its filter compiled. */
export interface Part {
  readonly segment: Segment;
  readonly filter?: Filter | undefined;
}

const MAX_VISITS = 1_000_000;

/** The member of a value that a key names: an own key, or the length of a list; undefined when there is none. */
export function readMember(value: Value, key: string): Value | undefined {
  if (isMap(value)) return readKey(value, key);
  if (!isList(value)) return undefined;
  if (key === 'length') return value.length;
  return /^\d+$/.test(key) ? readItem(value, Number(key)) : undefined;
}

/** The item of a list at a position, from the end when negative; of a map the member with that key. */
export function readItem(value: Value, index: number): Value | undefined {
  if (isList(value)) return value[index < 0 ? value.length + index : index];
  return isMap(value) ? readKey(value, String(index)) : undefined;
}

/** What a walk found, and why filters could not judge some items. */
export interface Findings {
  readonly values: readonly Value[];
  /** How many parts of the path found something. */
  readonly reached: number;
  readonly filterError?: ExprError | undefined;
}

/** All values that a path with wildcards, slices, filters or descents leads to, in document order. */
export function walkAll(root: Value, parts: readonly Part[], scope: FilterScope): Findings {
  const walk = new Walk(scope);
  let values: readonly Value[] = [root];
  let reached = 0;
  for (const part of parts) {
    const next = walk.step(values, part);
    if (next.length === 0) return { values: next, reached, filterError: walk.filterError };
    values = next;
    reached++;
  }
  return { values, reached };
}

class Walk {
  filterError: ExprError | undefined;
  readonly #scope: FilterScope;
  #visits = 0;

  constructor(scope: FilterScope) {
    this.#scope = scope;
  }

  step(values: readonly Value[], part: Part): readonly Value[] {
    const found: Value[] = [];
    for (const value of values) {
      for (const each of this.#select(value, part)) this.#keep(each, found);
    }
    return found;
  }

  #select(value: Value, { segment, filter }: Part): Iterable<Value | undefined> {
    switch (segment.kind) {
      case 'key':
        return [readMember(value, segment.key)];
      case 'index':
        return [readItem(value, segment.index)];
      case 'union':
        return segment.parts.map((part) =>
          typeof part === 'number' ? readItem(value, part) : readMember(value, part),
        );
      case 'wildcard':
        return listChildren(value);
      case 'slice':
        return isList(value) ? sliceList(value, segment) : [];
      case 'filter':
        return listChildren(value).filter((child) => filter !== undefined && this.#accepts(filter, child));
      case 'descend':
        return listContainers(value);
      default:
        return segment satisfies never;
    }
  }

  #keep(value: Value | undefined, found: Value[]): void {
    if (value === undefined) return;
    this.#visits++;
    if (this.#visits > MAX_VISITS) throw new CaptureError(`the path leads to more than ${MAX_VISITS} values`);
    found.push(value);
  }

  /** An item that the condition does not fit (a comparison with what it lacks) is not meant; the reason is kept for when none fits. */
  #accepts(filter: Filter, child: Value): boolean {
    try {
      return filter.accepts(child, this.#scope);
    } catch (error) {
      if (!(error instanceof ExprError)) throw error;
      this.filterError ??= error;
      return false;
    }
  }
}

/** The value and every list and map below it, in document order. */
function* listContainers(value: Value): Iterable<Value> {
  const open: Value[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isList(next) && !isMap(next)) continue;
    yield next;
    const children = listChildren(next);
    for (let at = children.length - 1; at >= 0; at--) open.push(children[at] ?? null);
  }
}

function listChildren(value: Value): readonly Value[] {
  if (isList(value)) return value;
  return isMap(value) ? Object.keys(value).map((key) => readKey(value, key) ?? null) : [];
}

function sliceList(list: readonly Value[], slice: { start?: number; end?: number; step: number }): readonly Value[] {
  const { step } = slice;
  const { length } = list;
  const clamp = (position: number, least: number, most: number) =>
    Math.min(most, Math.max(least, position < 0 ? length + position : position));
  const found: Value[] = [];
  if (step > 0) {
    const end = clamp(slice.end ?? length, 0, length);
    for (let at = clamp(slice.start ?? 0, 0, length); at < end; at += step) found.push(list[at] ?? null);
    return found;
  }
  const end = slice.end === undefined ? -1 : clamp(slice.end, -1, length - 1);
  for (let at = clamp(slice.start ?? length - 1, -1, length - 1); at > end; at += step) found.push(list[at] ?? null);
  return found;
}
