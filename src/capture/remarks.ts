import { describeType, formatValue, isList, isMap, type Value } from '../expr/index.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { isOrdered } from './compare-sides.ts';
import { type Condition, isSingular, type OwnExpression, type PathPlace, type Query } from './query.ts';
import { readSingular } from './walk.ts';

type Comparison = Extract<Condition, { kind: 'compare' }>;
type PatternTest = Extract<Condition, { kind: 'pattern' }>;

const MOST_VALUES = 3;
const MAX_VALUE_LENGTH = 80;

/** Gathers why conditions were false, for a path that finds nothing. */
export class Remarks {
  readonly #source: string;
  readonly #found = new Set<Query>();
  /** What was missing, with the first item that lacked it. */
  readonly #missed = new Map<Query, Value>();
  readonly #unlike: string[] = [];
  /** What expressions came to that are the same for every item. */
  readonly #values = new Map<string, Value>();
  #isNullMeant = false;
  #singular: Query | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Takes down whether a query found something in an item. */
  noteQuery(query: Query, item: Value, value: Value | undefined): void {
    if (value !== undefined) this.#found.add(query);
    else if (!this.#missed.has(query)) this.#missed.set(query, item);
  }

  /** Takes down a comparison of what cannot be compared. */
  noteComparison(condition: Comparison, left: Value | undefined, right: Value | undefined): void {
    if (left === undefined || right === undefined) {
      if (left === null || right === null) this.#isNullMeant = true;
      return;
    }
    const isEquality = condition.comparator === '==' || condition.comparator === '!=';
    const isUnlike = isEquality ? areNumberAndText(left, right) : !isOrdered(left, right);
    if (!isUnlike || this.#unlike.length > 0) return;
    this.#unlike.push(`\`${this.#cut(condition)}\` compares ${describeType(left)} with ${describeType(right)}`);
  }

  /** Takes down a text that is none: patterns find nothing in others. */
  notePattern(condition: PatternTest, subject: Value | undefined): void {
    if (subject === undefined || typeof subject === 'string' || this.#unlike.length > 0) return;
    this.#unlike.push(`\`${this.#cut(condition)}\` looks into texts alone, and got ${describeType(subject)}`);
  }

  /** Takes down what an expression came to that reads nothing of the item. */
  noteOwn({ text, queries }: OwnExpression, value: Value): void {
    if (queries.length === 0 && this.#values.size < MOST_VALUES) this.#values.set(text, value);
  }

  /** Takes down a count of what is one at most. */
  noteCount(query: Query): void {
    if (isSingular(query)) this.#singular ??= query;
  }

  /** What is worth saying, a sentence each. */
  list(): readonly string[] {
    const missing = [...this.#missed].filter(([query]) => !this.#found.has(query));
    const lines = missing.slice(0, 2).flatMap(([query, item]) => this.#describeMissing(query, item));
    const [first] = missing;
    if (first && this.#isNullMeant) lines.push(`a missing key is not null: \`!${this.#cut(first[0])}\` asks for that`);
    if (this.#singular) {
      const text = this.#cut(this.#singular);
      lines.push(`\`count(${text})\` is at most 1: \`length(${text})\` is the number of its items`);
    }
    const values = [...this.#values].map(([text, value]) => `\`${text}\` is ${shorten(formatValue(value))}`);
    return [...lines, ...this.#unlike, ...values];
  }

  #describeMissing(query: Query, item: Value): readonly string[] {
    const text = this.#cut(query);
    const selector = query.segments.at(-1)?.selectors[0];
    const owner = readSingular(item, query.segments.slice(0, -1));
    const line = `no item has \`${text}\``;
    if (selector?.kind !== 'name' || owner === undefined) return [line];
    if ((isList(owner) || typeof owner === 'string') && selector.key === 'length') {
      const measured = text.replace(/\s*\.\s*length$/, '');
      return [`\`${measured}\` has no key \`length\`: its length is \`length(${measured})\``];
    }
    if (!isMap(owner)) return [line];
    const keys = Object.keys(owner);
    const nearest = findNearest(selector.key, keys);
    if (nearest !== undefined) return [line, `did you mean \`${nearest}\`?`];
    return keys.length === 0 ? [line] : [`${line}: the first has ${listNames(keys)}`];
  }

  #cut({ offset, length }: PathPlace): string {
    return this.#source.slice(offset, offset + length);
  }
}

function shorten(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

function areNumberAndText(left: Value, right: Value): boolean {
  const kinds = [describeType(left), describeType(right)];
  return kinds.includes('string') && kinds.some((kind) => kind === 'int' || kind === 'float');
}
