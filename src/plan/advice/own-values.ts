import { compileTemplate, ExprError, type FunctionDef, listChildren, type Node } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import { VOLATILE_FUNCTIONS } from '../read/builtin-names.ts';
import type { CalledFlow, PlannedStep } from '../read/context.ts';

/** Built-in names that another flow, at the same time in the same run, has another value for: not `RUN_ID` and `DATE`. */
const OWN_BUILTINS = ['UUID', 'RANDOM_ID', 'TIMESTAMP', 'ISO_TIMESTAMP', 'TIME', 'DATETIME', 'TRACE_ID', 'steps'];
/** Operators that hold of other values than the one that is named. */
const LOOSE: ReadonlySet<string> = new Set(['!=', '<', '<=', '>', '>=', '??']);

/** What is known of a flow's names besides what it says itself. */
export interface OutsideNames {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** The names of a flow that are given from outside: nothing says that no other flow has their values. */
  readonly givenTo: (flow: FlowPlan) => ReadonlySet<string>;
  /** Of a flow that is called: names to which the call gives a value of the calling flow's own. */
  readonly ownInputs?: ReadonlySet<string> | undefined;
}

/** Tells of values as authored whether one flow alone has them: they are made of something random, of the time, or of a capture. */
export class OwnValues {
  readonly #names: Set<string>;
  readonly #outside: OutsideNames;

  constructor(flow: CalledFlow, outside: OutsideNames) {
    this.#outside = outside;
    this.#names = new Set([...OWN_BUILTINS, ...(outside.ownInputs ?? [])]);
    const given = new Set([...outside.givenTo(flow), ...flow.columns]);
    for (const { name, authored } of flow.declared) if (!given.has(name) && this.has(authored)) this.#names.add(name);
    for (const step of listSteps([...flow.setup, ...flow.steps], ownChildren)) this.#addStep(step);
  }

  /** Whether a value as authored holds something that is this flow's own. */
  has(authored: unknown): boolean {
    if (typeof authored === 'string') return this.#isOwnText(authored);
    if (typeof authored !== 'object' || authored === null) return false;
    if (isExpressionAt(authored)) return this.#isOwnNode(authored.expression.ast);
    return Object.values(authored).some((item) => this.has(item));
  }

  #addStep({ id, action, authored, output, bindings }: PlannedStep): void {
    const isLocal = action.traits?.isLocal === true;
    const made = isLocal ? Object.entries(Object(authored)).filter(([, value]) => this.has(value)) : [];
    const variables = action.result.variables?.(authored) ?? [];
    for (const [name] of made) if (variables.includes(name)) this.#names.add(name);
    if (isLocal && made.length === 0) return;
    for (const name of [id, ...output.map((capture) => capture.name)]) this.#names.add(name);
    if (bindings.length > 0 && this.has(authored)) for (const name of bindings) this.#names.add(name);
  }

  #isOwnText(text: string): boolean {
    if (!/\{\{|\$\{|<</.test(text)) return false;
    try {
      const { names, calls } = compileTemplate(text, { functions: this.#outside.functions });
      return names.some(({ name }) => this.#names.has(name)) || calls.some((name) => VOLATILE_FUNCTIONS.has(name));
    } catch (error) {
      // What is wrong with it is a finding already.
      if (error instanceof ExprError) return true;
      throw error;
    }
  }

  /** Whether a condition holds only where an own value is met: `value.id == order_id`, and not `value.total > limit`. */
  #isOwnNode(node: Node): boolean {
    if (node.kind === 'name' || node.kind === 'fallback') return this.#names.has(node.name);
    if (node.kind === 'call' && VOLATILE_FUNCTIONS.has(node.name)) return true;
    if (node.kind === 'unary' && node.operator === 'not') return false;
    if (node.kind === 'comparison' && node.operators.some((operator) => LOOSE.has(operator))) return false;
    if (node.kind === 'binary') {
      if (LOOSE.has(node.operator)) return false;
      if (node.operator === 'or') return this.#isOwnNode(node.left) && this.#isOwnNode(node.right);
    }
    return listChildren(node).some((child) => this.#isOwnNode(child));
  }
}
