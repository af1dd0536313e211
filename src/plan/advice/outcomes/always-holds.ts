import {
  compile,
  ExprError,
  isEqual,
  listChildren,
  type Node,
  type NodeOf,
  printNode,
  type Value,
} from '../../../expr/index.ts';
import { describeAllTexts, type Said } from './holds-of-all.ts';

/** What an expression is judged by. */
export interface Judging {
  readonly source: string;
  /** Whether the same text gives the same value. */
  readonly isPure: boolean;
  /** What a node is that is certainly no bool: `a number`. */
  readonly nameOtherKind: (node: Node) => string | undefined;
  /** Whether a name is that of a number which is never negative: so are all that are in a result by themselves. */
  readonly isCount: (name: string) => boolean;
}

type Binary = NodeOf<'binary'>;

const COMPARING = new Set(['==', '!=', '<', '>', '<=', '>=', 'contains', 'startsWith', 'endsWith', 'matches']);
const OPPOSITES: ReadonlyMap<string, Binary['operator']> = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
]);
const COUNTING = new Set(['len', 'count']);

/** What conditions joined by `or` or `and` say that no value can decide; of a chain it is asked once, with all of it. */
export function describeJoined(node: Binary, judging: Judging): readonly Said[] {
  const operands = listOperands(node, node.operator);
  return [
    ...describeLoose(node, operands, judging),
    ...describeExcluding(node, operands, judging),
    ...describeDecided(node, operands, judging),
    ...describeOpposite(node, operands, judging),
  ];
}

/** What a condition says that reads nothing, and holds: `1 == 1`. One that does not is seen at once. */
export function describeConstant(node: Node, judging: Judging): Said | undefined {
  if (!isConstant(node, judging)) return undefined;
  return {
    node,
    message: 'this always holds: it reads nothing of what came back',
    help: `compare something that came back with what is expected, as in \`body.name == "Ada"\``,
  };
}

/** `status == 500 or true`: one operand decides. */
function describeDecided({ operator }: Binary, operands: readonly Node[], judging: Judging): readonly Said[] {
  const node = operator === 'or' ? operands.find((operand) => isConstant(operand, judging)) : undefined;
  if (!node) return [];
  const message = `this always holds: \`${cut(node, judging)}\` is true whatever comes back`;
  return [{ node, message, help: 'leave it out: with it the rest of the condition checks nothing' }];
}

/** `status == 500 or status != 500`: one of them is always so. */
function describeOpposite(node: Binary, operands: readonly Node[], judging: Judging): readonly Said[] {
  if (node.operator !== 'or' || !judging.isPure) return [];
  const written = new Set(operands.map(printNode));
  const one = operands.find((operand) => written.has(printOpposite(operand)));
  if (!one) return [];
  const message = `this always holds: \`${cut(one, judging)}\` is so, or the opposite is`;
  return [{ node, message, help: 'leave one of them out' }];
}

/** What is so where a condition is not, as it would be written. */
function printOpposite(node: Node): string {
  if (node.kind === 'unary' && node.operator === 'not') return printNode(node.operand);
  const operator = node.kind === 'binary' ? OPPOSITES.get(node.operator) : undefined;
  return printNode(
    node.kind === 'binary' && operator
      ? { ...node, operator }
      : { ...node, kind: 'unary', operator: 'not', operand: node },
  );
}

/** Whether a condition that reads nothing holds. */
function isConstant(node: Node, judging: Judging): boolean {
  return !readsSomething(node) && evaluateConstant(cut(node, judging)) === true;
}

