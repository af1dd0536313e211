import { listChildren, type Node, type NodeOf } from '../../../expr/index.ts';
import type { Said } from './holds-of-all.ts';

/** Functions that order or part a list by what their predicate gives of each item. */
const ARRANGING: ReadonlySet<string> = new Set(['sortBy', 'groupBy']);
/** Functions whose predicate is a condition on each item. */
const TESTING: ReadonlySet<string> = new Set(
  'all any none one count filter find findIndex findLast findLastIndex'.split(' '),
);
const PLAIN_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** `sortBy(items, "price")`, `all(items, status == "paid")`: a predicate that gives the same for each item, as it reads nothing of one. */
export function describeSameForEach(
  { name, args }: NodeOf<'call'>,
  { source, isPure }: { readonly source: string; readonly isPure: boolean },
): Said | undefined {
  const [list, predicate] = args;
  if (!list || predicate?.kind !== 'predicate' || readsItem(predicate.body)) return undefined;
  const { body } = predicate;
  const key = readPlainName(body);
  if (!isMeantOfItems(name, list, body) || (body.kind !== 'literal' && !isPure)) return undefined;
  const written = source.slice(body.offset, body.offset + body.length);
  return {
    node: body,
    message: `\`${written}\` is the same for each item: \`${name}\` reads nothing of it`,
    help: key === undefined ? 'an item is `#`, and what it has is `.key`' : `write \`.${key}\``,
  };
}

/** Whether something of an item has to be read there: `count(items, true)`, `map(items, 1)` and `map(1..3, "x")` say what they mean. */
function isMeantOfItems(name: string, list: Node, body: Node): boolean {
  if (ARRANGING.has(name)) return true;
  if (TESTING.has(name)) return !(body.kind === 'literal' && typeof body.value === 'boolean');
  const isRange = list.kind === 'list' || (list.kind === 'binary' && list.operator === '..');
  return (name === 'map' || name === 'sum') && body.kind === 'literal' && readPlainName(body) !== undefined && !isRange;
}

/** The name that a text or a name is, as a key may be called. */
function readPlainName(node: Node): string | undefined {
  if (node.kind === 'name') return node.name;
  const text = node.kind === 'literal' && typeof node.value === 'string' ? node.value.replace(/^\./, '') : '';
  return PLAIN_NAME.test(text) ? text : undefined;
}

/** Whether it reads the item or its position; in a predicate within, `#` is an item of another list. */
function readsItem(node: Node): boolean {
  return node.kind === 'pointer' || (node.kind !== 'predicate' && listChildren(node).some(readsItem));
}
