import { createRequire } from 'node:module';
import type { JSONPathOptions } from 'jsonpath-plus';
import type { Value } from '../expr/index.ts';
import { ExprError, isList, isMap, readKey } from '../expr/index.ts';
import { CaptureError } from './capture-error.ts';
import type { Filter, FilterScope } from './filter.ts';
import type { Segment } from './path-syntax.ts';

const require = createRequire(import.meta.url);

/** A part of a path with its filter compiled. */
export interface Part {
  readonly segment: Segment;
  readonly filter?: Filter | undefined;
}

const MAX_VALUES = 1_000_000;

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

/** All values that a path with wildcards, slices, filters or descents leads to. */
export function walkAll(root: Value, parts: readonly Part[], scope: FilterScope): Findings {
  const walk = new Walk(root, parts, scope);
  const values = walk.find(parts.length);
  if (values.length > 0) return { values, reached: parts.length };
  let reached = parts.length - 1;
  while (reached > 0 && walk.find(reached).length === 0) reached--;
  return { values, reached, filterError: walk.filterError };
}

/** Whether a child of a list or map is meant, by its key or position. */
type Select = (child: Value, key: string, parent: Value) => boolean;

/** What jsonpath-plus tells a test: the child, its key, and the list or map it is in by *that one's* parent and key. */
interface Sandbox {
  readonly selects: readonly Select[];
  readonly _$_v: Value;
  readonly _$_property: string | number;
  readonly _$_parent: Value | undefined;
  readonly _$_parentProperty: string | number;
  readonly _$_root: Value;
}

/** Hands a path to jsonpath-plus. What it would evaluate or read otherwise than we do, it asks of us: `[?(n)]`, n the number of one of our tests. */
class Walk {
  filterError: ExprError | undefined;
  readonly #root: Value;
  readonly #scope: FilterScope;
  readonly #selects: Select[] = [];
  readonly #texts: readonly string[];

  constructor(root: Value, parts: readonly Part[], scope: FilterScope) {
    this.#root = root;
    this.#scope = scope;
    this.#texts = parts.map((part) => this.#write(part));
  }

  /** What the first `count` parts of the path lead to. */
  find(count: number): readonly Value[] {
    if (!isList(this.#root) && !isMap(this.#root)) return [];
    const { JSONPath } = require('jsonpath-plus') as typeof import('jsonpath-plus');
    let found = 0;
    const options = {
      path: `$${this.#texts.slice(0, count).join('')}${this.#texts[count - 1] === '..' ? '*' : ''}`,
      json: this.#root as object,
      wrap: true,
      sandbox: { selects: this.#selects },
      eval: askSelect,
      callback: () => {
        if (++found > MAX_VALUES) throw new CaptureError(`the path leads to more than ${MAX_VALUES} values`, []);
      },
    };
    try {
      return JSONPath(options as unknown as JSONPathOptions) as readonly Value[];
    } catch (error) {
      if (error instanceof RangeError) throw new CaptureError('the value is nested too deep for this path', []);
      throw error;
    }
  }

  #write({ segment, filter }: Part): string {
    switch (segment.kind) {
      case 'key':
        return isPlain(segment.key) ? `['${segment.key}']` : this.#ask((_child, key) => key === segment.key);
      case 'index':
        return segment.index >= 0 ? `[${segment.index}]` : this.#ask(isAt([segment.index]));
      case 'union':
        return this.#ask(isAt(segment.parts));
      case 'wildcard':
        return '[*]';
      case 'descend':
        return '..';
      case 'slice':
        return this.#ask((_child, key, parent) => isList(parent) && isInSlice(Number(key), parent.length, segment));
      case 'filter':
        return this.#ask((child) => filter !== undefined && this.#accepts(filter, child));
      default:
        return segment satisfies never;
    }
  }

  #ask(select: Select): string {
    return `[?(${this.#selects.push(select) - 1})]`;
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

function askSelect(script: string, sandbox: Sandbox): boolean {
  const { _$_parent: above, _$_parentProperty: place, _$_root: root } = sandbox;
  const parent =
    above === undefined || above === null ? root : (above as Readonly<Record<string | number, Value>>)[place];
  const select = sandbox.selects[Number(script)];
  return select?.(sandbox._$_v, String(sandbox._$_property), parent ?? null) ?? false;
}

/** Whether jsonpath-plus takes a key in quotes as it is. */
function isPlain(key: string): boolean {
  return /^[\p{L}\p{N}_-][\p{L}\p{M}\p{N}_-]*$/u.test(key) && key !== 'length';
}

function isAt(parts: readonly (string | number)[]): Select {
  return (_child, key, parent) =>
    parts.some(
      (part) => key === String(typeof part === 'number' && part < 0 && isList(parent) ? parent.length + part : part),
    );
}

function isInSlice(at: number, length: number, slice: { start?: number; end?: number; step: number }): boolean {
  const fromEnd = (position: number): number => (position < 0 ? Math.max(0, length + position) : position);
  const start = fromEnd(slice.start ?? 0);
  return at >= start && at < fromEnd(slice.end ?? length) && (at - start) % slice.step === 0;
}