/** What an expression that reads nothing gives; undefined where it gives an error, or another value each time. */
export function evaluateConstant(text: string): Value | undefined {
  try {
    const expression = compile(text, { placeholders: true });
    return expression.isPure ? expression.evaluate(new Map()) : undefined;
  } catch (error) {
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

/** What a comparison says that is so of everything. */
export function describeEmptyComparison(node: Binary, judging: Judging): Said | undefined {
  return (
    describeItself(node, judging) ??
    describeBelowZero(node, judging) ??
    describeBoolAndOther(node, judging) ??
    describeAllTexts(node)
  );
}

/** The operands of a chain of one operator, in the order written. */
function listOperands(node: Node, operator: Binary['operator']): readonly Node[] {
  if (node.kind !== 'binary' || node.operator !== operator) return [node];
  return [...listOperands(node.left, operator), ...listOperands(node.right, operator)];
}

/** `status == 200 or 201`: the second is a condition by itself, and is none. */
function describeLoose({ operator }: Binary, operands: readonly Node[], judging: Judging): readonly Said[] {
  const loose = operands.filter((operand) => judging.nameOtherKind(operand) !== undefined);
  const [first] = loose;
  if (!first) return [];
  const kind = judging.nameOtherKind(first);
  const message = `\`${cut(first, judging)}\` is ${kind}, not a bool: \`${operator}\` joins whole conditions`;
  return [{ node: first, message, help: suggestWhole(operator, operands, { loose, judging }) }];
}

function suggestWhole(
  operator: string,
  operands: readonly Node[],
  { loose, judging }: { readonly loose: readonly Node[]; readonly judging: Judging },
): string {
  const before = operands[operands.indexOf(loose[0] as Node) - 1];
  const areValues = loose.every((node) => node.kind === 'literal' || node.kind === 'text');
  if (before?.kind !== 'binary' || !COMPARING.has(before.operator) || !areValues)
    return 'compare it with something: there is no truthiness';
  const [left, right] = [cut(before.left, judging), cut(before.right, judging)];
  const texts = loose.map((node) => cut(node, judging));
  const isList = (before.operator === '==' && operator === 'or') || before.operator === '!=';
  if (isList)
    return `write \`${left} ${before.operator === '==' ? 'in' : 'not in'} [${[right, ...texts].join(', ')}]\``;
  const whole = [right, ...texts].map((text) => `${left} ${before.operator} ${text}`).join(` ${operator} `);
  return `write the whole condition, as in \`${whole}\``;
}

/** A comparison of something with a value that is written out. */
interface Claim {
  readonly subject: string;
  readonly shown: string;
  readonly value: Value;
  readonly written: string;
}

/** `x != "a" or x != "b"`, `x == "a" and x == "b"`: nothing is both. */
function describeExcluding(node: Binary, operands: readonly Node[], judging: Judging): readonly Said[] {
  if (!judging.isPure) return [];
  const asked = node.operator === 'or' ? '!=' : '==';
  const claims = operands.flatMap((operand) => readClaim(operand, asked, judging) ?? []);
  for (const [index, claim] of claims.entries()) {
    const same = claims.slice(index).filter(({ subject }) => subject === claim.subject);
    const other = same.find(({ value }) => !isEqual(value, claim.value));
    if (!other) continue;
    const [outcome, test] = node.operator === 'or' ? ['always holds', 'not in'] : ['can never hold', 'in'];
    const message = `this ${outcome}: \`${claim.shown}\` is never both ${claim.written} and ${other.written}`;
    const help = `write \`${claim.shown} ${test} [${same.map(({ written }) => written).join(', ')}]\``;
    return [{ node, message, help }];
  }
  return [];
}

function readClaim(node: Node, operator: string, judging: Judging): Claim | undefined {
  if (node.kind !== 'binary' || node.operator !== operator) return undefined;
  const [literal, subject] = node.left.kind === 'literal' ? [node.left, node.right] : [node.right, node.left];
  if (literal.kind !== 'literal' || subject.kind === 'literal') return undefined;
  return {
    subject: printNode(subject),
    shown: cut(subject, judging),
    value: literal.value,
    written: cut(literal, judging),
  };
}

function describeItself(node: Binary, judging: Judging): Said | undefined {
  const { operator, left, right } = node;
  if (!judging.isPure || !COMPARING.has(operator) || !readsSomething(left) || !readsSomething(right)) return undefined;
  if (printNode(left) !== printNode(right)) return undefined;
  return {
    node,
    message: `\`${cut(left, judging)}\` is compared with itself: this checks nothing`,
    help: 'compare it with what is expected: a value, or a name that an earlier step or `env` gives',
  };
}

/** `status == 200 != 404`: a comparison is a bool, and what it is compared with then is none. */
function describeBoolAndOther({ operator, left, right }: Binary, judging: Judging): Said | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  const [bool, other] = isComparison(left) ? [left, right] : [right, left];
  const kind = other.kind === 'literal' && other.value === null ? 'nil' : judging.nameOtherKind(other);
  if (!isComparison(bool) || kind === undefined) return undefined;
  const outcome = operator === '!=' ? 'always holds' : 'can never hold';
  const shown = kind === 'nil' ? 'nil is none' : `\`${cut(other, judging)}\` is ${kind}`;
  return {
    node: other,
    message: `this ${outcome}: \`${cut(bool, judging)}\` is a bool, and ${shown}`,
    help: 'write each comparison by itself, joined by `and`',
  };
}

function isComparison(node: Node): boolean {
  return node.kind === 'binary' && (COMPARING.has(node.operator) || node.operator === 'in');
}

/** Whether a value comes from outside of the expression. */
export function readsSomething(node: Node): boolean {
  const { kind } = node;
  return kind === 'name' || kind === 'pointer' || kind === 'fallback' || listChildren(node).some(readsSomething);
}

/** `len(items) >= 0`. */
function describeBelowZero(node: Binary, judging: Judging): Said | undefined {
  const isNumber = (side: Node) =>
    side.kind === 'call' ? COUNTING.has(side.name) : side.kind === 'name' && judging.isCount(side.name);
  const isLeft = isNumber(node.left);
  const number = isLeft ? node.left : node.right;
  const limit = isLeft ? readNumber(node.right) : isNumber(node.right) ? readNumber(node.left) : undefined;
  const outcome = limit === undefined ? undefined : judgeCount(isLeft ? node.operator : turn(node.operator), limit);
  if (outcome === undefined) return undefined;
  const shown = cut(number, judging);
  const message = `this ${outcome ? 'always holds' : 'can never hold'}: \`${shown}\` is never below 0`;
  return { node, message, help: suggestLimit(number, shown) };
}

function suggestLimit({ kind }: Node, shown: string): string {
  if (kind === 'call') return 'write `> 0` where there has to be something, `== 0` where nothing may be';
  return shown.endsWith('_ms')
    ? `write the longest time that is allowed, as in \`${shown} < 500\``
    : `write the number that is expected: \`${shown} == …\``;
}

/** What a comparison of 0, 1, 2, … with a number always gives; undefined where it depends. */
export function judgeCount(operator: string, limit: number): boolean | undefined {
  if (operator === '>=') return limit <= 0 ? true : undefined;
  if (operator === '<') return limit <= 0 ? false : undefined;
  if (limit >= 0) return undefined;
  if (operator === '>' || operator === '!=') return true;
  return operator === '<=' || operator === '==' ? false : undefined;
}

/** The operator with the sides changed. */
export function turn(operator: string): string {
  return operator.replace(/[<>]/, (sign) => (sign === '<' ? '>' : '<'));
}

function readNumber(node: Node): number | undefined {
  if (node.kind === 'unary' && node.operator === '-') {
    const number = readNumber(node.operand);
    return number === undefined ? undefined : -number;
  }
  return node.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
}

function cut({ offset, length }: Node, { source }: Judging): string {
  return source.slice(offset, offset + length);
}
