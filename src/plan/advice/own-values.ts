import { compile, ExprError, type FunctionDef, type Node, scanTemplate } from '../../expr/index.ts';
import { hasTrait } from '../../model/action/traits.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { CapturePlan, FlowPlan } from '../../model/plan.ts';
import { listPhases, listSteps, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import type { CalledFlow, PlannedStep } from '../read/context.ts';
import { holdsForOwn } from './own-conditions.ts';
import { isOwnCall, isOwnMethod, keepsApart } from './own-functions.ts';

/** Built-in names that another flow, at the same time in the same run, has another value for: not `RUN_ID`, nor times that are the same for a second. */
const OWN_BUILTINS = ['UUID', 'RANDOM_ID', 'ISO_TIMESTAMP', 'TRACE_ID'];

/** The members after a value; undefined: any. */
type Path = readonly (string | number | undefined)[];
/** Whether what somebody gives a name is own. */
type Maker = (path: Path) => boolean;

/** What is known of a flow's names besides what it says itself. */
export interface OutsideNames {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** The names of a flow that are given from outside: nothing says that no other flow has their values. */
  readonly givenTo: (flow: FlowPlan) => ReadonlySet<string>;
  /** Of a flow that is called: the names that the call gives, with whether the value is the calling flow's own. */
  readonly inputs?: ReadonlyMap<string, boolean> | undefined;
}

/**
 * Judges values as authored: one flow alone has those that are something random, the time to the millisecond or a capture as it
 * is, or a text around it. What a look finds was there before, unless it is found by an own value. A name is own where everything in the flow that gives it a value gives an own one, whichever of them is nearest.
 */
export class OwnValues {
  readonly #makers = new Map<string, Maker[]>();
  readonly #results = new Map<string, Maker[]>();
  readonly #known = new Map<string, boolean>();
  readonly #asked = new Set<string>();
  readonly #outside: OutsideNames;

  constructor(flow: CalledFlow, outside: OutsideNames) {
    this.#outside = outside;
    for (const name of OWN_BUILTINS) this.#addName(name, (path) => path.length === 0);
    for (const [name, isOwn] of outside.inputs ?? []) this.#addName(name, () => isOwn);
    for (const name of [...outside.givenTo(flow), ...flow.columns]) this.#addName(name, () => false);
    for (const { name, authored, literal } of flow.declared) {
      this.#addName(name, (path) => literal === undefined && this.#isOwnAt(authored, path));
    }
    for (const step of listSteps(listPhases(flow), ownChildrenAndCleanups)) this.#addStep(step);
  }

  /** Whether a value as authored holds something that is this flow's own. */
  has(authored: unknown): boolean {
    return this.#isOwnAt(authored, []);
  }

  /** Whether what a step waits for is found by an own value: nothing that another flow causes is. */
  awaits({ action, foresight: { awaited } }: PlannedStep): boolean {
    const given = Object.values(action.settings.expressions ?? {}).flatMap((names) => (names === 'child' ? [] : names));
    return awaited?.ownBy === true || (awaited !== undefined && this.#identifies(awaited.ownBy, new Set(given)));
  }

  /** Whether all that is waited for holds an own value; a condition in it has names besides the flow's. */
  #identifies(awaited: unknown, besides: ReadonlySet<string>): boolean {
    if (typeof awaited !== 'object' || awaited === null) return this.has(awaited);
    if (isExpressionAt(awaited)) {
      const isOwn = (node: Node): boolean => this.#isOwnNode(node, []);
      return holdsForOwn(awaited.expression.ast, { besides, isOwn });
    }
    return Object.values(awaited).some((item) => this.#identifies(item, besides));
  }

  /** The names that a call gives its flow. */
  listInputs({ action, authored }: PlannedStep): ReadonlyMap<string, boolean> {
    const setting = action.control?.calls?.input;
    const inputs = setting === undefined ? {} : Object(Object(authored)[setting]);
    return new Map(Object.keys(inputs).map((name) => [name, this.has(inputs[name])]));
  }

  #addName(name: string, maker: Maker): void {
    this.#makers.set(name, [...(this.#makers.get(name) ?? []), maker]);
  }

  #addStep(step: PlannedStep): void {
    const { id, action, authored, output, bindings } = step;
    const result = this.#judgeResult(step);
    this.#addName(id, result);
    this.#results.set(id, [...(this.#results.get(id) ?? []), result]);
    for (const name of action.result.variables?.(authored) ?? []) {
      this.#addName(name, (path) => this.#isOwnAt(authored, [name, ...path]));
    }
    for (const capture of output) this.#addName(capture.name, () => isTakenFrom(result, capture));
    // What goes on from round to round may be anything.
    const [item, ...positions] = action.control?.rounds ? [] : bindings;
    const things = Object.values(Object(authored)).filter((value) => typeof value === 'string' || Array.isArray(value));
    if (item !== undefined) {
      this.#addName(item, (path) => things.some((list) => this.#isOwnAt(list, [undefined, ...path])));
    }
    for (const name of action.control?.rounds ? bindings : positions) this.#addName(name, () => false);
  }

  #isFoundByOwn({ authored, foresight: { found = authored } }: PlannedStep): boolean {
    return found === 'own' || this.has(found);
  }

  /** What a step comes to: an answer is own but for its numbers (`status`), what it makes of its settings only where they are. */
  #judgeResult(step: PlannedStep): Maker {
    const { action, authored, children, calls, resultKinds } = step;
    if (calls) return this.#judgeCall(step, calls);
    if (action.traits?.isLocal) return (path) => this.#isOwnAt(authored, path);
    if (hasTrait(action.traits?.isLook, authored) && !this.#isFoundByOwn(step)) return () => false;
    const below = children.map((child) => ({ output: child.output, result: this.#judgeResult(child) }));
    return (path) => {
      const [key = ''] = path;
      const kind = resultKinds.get(String(key)) ?? '';
      if (/^(?:number|bool)/.test(kind)) return false;
      // A text of the name of a setting is what was sent.
      if (/^string/.test(kind) && Object.hasOwn(Object(authored), key)) return this.#isOwnAt(authored, path);
      return below.every(({ output, result }) => result([]) && output.every((capture) => isTakenFrom(result, capture)));
    };
  }

  #judgeCall(step: PlannedStep, calls: CalledFlow): Maker {
    let inner: OwnValues | undefined;
    return ([name, ...path]) => {
      if (typeof name !== 'string') return false;
      inner ??= new OwnValues(calls, { ...this.#outside, inputs: this.listInputs(step) });
      if (!calls.output) return inner.#isOwnName(name, path);
      const output = calls.output.find((capture) => capture.name === name);
      return output?.from === 'names' && inner.#isOwnSource(output.text.text, path);
    };
  }

  #isOwnAt(authored: unknown, path: Path): boolean {
    if (typeof authored === 'string') return this.#isOwnText(authored, path);
    if (typeof authored !== 'object' || authored === null) return false;
    if (isExpressionAt(authored)) return this.#isOwnNode(authored.expression.ast, path);
    const [key, ...rest] = path;
    const items = Object.values(authored);
    if (path.length === 0) return items.some((item) => this.#isOwnAt(item, []));
    if (key === undefined) return items.length > 0 && items.every((item) => this.#isOwnAt(item, rest));
    return Object.hasOwn(authored, key) && this.#isOwnAt(Reflect.get(authored, key), rest);
  }

  #isOwnText(text: string, path: Path): boolean {
    if (!/\{\{|\$\{|<</.test(text)) return false;
    return this.#attempt(() => {
      const parts = scanTemplate(text);
      if (parts.length > 1 && path.length > 0) return false;
      return parts.some((part) => typeof part !== 'string' && this.#isOwnNode(part, path));
    });
  }

  #isOwnSource(source: string, path: Path): boolean {
    return this.#attempt(() => {
      const { functions } = this.#outside;
      return this.#isOwnNode(compile(source, { functions, placeholders: true }).ast, path);
    });
  }

  /** What is wrong with a text is a finding already. */
  #attempt(judge: () => boolean): boolean {
    try {
      return judge();
    } catch (error) {
      if (error instanceof ExprError) return false;
      throw error;
    }
  }

  /** Whether a value, or what stands at a path in it, is own as it is, or a text or list with such a part. */
  #isOwnNode(node: Node, path: Path): boolean {
    const isOwn = (part: Node): boolean => this.#isOwnNode(part, path);
    if (node.kind === 'name') return this.#isOwnName(node.name, path);
    if (node.kind === 'member') return this.#isOwnNode(node.object, [node.name, ...path]);
    if (node.kind === 'index') return this.#isOwnNode(node.object, [readKey(node.index), ...path]);
    if (node.kind === 'chain') return isOwn(node.body);
    if (node.kind === 'conditional') return isOwn(node.then) && isOwn(node.otherwise);
    if (node.kind === 'binary' && node.operator === '??') return isOwn(node.left) && isOwn(node.right);
    if (path.length > 0) return false;
    if (node.kind === 'text') return node.parts.some((part) => typeof part !== 'string' && isOwn(part));
    if (node.kind === 'list') return node.items.some(isOwn);
    if (node.kind === 'map') return node.entries.some(({ value }) => isOwn(value));
    if (node.kind === 'binary' && node.operator === '+') {
      const sides = [node.left, node.right];
      return sides.some(isOwn) && sides.every((side) => isPlain(side) || isOwn(side));
    }
    if (node.kind === 'method') return isOwnMethod(node);
    if (node.kind === 'call') return isOwnCall(node) || (keepsApart(node) && node.args.every(isOwn));
    return false;
  }

  #isOwnName(name: string, path: Path): boolean {
    const key = JSON.stringify([name, ...path.map((part) => part ?? null)]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // What is made of itself is not followed.
    if (this.#asked.has(name)) return false;
    this.#asked.add(name);
    const isOwn = this.#askMakers(name, path);
    this.#asked.delete(name);
    this.#known.set(key, isOwn);
    return isOwn;
  }

  #askMakers(name: string, path: Path): boolean {
    const [key, ...rest] = path;
    const makers = this.#makers.get(name);
    if (makers) return makers.every((isOwn) => isOwn(path));
    if (typeof key !== 'string') return false;
    if (name === '$env') return this.#isOwnName(key, rest);
    const results = name === 'steps' ? this.#results.get(key.replace(/^(?:setup|steps|teardown)\//, '')) : undefined;
    return results?.every((isOwn) => isOwn(rest)) === true;
  }
}

/** Whether a capture is a part of an own result, and neither worked out nor a default. */
function isTakenFrom(result: Maker, { from, text }: CapturePlan): boolean {
  if (from !== 'result') return false;
  const [start, key] = /^(?:\$\.?)?(?:\[['"])?(\w+)?(?:['"]\])?/.exec(text.text) ?? [''];
  return result(start.length === text.text.length ? [key] : [key, undefined]);
}

/** The member that an index names, where it is written out. */
function readKey(index: Node): string | number | undefined {
  const value = index.kind === 'literal' ? index.value : undefined;
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** Whether something is no calculation, which could take away what it is added to. */
function isPlain({ kind }: Node): boolean {
  return kind === 'literal' || kind === 'text' || kind === 'name' || kind === 'member';
}
