import type { Frame, Thunk } from '../evaluate/frame.ts';
import type { BinaryOperator, Node, NodeOf } from '../syntax/ast.ts';
import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { placeError } from '../values/error.ts';
import {
  add,
  type BinaryFunction,
  divide,
  isIn,
  keepNumber,
  makeRange,
  multiply,
  negateValue,
  order,
  raise,
  subtract,
  takeRemainder,
} from '../values/operators.ts';
import type { Value } from '../values/value.ts';
import { isEnv } from './compile-names.ts';
import { compileTextTest } from './compile-text.ts';
import { type Compiler, createEvaluationError, placeErrors } from './compiler.ts';
import { mayBeEmpty, remarkEmptyPair } from './empty-pairs.ts';
import { remarkItem } from './near-tests.ts';
import { remarkNaN, remarkUnequal } from './remarks.ts';
import { remarkOrder, type TestAt } from './text-remarks.ts';

/** Compiles an operator between two operands. */
export function compileBinary(compiler: Compiler, node: NodeOf<'binary'>): Thunk {
  const { operator } = node;
  if (operator === 'in' && isEnv(node.right)) return compileEnvTest(compiler, node);
  const left = compiler.compile(node.left);
  const right = compiler.compile(node.right);
  const { source, ast } = compiler;
  switch (operator) {
    case 'and':
    case 'or':
      return compileLogic(node, left, right);
    case '??':
      return (frame) => left(frame) ?? right(frame);
    case '==':
    case '!=':
      return compileEquality({ source, ast, node }, left, right);
    case 'in':
      return placeErrors(node, compileMembership({ source, ast, node }, left, right));
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return placeErrors(node, compileTextTest(compiler, node, { left, right }));
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compileOrder({ source, node }, operator, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
      return compileArithmetic(node, left, right);
    default:
      return placeErrors(node, compileFunction(others[operator], left, right));
  }
}

/** Compiles a chain such as `1 < x <= 5`: each operand is evaluated at most once. */
export function compileComparison(compiler: Compiler, node: NodeOf<'comparison'>): Thunk {
  const operands = node.operands.map((operand) => compiler.compile(operand));
  const { source } = compiler;
  return placeErrors(node, (frame) => {
    let left: Value = null;
    for (const [index, operand] of operands.entries()) {
      const right = operand(frame);
      const operator = node.operators[index - 1];
      if (operator !== undefined) {
        const sides = { operator, left: node.operands[index - 1] as Node, right: node.operands[index] as Node };
        remarkOrder(source, sides, { operands: [left, right], host: frame.host });
        if (!testOrder(operator, [left, right, frame])) {
          remarkNaN({ source, node }, [left, right], frame);
          return false;
        }
      }
      left = right;
    }
    return true;
  });
}

/** Compiles `not`, `-` and `+` before an operand. */
export function compileUnary(compiler: Compiler, node: NodeOf<'unary'>): Thunk {
  const operand = compiler.compile(node.operand);
  if (node.operator === 'not') {
    const { source } = compiler;
    return (frame) => !takeBool(operand(frame), node.operand, '`not`', source);
  }
  if (node.operator === '-') return placeErrors(node, (frame) => negateValue(operand(frame)));
  return placeErrors(node, (frame) => keepNumber(operand(frame)));
}

/** Compiles `test ? then : otherwise`, `a ?: b` and `if`. */
export function compileConditional(compiler: Compiler, node: NodeOf<'conditional'>): Thunk {
  const test = compiler.compile(node.test);
  const otherwise = compiler.compile(node.otherwise);
  // `a ?: b` is `a ? a : b`, and its value is true whenever its condition is.
  const then = node.then === node.test ? () => true : compiler.compile(node.then);
  return (frame) => (takeBool(test(frame), node.test, 'a condition') ? then(frame) : otherwise(frame));
}

const comparisonPattern = /^\s*(?:[=!]=|[<>]|(?:in|matches|contains|startsWith|endsWith)\b)/;

/** The value as a bool; an error at the node that gave it for anything else. */
function takeBool(value: Value, node: Node, what: string, source = ''): boolean {
  if (typeof value === 'boolean') return value;
  const isCompared = comparisonPattern.test(source.slice(node.offset + node.length));
  const hint = isCompared
    ? `${what} belongs to what is next to it: write \`not (…)\` around the comparison`
    : value === null
      ? 'compare with `== nil` or `!= nil`'
      : 'there is no truthiness: compare it with something';
  throw createEvaluationError(node, `${what} needs a bool, got ${describeType(value)}`, hint);
}

function compileEnvTest(compiler: Compiler, node: NodeOf<'binary'>): Thunk {
  const left = compiler.compile(node.left);
  return (frame) => {
    const name = left(frame);
    if (typeof name === 'string') return frame.env.get(name) !== undefined;
    if (name === null) return false;
    throw createEvaluationError(node, 'a name of `$env` must be a string');
  };
}

function compileLogic(node: NodeOf<'binary'>, left: Thunk, right: Thunk): Thunk {
  const what = `\`${node.operator}\``;
  if (node.operator === 'and') {
    return (frame) => {
      const first = left(frame);
      return (first === true || takeBool(first, node.left, what)) && takeBool(right(frame), node.right, what);
    };
  }
  return (frame) => {
    const first = left(frame);
    return first === true || takeBool(first, node.left, what) || takeBool(right(frame), node.right, what);
  };
}

function compileEquality(at: TestAt, left: Thunk, right: Thunk): Thunk {
  const whenEqual = at.node.operator === '==';
  const mayHoldNothing = mayBeEmpty(at.node);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (testEqual(a, b, frame)) {
      if (mayHoldNothing) remarkEmptyPair(at, [a, b], frame);
      return whenEqual;
    }
    remarkUnequal(at, [a, b], frame);
    return !whenEqual;
  };
}

