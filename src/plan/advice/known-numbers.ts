import type { Node } from '../../expr/index.ts';
import type { Bound } from '../../model/action/traits.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { isItemNumber } from './item-reads.ts';
import { listJudgedSteps } from './judged-steps.ts';
import { listMadeNames } from './made-names.ts';
import { judgeCount, turn } from './outcomes/always-holds.ts';
import { findSent } from './sent-numbers.ts';

/** A comparison of a number with one that is written out: `row_count >= 1`; of what is there or not with nil, of a list with `[]`. */
interface Range {
  readonly node: Node;
  readonly left: Node;
  readonly operator: string;
  readonly limit: number | null | 'empty';
}

/** A comparison that lets all numbers pass from some one on. */
interface Open extends Range {
  readonly atLeast: number;
}

/** A range as it is written, and its number alone. */
interface Written {
  readonly shown: string;
  readonly number: string;
}

/** What is wrong with a range, and what to write instead. */
interface Said {
  readonly message: string;
  readonly help: string;
}

/** Warns of assertions that take any number from some one on where the flow knows which one it is. */
export function warnKnownNumbers(flow: PlannedFlow, findings: Findings): void {
  const made = listMadeNames(flow);
  for (const { step, judges } of listJudgedSteps(flow)) {
    if (step.expectsError) continue;
    const known = { step, made };
    for (const { expression, text } of judges.flatMap(({ assert }) => assert)) {
      for (const range of listRanges(expression.ast)) {
        const said = describeRange(range, text.text, known);
        const { offset, length } = range.node;
        if (said) findings.warn(CODES.knownNumber, said.message, text.locate(offset, length), [said.help]);
      }
    }
  }
}

function write({ node, left }: Range, text: string): Written {
  const cut = ({ offset, length }: Node): string => text.slice(offset, offset + length);
  return { shown: cut(node), number: cut(left) };
}

/** The comparisons that all have to hold. */
function listRanges(node: Node): readonly Range[] {
  if (node.kind !== 'binary') return [];
  const { operator, left, right } = node;
  if (operator === 'and') return [...listRanges(left), ...listRanges(right)];
  const isTurned = left.kind === 'literal';
  const [number, limit] = isTurned ? [right, left] : [left, right];
  const isEmpty = limit.kind === 'list' && limit.items.length === 0;
  const value = limit.kind === 'literal' ? limit.value : undefined;
  if (isEmpty) return [{ node, left: number, operator, limit: 'empty' }];
  if (value !== null && (typeof value !== 'number' || !Number.isInteger(value))) return [];
  return [{ node, left: number, operator: isTurned ? turn(operator) : operator, limit: value }];
}

/** The number from which on all pass; undefined where others do. */
function readLeast({ operator, limit }: Range): number | undefined {
  if (typeof limit !== 'number') return undefined;
  return operator === '>=' ? limit : operator === '>' ? limit + 1 : undefined;
}

function describeRange(
  range: Range,
  text: string,
  { step, made }: { step: PlannedStep; made: ReadonlySet<string> },
): Said | undefined {
  const key = findNumberKey(range, step);
  const bound = key === undefined ? undefined : step.foresight.bounds?.[key];
  if (bound) return describeBounded(range, text, bound);
  const atLeast = readLeast(range);
  if (atLeast === undefined) return undefined;
  const open = { ...range, atLeast };
  const written = write(range, text);
  return describeSent(open, written, step) ?? describeOwned(open, written, { step, made });
}

/** The key of the result that a number is: its name, or the number of things in its list; of the first of them it is asked whether there is any. */
function findNumberKey({ left: node, limit }: Range, { action: { result } }: PlannedStep): string | undefined {
  if (limit === null || limit === 'empty') {
    const name = limit === null ? result.items?.first : result.items?.list;
    return node.kind === 'name' && node.name === name ? result.items?.number : undefined;
  }
  if (result.items && isItemNumber(node, result.items)) return result.items.number;
  if (node.kind === 'call' && node.name === 'len' && node.args[0]?.kind === 'name') return `len(${node.args[0].name})`;
  return node.kind === 'name' ? node.name : undefined;
}

function describeBounded(range: Range, text: string, bound: Bound): Said | undefined {
  const { atMost: most, why, help } = bound;
  const isEmpty = holdsAlways(range, bound);
  const atLeast = readLeast(range);
  if (!isEmpty && (atLeast === undefined || atLeast !== most || atLeast === 0)) return undefined;
  const { shown, number } = write(range, text);
  if (isEmpty) return { message: `\`${shown}\` always holds: ${why}`, help: help ?? 'leave it out' };
  return { message: `\`${shown}\` says less than is known: ${why}`, help: `write \`${number} == ${most}\`` };
}

/** Whether every number within the bound passes. */
function holdsAlways({ operator, limit }: Range, { atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Bound): boolean {
  if (typeof limit !== 'number') return operator === '!=' ? atLeast > 0 : operator === '==' && atMost === 0;
  // That is said of all numbers.
  if (judgeCount(operator, limit) !== undefined) return false;
  if (operator === '>=') return atLeast > 0 && limit <= atLeast;
  if (operator === '>') return atLeast > 0 && limit < atLeast;
  if (operator === '<=') return limit >= atMost;
  if (operator === '<') return limit > atMost;
  if (operator === '==') return limit === atLeast && limit === atMost;
  return operator === '!=' && (limit < atLeast || limit > atMost);
}

/** A number that the step itself sends: `quantity`. */
function describeSent({ left, atLeast }: Open, { shown, number }: Written, step: PlannedStep): Said | undefined {
  const { sent } = step.foresight;
  const value = sent && findSent(left, sent);
  if (value === undefined || value < atLeast) return undefined;
  const message = `\`${shown}\` passes with other numbers: the request sends ${value}`;
  return { message, help: `write \`${number} == ${value}\`` };
}

/** The number of things that are found by what the flow itself made. */
function describeOwned(
  { left, atLeast }: Open,
  { shown, number }: Written,
  { step, made }: { step: PlannedStep; made: ReadonlySet<string> },
): Said | undefined {
  const { items } = step.action.result;
  const key = step.foresight.reading?.keys.find((name) => made.has(name));
  if (!items || key === undefined || atLeast < 1 || !isItemNumber(left, items)) return undefined;
  const message = `\`${shown}\` passes with too many: \`${key}\` was made by this flow, which knows how many ${items.noun}s it has`;
  return { message, help: `write \`${number} == ${atLeast}\`, or the number that is right` };
}
