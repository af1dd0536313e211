import type { Env, FunctionDef, Host, NameUse, Value } from '../expr/index.ts';
import { isMap, readKey } from '../expr/index.ts';
import { explainEmpty, explainMissing } from './explain-missing.ts';
import { compileFilter } from './filter.ts';
import { parsePath, type Segment } from './path-syntax.ts';
import { type Part, readItem, readMember, walkAll } from './walk.ts';

export interface PathOptions {
  /** Functions that the conditions of filters may call besides the language's own. */
  readonly functions?: ReadonlyMap<string, FunctionDef>;
}

/** A compiled JSONPath. */
export interface CompiledPath {
  /** Names of the flow that its filters read; offsets are those of the path. */
  readonly names: readonly NameUse[];
  /** Whether it leads to one value at most; if not, it gives a list. */
  readonly isDefinite: boolean;
  /**
   * What the path leads to in a step's result: the value, or a list when the path has wildcards, slices, filters or descents.
   * A path that does not begin with a key of the result is looked up in its `body`.
   * @throws CaptureError when it leads to nothing
   */
  find(result: Value, env: Env, host: Host): Value;
}

/** Compiles a JSONPath: `$.body.items[0].id`, `$..id`, `$.items[?@.price > limit].id`. @throws ExprError at the place that is wrong */
export function compilePath(source: string, options: PathOptions = {}): CompiledPath {
  const segments = parsePath(source);
  const path = source.trim();
  const steps = listSteps(segments);
  if (steps) {
    const find = (result: Value) => findOne(chooseRoot(result, segments[0]), steps, { path, segments, result });
    return { names: [], isDefinite: true, find };
  }
  const parts: readonly Part[] = segments.map((segment) => ({
    segment,
    filter: segment.kind === 'filter' ? compileFilter(segment.text, segment.textOffset, options.functions) : undefined,
  }));
  return {
    names: parts.flatMap((part) => part.filter?.names ?? []),
    isDefinite: false,
    find(result, env, host) {
      const root = chooseRoot(result, segments[0]);
      const findings = walkAll(root, parts, { root, env, host });
      if (findings.values.length === 0) throw explainEmpty({ path, segments, result, root }, findings);
      return findings.values;
    },
  };
}

/** The keys and positions of a path that has nothing else; undefined when it has. */
function listSteps(segments: readonly Segment[]): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (const segment of segments) {
    if (segment.kind === 'key') steps.push(segment.key);
    else if (segment.kind === 'index') steps.push(segment.index);
    else return undefined;
  }
  return steps;
}

/** The result, or its `body` when the path does not begin with a key of the result. */
function chooseRoot(result: Value, first: Segment | undefined): Value {
  if (first === undefined || !isMap(result)) return result;
  const isThere = first.kind === 'key' && readKey(result, first.key) !== undefined;
  return isThere ? result : (readKey(result, 'body') ?? result);
}

function findOne(
  root: Value,
  steps: readonly (string | number)[],
  context: { path: string; segments: readonly Segment[]; result: Value },
): Value {
  let value = root;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] ?? 0;
    const next = typeof step === 'number' ? readItem(value, step) : readMember(value, step);
    if (next === undefined) throw explainMissing({ ...context, root }, { value, at });
    value = next;
  }
  return value;
}
