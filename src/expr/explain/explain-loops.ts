import type { LoopTrace, Round, Trace } from '../evaluate/trace.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';
import { isPath, listParts, type Part, textOf } from './explain-parts.ts';

/** A call with a predicate, and the items that made its value what it is. */
export interface LoopExplanation {
  offset: number;
  length: number;
  text: string;
  /** Absent when it ended with an error. */
  value?: Value;
  itemCount: number;
  /** How many items were looked at: not all when the value was clear before. */
  seenCount: number;
  matchCount: number;
  /** The first items that decided. */
  rounds: readonly RoundExplanation[];
}

/** What one item came to. */
export interface RoundExplanation {
  index: number;
  /** Where the item stands: `body.items[3]`. */
  path: string;
  item: Value;
  /** What the predicate gave; absent when it ended with an error. */
  gave?: Value;
  /** Parts of the predicate with their values for this item. */
  parts: readonly Part[];
  /** Predicates within the predicate. */
  loops: readonly LoopExplanation[];
}

const maxLoops = 5;

/** Explains the loops of a tree that may be the cause of its value, outermost first. */
export function listLoops(source: string, root: Node, trace: Trace): readonly LoopExplanation[] {
  return listCulprits(root, trace)
    .slice(0, maxLoops)
    .flatMap((call) => explainLoop({ source, call, trace, item: '' }));
}

/** The rounds that made the loop's value what it is, in the order of their items. */
export function selectRounds(name: string, loop: LoopTrace, value: Value | undefined): readonly Round[] {
  const { rounds } = loop;
  const failed = rounds.filter((round) => round.value === undefined);
  if (failed.length > 0) return failed;
  const matched = rounds.filter((round) => round.value === true);
  const unmatched = rounds.filter((round) => round.value !== true);
  switch (name) {
    case 'all':
      return value === false ? unmatched : matched;
    case 'any':
    case 'none':
    case 'one':
    case 'find':
    case 'findIndex':
    case 'findLast':
    case 'findLastIndex':
      return matched.length > 0 ? matched : unmatched;
    case 'count':
    case 'filter':
      return rounds;
    case 'sum':
      return rounds;
    default:
      return [];
  }
}

/** Loops that are not below a condition that held. */
function listCulprits(node: Node, trace: Trace): readonly NodeOf<'call'>[] {
  const isAnd = node.kind === 'binary' && node.operator === 'and';
  const children = listChildren(node).filter(
    (child) => child.kind !== 'predicate' && !(isAnd && trace.values.get(child) === true),
  );
  const inner = children.flatMap((child) => listCulprits(child, trace));
  return node.kind === 'call' && trace.findLoop(node) !== undefined ? [node, ...inner] : inner;
}

interface LoopAt {
  source: string;
  call: NodeOf<'call'>;
  trace: Trace;
  /** Path of the item of the loop around; empty outside of loops. */
  item: string;
}

function explainLoop(at: LoopAt): readonly LoopExplanation[] {
  const { source, call, trace } = at;
  const loop = trace.findLoop(call);
  const [listNode] = call.args;
  if (loop === undefined || listNode === undefined) return [];
  const value = trace.values.get(call);
  const rounds = selectRounds(call.name, loop, value);
  if (rounds.length === 0) return [];
  const list = trace.values.get(listNode);
  const path = writePath(at, listNode);
  return [
    {
      offset: call.offset,
      length: call.length,
      text: textOf(source, call),
      ...(value !== undefined && { value }),
      itemCount: Array.isArray(list) ? list.length : loop.roundCount,
      seenCount: loop.roundCount,
      matchCount: loop.matchCount,
      rounds: rounds.map((round) => explainRound(at, round, `${path}[${round.position}]`)),
    },
  ];
}

function explainRound({ source, call }: LoopAt, round: Round, path: string): RoundExplanation {
  const { position, item, value, trace } = round;
  const predicate = call.args.find((arg) => arg.kind === 'predicate');
  const body = predicate === undefined ? call : listChildren(predicate)[0];
  const inner = body === undefined ? [] : listCulprits(body, trace);
  const parts = body === undefined ? [] : listParts({ source, trace, root: body });
  return {
    index: position,
    path,
    item,
    ...(value !== undefined && { gave: value }),
    parts,
    loops: inner.slice(0, 2).flatMap((loop) => explainLoop({ source, call: loop, trace, item: path })),
  };
}

/** How the list is written, with the item's path in place of what stands for the item. */
function writePath({ source, item }: LoopAt, list: Node): string {
  if (!isPath(list)) return '';
  const text = textOf(source, list).replace(/\?\./g, '.');
  return text.startsWith('#') || text.startsWith('.') ? `${item}${text.replace(/^#/, '')}` : text;
}
