import type { Frame } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { FINDS, findDenials, isAmong } from './denials.ts';
import { readStep } from './key-reads.ts';
import { cut, type TestAt } from './text-remarks.ts';

/** Calls that count: two that came to none were over nothing. */
const COUNTS: ReadonlySet<string> = new Set(['len', 'count']);
/** Calls that give nil of a list without items, or without the one that is looked for. */
const GIVES_NIL: ReadonlySet<string> = new Set([...FINDS, 'first', 'last', 'min', 'max']);
/** Calls whose text is empty where their list is. */
const JOINS: ReadonlySet<string> = new Set(['join']);

/** Whether two sides may be equal for want of anything: nobody has written out what is expected. */
export function mayBeEmpty({ left, right }: NodeOf<'binary'>): boolean {
  if (isWritten(left) || isWritten(right)) return false;
  return isComputed(left) || isComputed(right) || (readStep(left) !== undefined && readStep(right) !== undefined);
}

/** Says of two sides that have to be equal that they are so as nothing is in either. */
export function remarkEmptyPair(at: TestAt, [a, b]: readonly [Value, Value], { host }: Frame): void {
  if (host?.onRemark === undefined || !isNothing(at.node, a) || !isNothing(at.node, b)) return;
  if (!isAmong(findDenials(at.ast).equalities, at.node)) return;
  const [left, right] = [cut(at.source, at.node.left), cut(at.source, at.node.right)];
  const what = a === null ? 'both nil' : typeof a === 'number' ? 'both 0' : 'both empty';
  host.onRemark(`\`${left}\` and \`${right}\` are ${what}: nothing was compared`);
}

function isNothing({ left, right }: NodeOf<'binary'>, value: Value): boolean {
  if (value === null) return givesNil(left) || givesNil(right);
  if (value === '') return isCallOf(left, JOINS) || isCallOf(right, JOINS);
  if (value === 0) return isCallOf(left, COUNTS) && isCallOf(right, COUNTS);
  if (isList(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

/** `first(items)`, and what is read of it. */
function givesNil(node: Node): boolean {
  if (node.kind === 'chain') return givesNil(node.body);
  const { object } = readStep(node) ?? {};
  return isCallOf(node, GIVES_NIL) || (object !== undefined && givesNil(object));
}

function isCallOf(node: Node, names: ReadonlySet<string>): boolean {
  return node.kind === 'call' && names.has(node.name);
}

function isWritten({ kind }: Node): boolean {
  return kind === 'literal' || kind === 'list' || kind === 'map' || kind === 'text';
}

function isComputed(node: Node): boolean {
  if (node.kind === 'chain') return isComputed(node.body);
  return node.kind === 'call' || node.kind === 'slice' || givesNil(node);
}