function compileMembership(at: TestAt, left: Thunk, right: Thunk): Thunk {
  return (frame) => {
    const item = left(frame);
    const container = right(frame);
    const isFound = isIn(item, container, frame);
    if (!isFound) remarkItem(at, [item, container], frame);
    return isFound;
  };
}

function testEqual(a: Value, b: Value, frame: Frame): boolean {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) return isEqual(a, b, frame);
  return a === b || (typeof a === 'object' || typeof b === 'object' ? isEqual(a, b, frame) : false);
}

function compileOrder(
  at: { readonly source: string; readonly node: NodeOf<'binary'> },
  operator: '<' | '>' | '<=' | '>=',
  left: Thunk,
  right: Thunk,
): Thunk {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') {
      const holds = operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b;
      if (!holds) remarkNaN(at, [a, b], frame);
      return holds;
    }
    remarkOrder(at.source, at.node, { operands: [a, b], host: frame.host });
    return calculateSlowly(at.node, (...operands) => testOrder(operator, operands), [a, b, frame]);
  };
}

function testOrder(operator: BinaryOperator, [a, b, budget]: Parameters<BinaryFunction>): boolean {
  const isDouble = typeof a === 'number' && typeof b === 'number';
  const x = isDouble ? a : order(operator, a, b, budget);
  const y = isDouble ? b : 0;
  if (operator === '<') return x < y;
  if (operator === '>') return x > y;
  return operator === '<=' ? x <= y : x >= y;
}

const edge = 2 ** 53;

function compileArithmetic(node: NodeOf<'binary'>, left: Thunk, right: Thunk): Thunk {
  switch (node.operator) {
    case '+':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        // Near the edge of what a double keeps the slow way decides.
        const sum = typeof a === 'number' && typeof b === 'number' ? a + b : Number.NaN;
        return sum < edge && sum > -edge ? sum : calculateSlowly(node, add, [a, b, frame]);
      };
    case '-':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        const difference = typeof a === 'number' && typeof b === 'number' ? a - b : Number.NaN;
        return difference < edge && difference > -edge ? difference : calculateSlowly(node, subtract, [a, b, frame]);
      };
    case '*':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        const product = typeof a === 'number' && typeof b === 'number' ? a * b : Number.NaN;
        return product < edge && product > -edge ? product : calculateSlowly(node, multiply, [a, b, frame]);
      };
    default:
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        return typeof a === 'number' && typeof b === 'number' ? a / b : calculateSlowly(node, divide, [a, b, frame]);
      };
  }
}

/** Apart from the quick ways, so that these need no handler of errors. */
function calculateSlowly(
  node: NodeOf<'binary'>,
  calculate: BinaryFunction,
  operands: Parameters<BinaryFunction>,
): Value {
  try {
    return calculate(...operands);
  } catch (error) {
    throw placeError(error, node.at, node.atLength);
  }
}

const others: { readonly [operator in '..' | '%' | '**']: BinaryFunction } = {
  '..': makeRange,
  '%': takeRemainder,
  '**': raise,
};

function compileFunction(calculate: BinaryFunction, left: Thunk, right: Thunk): Thunk {
  return (frame) => calculate(left(frame), right(frame), frame);
}
