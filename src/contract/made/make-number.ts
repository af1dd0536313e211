import {
  Budget,
  compareNumbers,
  ExactNumber,
  isInteger,
  isNumber,
  type NumberValue,
  toDouble,
} from '../../expr/index.ts';
import { calculateExactly } from '../../expr/values/exact.ts';
import { toData } from '../../source/yaml/node.ts';
import { childOf, isTrue, type Part } from '../document/documents.ts';
import type { Draws } from './draws.ts';

/** What a number has to be. */
interface Bounds {
  readonly lowest: NumberValue | undefined;
  readonly highest: NumberValue | undefined;
  readonly isLowestIn: boolean;
  readonly isHighestIn: boolean;
  readonly factors: readonly NumberValue[];
  readonly isWhole: boolean;
}

/** How far from a bound numbers are drawn. */
const RANGE = 1_000;

/** Makes a number for schemas that all have to hold for it; where there is none, one that is not right. `variant` gives other ones. */
export function makeNumber(
  parts: readonly Part[],
  { isWhole, draws, variant }: { isWhole: boolean; draws: Draws; variant: number },
): NumberValue {
  const bounds = readBounds(parts, isWhole);
  return listCandidates(bounds, draws, variant).find((candidate) => fits(candidate, bounds)) ?? 0;
}

function readBounds(parts: readonly Part[], isWhole: boolean): Bounds {
  let lowest: NumberValue | undefined;
  let highest: NumberValue | undefined;
  let isLowestIn = true;
  let isHighestIn = true;
  const raise = (value: NumberValue | undefined, isIn: boolean): void => {
    if (value === undefined || (lowest !== undefined && compareNumbers(value, lowest) < 0)) return;
    [lowest, isLowestIn] = [value, isIn];
  };
  const lower = (value: NumberValue | undefined, isIn: boolean): void => {
    if (value === undefined || (highest !== undefined && compareNumbers(value, highest) > 0)) return;
    [highest, isHighestIn] = [value, isIn];
  };
  for (const part of parts) {
    // In OpenAPI 3.0 the exclusive bound is a word about the one beside it.
    raise(numberOf(part, 'minimum'), !isTrue(part, 'exclusiveMinimum'));
    raise(numberOf(part, 'exclusiveMinimum'), false);
    lower(numberOf(part, 'maximum'), !isTrue(part, 'exclusiveMaximum'));
    lower(numberOf(part, 'exclusiveMaximum'), false);
  }
  const factors = parts.map((part) => numberOf(part, 'multipleOf')).filter((factor) => factor !== undefined);
  return { lowest, highest, isLowestIn, isHighestIn, factors, isWhole };
}

function numberOf(part: Part, key: string): NumberValue | undefined {
  const node = childOf(part, key)?.node;
  const value = node ? toData(node) : null;
  return isNumber(value) ? value : undefined;
}

function listCandidates({ lowest, highest, factors, isWhole }: Bounds, draws: Draws, variant: number): NumberValue[] {
  const step = factors[0] === undefined ? (isWhole ? 1 : 0.01) : toDouble(factors[0]);
  const low = lowest === undefined ? undefined : toDouble(lowest);
  const high = highest === undefined ? undefined : toDouble(highest);
  const from = low ?? (high === undefined ? step : Math.min(0, high - RANGE * step));
  const to = high ?? from + RANGE * step;
  const start = Math.ceil(from / step);
  const count = Math.max(1, Math.min(RANGE, Math.floor(to / step) - start + 1));
  const drawn = draws.below(count);
  const near = [drawn, 0, 1, 2, count - 1, count - 2].map((offset) => (start + ((offset + variant) % count)) * step);
  const middle = (from + to) / 2;
  const bounds = [lowest, highest].filter((bound) => bound !== undefined);
  return [...near.map(tidy), ...bounds.flatMap((bound) => [bound, shift(bound, 1), shift(bound, -1)]), 0, middle];
}

/** Without what doubles leave behind: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(15));
}

function shift(bound: NumberValue, by: number): NumberValue {
  return calculateExactly('+', bound, by, new Budget());
}

function fits(value: NumberValue, { lowest, highest, isLowestIn, isHighestIn, factors, isWhole }: Bounds): boolean {
  if (isWhole && !isInteger(value)) return false;
  const above = lowest === undefined ? 1 : compareNumbers(value, lowest);
  const below = highest === undefined ? -1 : compareNumbers(value, highest);
  if (above < 0 || (above === 0 && !isLowestIn) || below > 0 || (below === 0 && !isHighestIn)) return false;
  return factors.every((factor) => {
    const rest = calculateExactly('%', exact(value), exact(factor), new Budget());
    return compareNumbers(rest, 0) === 0;
  });
}

function exact(value: NumberValue): NumberValue {
  return typeof value === 'number' ? new ExactNumber(String(value)) : value;
}
