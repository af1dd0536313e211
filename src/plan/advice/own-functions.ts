import type { Node, NodeOf } from '../../expr/index.ts';

/** So many values at least may come of what counts as random. */
const FEWEST = 1000;
/** How many a place of a random text has: lowercase letters and digits. */
const LETTERS = 36;
/** Functions of which other values come where other values go in. */
const KEEPING: ReadonlySet<string> = new Set(['string', 'int', 'lower', 'upper']);
/** Methods that give a time to the millisecond at least. */
const EXACT_TIMES: ReadonlySet<string> = new Set(['UnixMilli', 'UnixMicro', 'UnixNano', 'String']);

/** Whether a call gives a value that no other flow has: random out of many, or the time. */
export function isOwnCall({ name, args }: NodeOf<'call'>): boolean {
  if (name === 'uuid') return true;
  if (name === 'now') return args.length === 0;
  const [first = Number.NaN, second = Number.NaN] = args.map(readNumber);
  if (name === 'random_string') return LETTERS ** first >= FEWEST;
  return name === 'random_int' && second - first + 1 >= FEWEST;
}

/** Whether a call gives another value for each value of its one argument. */
export function keepsApart({ name, args }: NodeOf<'call'>): boolean {
  return args.length === 1 && KEEPING.has(name);
}

/** Whether a method gives the time of now to the millisecond: `now().UnixMilli()`, `now().Format("150405.000")`. */
export function isOwnMethod({ object, name, args }: NodeOf<'method'>): boolean {
  if (object.kind !== 'call' || object.name !== 'now' || !isOwnCall(object)) return false;
  const [layout] = args;
  if (name !== 'Format') return EXACT_TIMES.has(name);
  return (
    layout?.kind === 'literal' &&
    typeof layout.value === 'string' &&
    /(?:15|03).?04.?05[.,](?:000|999)/.test(layout.value)
  );
}

function readNumber(node: Node): number {
  return node.kind === 'literal' ? Number(node.value) : Number.NaN;
}
