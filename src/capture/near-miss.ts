import {
  describeType,
  ExprError,
  findMisspelt,
  isList,
  isMap,
  isNumber,
  nearlyEqual,
  readKey,
  type Value,
} from '../expr/index.ts';
import { Evaluation } from './evaluation.ts';
import type { Search } from './explain-missing.ts';
import type { Condition, Operand, Query } from './query.ts';
import { JudgeError, readSingular, Walk } from './walk.ts';

/** So many things that a path comes to are looked at, and so many below them. */
const MOST_VALUES = 100;
const MOST_BELOW = 2000;

/** By what alone a path found nothing: a misspelt key, a type, letter case or blanks; `reached` is the part that it ended at, `owner` what that is a part of. */
export function listSlips(search: Search, reached: number, owner: string): readonly string[] {
  try {
    return findSlips(search, reached, owner);
  } catch (error) {
    // Parts that were not asked before may be no condition of such an item.
    if (error instanceof ExprError || error instanceof JudgeError) return [];
    throw error;
  }
}

function findSlips(search: Search, reached: number, owner: string): readonly string[] {
  const segment = search.segments[reached];
  const [selector, ...others] = segment?.selectors ?? [];
  if (!segment || !selector || others.length > 0) return [];
  const evaluation = new Evaluation(search);
  const values: Value[] = [];
  new Walk(search.segments.slice(0, reached), evaluation, (value) => values.push(value) >= MOST_VALUES).from(
    search.root,
  );
  const cut = ({ offset, length }: Condition | Query): string => search.source.slice(offset, offset + length);
  if (selector.kind === 'name') {
    const maps = segment.isDescendant ? listBelow(values) : values;
    const near = findKey(selector.key, maps);
    const where = segment.isDescendant ? 'nothing below' : maps.length > 1 ? 'nothing in' : '';
    return near === undefined
      ? []
      : [`${where === '' ? owner : `${where} ${owner}`} has ${where === '' ? 'no ' : ''}${near}`];
  }
  if (selector.kind !== 'filter' || segment.isDescendant) return [];
  const items = values.flatMap((value) => listChildren(value).slice(0, MOST_VALUES)).slice(0, MOST_VALUES);
  const judge = new NearJudge(evaluation, { items, owner, cut });
  for (const item of items) {
    const slips = judge.judge(selector.condition, item);
    if (slips && slips.length > 0) return slips;
  }
  return [];
}

/** A key that none of the maps has, with the one of theirs that it is a slip of. */
function findKey(key: string, maps: readonly Value[]): string | undefined {
  if (maps.some((map) => isMap(map) && readKey(map, key) !== undefined)) return undefined;
  const near = findMisspelt(key, [...new Set(maps.flatMap((map) => (isMap(map) ? Object.keys(map) : [])))]);
  return near === undefined ? undefined : `\`${key}\`; there is \`${near}\``;
}

function listChildren(value: Value): readonly Value[] {
  if (isList(value)) return value;
  return isMap(value) ? Object.keys(value).map((key) => readKey(value, key) ?? null) : [];
}

function listBelow(values: readonly Value[]): readonly Value[] {
  const found = [...values];
  for (let at = 0; at < found.length && found.length < MOST_BELOW; at++)
    found.push(...listChildren(found[at] ?? null).slice(0, MOST_BELOW));
  return found.slice(0, MOST_BELOW);
}

interface Place {
  readonly items: readonly Value[];
  readonly owner: string;
  readonly cut: (place: Condition | Query) => string;
}

/** Says by what alone an item does not satisfy a condition: nothing where it does, undefined where it is another one. */
class NearJudge {
  readonly #evaluation: Evaluation;
  readonly #place: Place;

  constructor(evaluation: Evaluation, place: Place) {
    this.#evaluation = evaluation;
    this.#place = place;
  }

  judge(condition: Condition, item: Value): readonly string[] | undefined {
    if (this.#evaluation.judge(condition, item)) return [];
    if (condition.kind === 'and') {
      const parts = condition.parts.map((part) => this.judge(part, item));
      return parts.some((part) => !part) ? undefined : parts.flatMap((part) => part ?? []);
    }
    if (condition.kind === 'or') return condition.parts.map((part) => this.judge(part, item)).find((part) => part);
    const slip = this.#findSlip(condition, item);
    return slip === undefined ? undefined : [slip];
  }

  #findSlip(condition: Condition, item: Value): string | undefined {
    switch (condition.kind) {
      case 'exists':
      case 'holds':
        return this.#findKey(condition.query, item);
      case 'compare':
        return this.#compare(condition, item);
      case 'pattern':
        return this.#findKeyOf(condition.text, item) ?? this.#match(condition, item);
      default:
        return undefined;
    }
  }

  #compare(condition: Extract<Condition, { kind: 'compare' }>, item: Value): string | undefined {
    const { left, right, comparator } = condition;
    const key = this.#findKeyOf(left, item) ?? this.#findKeyOf(right, item);
    if (key !== undefined || comparator === '!=') return key;
    const [a, b] = [this.#evaluation.take(left, item), this.#evaluation.take(right, item)];
    if (a === undefined || b === undefined) return undefined;
    const text = this.#place.cut(condition);
    const by = comparator.endsWith('=') ? nearlyEqual(a, b) : undefined;
    if (by !== undefined) return `\`${text}\` is so of an item of ${this.#place.owner} but for ${by}`;
    const [x, y] = [toNumber(a), toNumber(b)];
    if (comparator === '==' || typeof a === typeof b || x === undefined || y === undefined) return undefined;
    const isSo = comparator.startsWith('<') ? x < y : x > y;
    return isSo ? `\`${text}\` compares ${describeType(a)} with ${describeType(b)}: it is so but for type` : undefined;
  }

  #match(condition: Extract<Condition, { kind: 'pattern' }>, item: Value): string | undefined {
    const subject = this.#evaluation.take(condition.text, item);
    if (subject === undefined || !isNumber(subject)) return undefined;
    const text: Operand = { kind: 'literal', value: String(subject) };
    if (!this.#evaluation.judge({ ...condition, text }, item)) return undefined;
    return `\`${this.#place.cut(condition)}\` looks into texts alone, and got ${describeType(subject)}: it is so but for type`;
  }

  #findKeyOf(operand: Operand, item: Value): string | undefined {
    return operand.kind === 'query' ? this.#findKey(operand.query, item) : undefined;
  }

  /** Of `@.a.b` the key `b`, where no item has it. */
  #findKey({ segments, isRelative }: Query, item: Value): string | undefined {
    const [selector] = segments.at(-1)?.selectors ?? [];
    if (!isRelative || selector?.kind !== 'name' || readSingular(item, segments) !== undefined) return undefined;
    const owners = this.#place.items.map((one) => readSingular(one, segments.slice(0, -1)) ?? null);
    const near = findKey(selector.key, owners);
    return near === undefined ? undefined : `no item of ${this.#place.owner} has ${near}`;
  }
}

function toNumber(value: Value): number | undefined {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  const isWritten = typeof value === 'string' || isNumber(value);
  return isWritten && !Number.isNaN(number) ? number : undefined;
}
