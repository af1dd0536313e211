import type { Env, FunctionDef, Host, NameUse, Value } from '../expr/index.ts';
import { createBudgetError, ExprError, isMap, isOverBudget, readKey } from '../expr/index.ts';
import { readCondition } from './condition-syntax.ts';
import { Evaluation } from './evaluation.ts';
import { type Break, explainEmpty, explainJudge, explainMissing, type Search } from './explain-missing.ts';
import { listSlips } from './near-miss.ts';
import { createSyntaxError, PathReader } from './path-reader.ts';
import { readSegments } from './path-syntax.ts';
import { isSingular, type Segment, type Selector } from './query.ts';
import { Remarks } from './remarks.ts';
import { JudgeError, readSingular, Walk } from './walk.ts';

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
   * @throws CaptureError when it leads to nothing or an item cannot be judged; ExprError of kind `budget` when it looks at too much
   */
  find(result: Value, env: Env, host: Host): Value;
  /** The same without reasons: undefined when it leads to nothing. @throws as `find` for anything else */
  look(result: Value, env: Env, host: Host): Value | undefined;
}

const MAX_LENGTH = 10_000;

/** Compiles a JSONPath (RFC 9535): `$.body.items[0].id`, `$..id`, `$.items[?@.price > limit].id`. @throws ExprError at the place that is wrong */
export function compilePath(source: string, options: PathOptions = {}): CompiledPath {
  const reader = new PathReader(source, options.functions);
  const segments = parsePath(reader);
  const isDefinite = isSingular({ segments });
  const begin = (result: Value, env: Env, host: Host): Search => {
    const root = chooseRoot(result, segments[0]);
    return { source, segments, result, root, env, host };
  };
  const look = (search: Search): Value | undefined => {
    if (isDefinite) return readSingular(search.root, segments);
    const values = collect(search);
    return values.length > 0 ? values : undefined;
  };
  return {
    names: reader.names,
    isDefinite,
    find: (...given) => {
      const search = begin(...given);
      const found = look(search);
      return found === undefined ? explain(search, isDefinite) : found;
    },
    look: (...given) => look(begin(...given)),
  };
}

function parsePath(reader: PathReader): readonly Segment[] {
  const { source } = reader;
  if (source.length > MAX_LENGTH) throw createSyntaxError(`the path has more than ${MAX_LENGTH} characters`, 0, 1);
  reader.skipBlanks();
  if (!reader.takeText('$'))
    throw createSyntaxError('a path begins with `$`', reader.at, 1, `write \`$.${source.trim()}\``);
  const start = reader.at;
  const segments = readSegments(reader, true, readCondition);
  const rest = source.slice(reader.at).trimEnd();
  if (rest === '') return segments;
  const hint = reader.at === start && /^\w/.test(rest) ? `write \`$.${rest}\`` : hintAtRest(rest);
  throw createSyntaxError(`\`${rest.slice(0, 20)}\` does not continue a path`, reader.at, rest.length, hint);
}

function hintAtRest(rest: string): string {
  if (rest.startsWith('^')) return 'a path cannot go up: filter the level above, for example `$.items[?@.price > 10]`';
  if (rest.startsWith('~')) return 'a path leads to values: for keys use the expression `keys(…)`';
  return '`.name`, `[0]`, `["name"]`, `[*]` or `[?…]` may follow';
}

/** The result, or its `body` when the path does not begin with a key of the result. */
function chooseRoot(result: Value, first: Segment | undefined): Value {
  if (first === undefined || !isMap(result)) return result;
  const isKey = (selector: Selector): boolean =>
    selector.kind === 'name' && readKey(result, selector.key) !== undefined;
  const isThere = !first.isDescendant && first.selectors.some(isKey);
  return isThere ? result : (readKey(result, 'body') ?? result);
}

/** All that a path of any form leads to. */
function collect(search: Search): readonly Value[] {
  const { source, segments, root } = search;
  const values: Value[] = [];
  try {
    const evaluation = new Evaluation(search);
    const take = (value: Value): boolean => {
      evaluation.budget.makeItems(1);
      values.push(value);
      return false;
    };
    new Walk(segments, evaluation, take).from(root);
    return values;
  } catch (error) {
    if (error instanceof JudgeError) throw explainJudge(source, error);
    const overBudget = toBudgetError(error);
    throw overBudget ? explainBudget(source, overBudget) : error;
  }
}

/** Goes once more to where a path leads to nothing, to see why. */
function explain(search: Search, isDefinite: boolean): never {
  if (isDefinite) throw explainMissing(search, findBreak(search));
  const { source, segments, root } = search;
  const remarks = new Remarks(source);
  const walk = new Walk(segments, new Evaluation(search, remarks), () => false);
  walk.from(root);
  const { reached } = walk;
  throw explainEmpty(search, {
    reached,
    remarks: remarks.list(),
    listSlips: (owner) => listSlips(search, reached, owner),
  });
}

/** The first part of a path of names and positions that its value does not have. */
function findBreak({ segments, root }: Search): Break {
  let value = root;
  for (const at of segments.keys()) {
    const next = readSingular(value, segments.slice(at, at + 1));
    if (next === undefined) return { value, at };
    value = next;
  }
  return { value, at: segments.length };
}

function toBudgetError(error: unknown): ExprError | undefined {
  if (error instanceof ExprError && isOverBudget(error)) return error;
  const isTooDeep = error instanceof RangeError && /call stack/i.test(error.message);
  return isTooDeep ? createBudgetError('the value is nested too deeply for this path') : undefined;
}

function explainBudget(source: string, { message, hint }: ExprError): ExprError {
  const isDescending = hint !== undefined && source.split('..').length > 2;
  const advice = isDescending
    ? 'each `..` looks below everything that the one before it found: name the parts in between'
    : hint;
  return new ExprError('budget', message, { offset: 0, length: source.length, hint: advice });
}
