import { isMap, type Node, type Value } from '../../expr/index.ts';
import type { Reading } from '../../model/action.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { countOf } from '../../util/count.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { isItemNumber, MESSAGES, ROWS } from './item-looks.ts';
import { listJudgedSteps } from './judged-steps.ts';
import { listMadeNames } from './made-names.ts';
import { findSent } from './sent-numbers.ts';

/** A comparison that lets numbers pass from some one on: `row_count >= 1`. */
interface Range {
  readonly node: Node;
  readonly left: Node;
  readonly atLeast: number;
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
    const describe = step.expectsError ? undefined : createDescriber(step, made);
    if (!describe) continue;
    for (const { expression, text } of judges.flatMap(({ assert }) => assert)) {
      for (const range of listRanges(expression.ast)) {
        const { offset, length } = range.node;
        const said = describe(range, text.text.slice(offset, offset + length), { expression, text });
        if (said) findings.warn(CODES.knownNumber, said.message, text.locate(offset, length), [said.help]);
      }
    }
  }
}

type Describe = (range: Range, shown: string, condition: ExpressionAt) => Said | undefined;

function createDescriber(step: PlannedStep, made: ReadonlySet<string>): Describe | undefined {
  const { action, authored } = step;
  if (action.name === 'kafka_consumer') return (range, shown) => describeMessages(range, shown, authored);
  if (action.name === 'http_request')
    return (range, shown, { text }) => describeSent(range, { shown, text: text.text }, authored);
  const reading = action.reads?.(authored);
  return reading && ((range, shown, { text }) => describeRows(range, { shown, text: text.text }, { reading, made }));
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

/** A wait ends with as many messages as it waits for, or fails. */
function describeMessages({ left, atLeast }: Range, shown: string, authored: unknown): Said | undefined {
  const { count = 1, exactly } = authored as { readonly count?: unknown; readonly exactly?: unknown };
  const min = typeof count === 'number' ? count : isMap(count as Value) ? (count as { min?: unknown }).min : undefined;
  if (typeof min !== 'number' || min < 1 || atLeast > min || !isItemNumber(left, MESSAGES)) return undefined;
  const message = `\`${shown}\` always holds: the wait ends with ${countOf(min, 'message')}, or it fails`;
  const isBounded = exactly === true || typeof count !== 'number';
  const help = isBounded ? 'leave it out' : 'leave it out; that there are no more says `exactly: true` in `config`';
  return { message, help };
}

function describeRows(
  { left, atLeast }: Range,
  { shown, text }: { shown: string; text: string },
  { reading, made }: { reading: Reading; made: ReadonlySet<string> },
): Said | undefined {
  if (!isItemNumber(left, ROWS) || atLeast < 1) return undefined;
  const number = text.slice(left.offset, left.offset + left.length);
  if (reading.rows === 'always one' && atLeast === 1) {
    const help = 'compare what it gives: `SELECT count(*) AS n …` and `first_row.n == 1`';
    return { message: `\`${shown}\` always holds: the query gives one row, whatever is there`, help };
  }
  if (reading.rows === 'at most one' && atLeast === 1) {
    const message = `\`${shown}\` says less than is known: there is one row at most`;
    return { message, help: `write \`${number} == 1\`` };
  }
  if (reading.rows !== 'any') return undefined;
  const key = reading.keys.find((name) => made.has(name));
  if (key === undefined) return undefined;
  const message = `\`${shown}\` passes with too many: \`${key}\` was made by this flow, which knows how many rows it has`;
  return { message, help: `write \`${number} == ${atLeast}\`, or the number that is right` };
}

/** A number that the request itself sends: `quantity`. */
function describeSent(
  { left, atLeast }: Range,
  { shown, text }: { shown: string; text: string },
  authored: unknown,
): Said | undefined {
  const sent = findSent(left, authored);
  if (sent === undefined || sent < atLeast) return undefined;
  const number = text.slice(left.offset, left.offset + left.length);
  const message = `\`${shown}\` passes with other numbers: the request sends ${sent}`;
  return { message, help: `write \`${number} == ${sent}\`` };
}
