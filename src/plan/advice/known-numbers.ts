import type { Node } from '../../expr/index.ts';
import type { Bound } from '../../model/action/traits.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { isItemNumber } from './item-reads.ts';
import { listJudgedSteps } from './judged-steps.ts';
import { listMadeNames } from './made-names.ts';
import { findSent } from './sent-numbers.ts';

/** A comparison that lets numbers pass from some one on: `row_count >= 1`. */
interface Range {
  readonly node: Node;
  readonly left: Node;
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
    for (const { expression, text } of judges.flatMap(({ assert }) => assert)) {
      for (const range of listRanges(expression.ast)) {
        const said = describeRange(range, write(range, text.text), { step, made });
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

/** The ranges that all have to hold. */
function listRanges(node: Node): readonly Range[] {
  if (node.kind !== 'binary') return [];
  const { operator, left, right } = node;
  if (operator === 'and') return [...listRanges(left), ...listRanges(right)];
  const isLess = operator === '<' || operator === '<=';
  const [number, limit] = isLess ? [right, left] : [left, right];
  const value = limit.kind === 'literal' ? limit.value : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) return [];
  if (operator === '>=' || operator === '<=') return [{ node, left: number, atLeast: value }];
  return operator === '>' || operator === '<' ? [{ node, left: number, atLeast: value + 1 }] : [];
}

function describeRange(
  range: Range,
  written: Written,
  { step, made }: { step: PlannedStep; made: ReadonlySet<string> },
): Said | undefined {
  const key = findNumberKey(range.left, step);
  const bound = key === undefined ? undefined : step.foresight.bounds?.[key];
  if (bound) return describeBounded(range, written, bound);
  return describeSent(range, written, step) ?? describeOwned(range, written, { step, made });
}

/** The key of the result that a number is: its name, or the number of things in its list. */
function findNumberKey(node: Node, { action: { result } }: PlannedStep): string | undefined {
  if (result.items && isItemNumber(node, result.items)) return result.items.number;
  return node.kind === 'name' ? node.name : undefined;
}

function describeBounded(
  { atLeast }: Range,
  { shown, number }: Written,
  { atLeast: least, atMost: most, why, help }: Bound,
): Said | undefined {
  if (least !== undefined && atLeast <= least)
    return { message: `\`${shown}\` always holds: ${why}`, help: help ?? 'leave it out' };
  if (atLeast !== most) return undefined;
  return { message: `\`${shown}\` says less than is known: ${why}`, help: `write \`${number} == ${most}\`` };
}

/** A number that the step itself sends: `quantity`. */
function describeSent({ left, atLeast }: Range, { shown, number }: Written, step: PlannedStep): Said | undefined {
  const { sent } = step.foresight;
  const value = sent && findSent(left, sent);
  if (value === undefined || value < atLeast) return undefined;
  const message = `\`${shown}\` passes with other numbers: the request sends ${value}`;
  return { message, help: `write \`${number} == ${value}\`` };
}

/** The number of things that are found by what the flow itself made. */
function describeOwned(
  { left, atLeast }: Range,
  { shown, number }: Written,
  { step, made }: { step: PlannedStep; made: ReadonlySet<string> },
): Said | undefined {
  const { items } = step.action.result;
  const key = step.foresight.reading?.keys.find((name) => made.has(name));
  if (!items || key === undefined || atLeast < 1 || !isItemNumber(left, items)) return undefined;
  const message = `\`${shown}\` passes with too many: \`${key}\` was made by this flow, which knows how many ${items.noun}s it has`;
  return { message, help: `write \`${number} == ${atLeast}\`, or the number that is right` };
}
