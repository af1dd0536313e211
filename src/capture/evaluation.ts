import type { Env, Host, Pattern, Value } from '../expr/index.ts';
import {
  Budget,
  createRunError,
  describeType,
  ExprError,
  isInteger,
  isList,
  isMap,
  isNumber,
  isOverBudget,
  toDouble,
} from '../expr/index.ts';
import { compareSides } from './compare-sides.ts';
import { checkGivenPattern, compileIRegexp } from './i-regexp.ts';
import {
  type ComputedMember,
  type Condition,
  isSingular,
  type Operand,
  type OwnExpression,
  type Query,
} from './query.ts';
import type { Remarks } from './remarks.ts';
import { chargePattern, measureValue } from './value-functions.ts';
import { readSelected, readSingular, Walk, type WalkScope } from './walk.ts';

/** What the conditions of a path see. */
export interface Surroundings {
  /** What the path begins at. */
  readonly root: Value;
  readonly env: Env;
  readonly host: Host;
}

type ConditionOf<K extends Condition['kind']> = Extract<Condition, { kind: K }>;

/** One evaluation of a path, with one budget for all that it looks at. */
export class Evaluation implements WalkScope {
  depth = 0;
  readonly budget: Budget;
  readonly #surroundings: Surroundings;
  readonly #remarks: Remarks | undefined;
  readonly #patterns = new Map<string, Pattern | ExprError>();

  constructor(surroundings: Surroundings, remarks?: Remarks) {
    this.budget = new Budget(surroundings.host);
    this.#surroundings = surroundings;
    this.#remarks = remarks;
  }

  /** Whether an item satisfies a condition. @throws ExprError when an expression of our own cannot be evaluated for it */
  judge(condition: Condition, item: Value): boolean {
    this.budget.spend(1);
    switch (condition.kind) {
      case 'or':
        return condition.parts.some((part) => this.judge(part, item));
      case 'and':
        return condition.parts.every((part) => this.judge(part, item));
      case 'not':
        return !this.judge(condition.part, item);
      case 'exists':
        return this.#exists(condition.query, item);
      case 'holds': {
        const value = this.#read(condition.query, item);
        return value !== undefined && value !== null && value !== false;
      }
      case 'compare':
        return this.#compare(condition, item);
      case 'pattern':
        return this.#matches(condition, item);
      case 'own':
        return this.#holds(condition.own, item);
      default:
        return condition satisfies never;
    }
  }

  #exists(query: Query, item: Value): boolean {
    if (isSingular(query)) return this.#read(query, item) !== undefined;
    return new Walk(query.segments, this, () => true).from(this.#begin(query, item));
  }

  /** The value of a query that leads to one at most. */
  #read(query: Query, item: Value): Value | undefined {
    this.budget.spend(query.segments.length);
    const value = readSingular(this.#begin(query, item), query.segments);
    if (query.isRelative) this.#remarks?.noteQuery(query, item, value);
    return value;
  }

  #begin({ isRelative }: Query, item: Value): Value {
    return isRelative ? item : this.#surroundings.root;
  }

  #compare(condition: ConditionOf<'compare'>, item: Value): boolean {
    const left = this.take(condition.left, item);
    const right = this.take(condition.right, item);
    this.#remarks?.noteComparison(condition, left, right);
    return compareSides(condition.comparator, [left, right], this.budget);
  }

  /** The value of an operand; undefined for nothing. */
  take(operand: Operand, item: Value): Value | undefined {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'query':
        return this.#read(operand.query, item);
      case 'length':
        return measureValue(this.take(operand.of, item) ?? null, this.budget);
      case 'count':
        return this.#count(operand.query, item);
      case 'only':
        return this.#takeOnly(operand.query, item);
      case 'member':
        return this.#takeMember(operand, item);
      case 'own':
        return this.#evaluate(operand.own, item);
      default:
        return operand satisfies never;
    }
  }

  /** Nothing where there is no such member, as for a key that is written out. */
  #takeMember({ of, key, own }: ComputedMember, item: Value): Value | undefined {
    this.budget.spend(1);
    const owner = this.take(of, item);
    const name = this.take(key, item);
    if (owner === undefined || name === undefined || !(isMap(owner) || isList(owner))) return undefined;
    if (isMap(owner) && typeof name === 'string')
      return readSelected(owner, { kind: 'name', key: name, isLoose: false });
    if (isList(owner) && isNumber(name) && isInteger(name))
      return readSelected(owner, { kind: 'index', index: toDouble(name) });
    return this.#evaluate(own, item);
  }

  #count(query: Query, item: Value): number {
    this.#remarks?.noteCount(query);
    let count = 0;
    const take = (): boolean => {
      count++;
      return false;
    };
    new Walk(query.segments, this, take).from(this.#begin(query, item));
    return count;
  }

  /** The value of the only node; nothing when there are none or several. */
  #takeOnly(query: Query, item: Value): Value | undefined {
    const found: Value[] = [];
    new Walk(query.segments, this, (value) => found.push(value) > 1).from(this.#begin(query, item));
    return found.length === 1 ? found[0] : undefined;
  }

  #matches(condition: ConditionOf<'pattern'>, item: Value): boolean {
    const { text, pattern, isWhole } = condition;
    const subject = this.take(text, item);
    const source = this.take(pattern, item);
    const found = typeof source === 'string' ? this.#findPattern(source, isWhole) : undefined;
    this.#remarks?.notePattern(condition, subject);
    if (pattern.kind === 'own' && pattern.own.queries.length === 0) checkGivenPattern(pattern.own, source, found);
    if (typeof subject !== 'string' || found === undefined || found instanceof ExprError) return false;
    return found.test(subject, this.budget);
  }

  /** Compiles a pattern once; gives what is wrong with one that is not valid. */
  #findPattern(source: string, isWhole: boolean): Pattern | ExprError {
    const key = `${isWhole}${source}`;
    const known = this.#patterns.get(key);
    if (known) return known;
    chargePattern(source, this.budget);
    const compiled = compileSafely(source, isWhole);
    this.#patterns.set(key, compiled);
    return compiled;
  }

  /** An expression of our own that is a condition by itself. */
  #holds(own: OwnExpression, item: Value): boolean {
    const value = this.#evaluate(own, item);
    if (value === undefined || value === null) return false;
    if (typeof value === 'boolean') return value;
    const error = createRunError(`\`${own.text}\` gives ${describeType(value)}, not bool`, 'compare it with something');
    throw new ExprError('run', error.message, { ...own, hint: error.hint });
  }

  /** The value of an expression of our own; nothing when it fails because something that it reads is missing. */
  #evaluate(own: OwnExpression, item: Value): Value | undefined {
    try {
      const value = own.evaluate({ ...this.#surroundings, item, budget: this.budget });
      if (this.#remarks) for (const query of own.queries) this.#read(query, item);
      this.#remarks?.noteOwn(own, value);
      return value;
    } catch (error) {
      const isMissing = !isOverBudget(error) && own.queries.some((query) => this.#read(query, item) === undefined);
      if (isMissing) return undefined;
      throw error;
    }
  }
}

function compileSafely(source: string, isWhole: boolean): Pattern | ExprError {
  try {
    return compileIRegexp(source, isWhole);
  } catch (error) {
    if (error instanceof ExprError && !isOverBudget(error)) return error;
    throw error;
  }
}
