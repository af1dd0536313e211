import type { Node } from '../../expr/index.ts';
import type { SentValue } from '../../model/action/traits.ts';

/** What an answer has of its own under a name that a request may have, too. */
const IDENTIFIER = /^id$|_id$|Id$/;

interface Sent {
  /** The names that lead to it, without positions. */
  readonly names: readonly string[];
  readonly value: unknown;
}

/**
 * The number that is sent where an expression over the answer looks: `body.items[0].quantity`, or of how many items a list there
 * has. The answer may wrap what was sent, as in `body.order.items[0].quantity`.
 */
export function findSent(node: Node, { key, value: sentValue }: SentValue): number | undefined {
  const [list] = node.kind === 'call' && node.name === 'len' ? node.args : [];
  const asked = listNames(list ?? node, key);
  const name = asked?.at(-1);
  if (!asked || name === undefined || IDENTIFIER.test(name)) return undefined;
  const found = [...findAll(sentValue, [])].filter(({ names }) => names.at(-1) === name);
  const [sent] = found;
  // Two of one name say nothing of which is meant.
  if (!sent || found.length !== 1 || !endsWith(asked, sent.names)) return undefined;
  const { value } = sent;
  if (list) return Array.isArray(value) ? value.length : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** `items` and `quantity` of `body.items[0].quantity`; undefined for what is not below the key. */
function listNames(node: Node, key: string): readonly string[] | undefined {
  if (node.kind === 'name') return node.name === key ? [] : undefined;
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const names = listNames(node.object, key);
  return node.kind === 'member' && names ? [...names, node.name] : names;
}

function* findAll(value: unknown, around: readonly string[]): Generator<Sent> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    const names = Array.isArray(value) ? around : [...around, name];
    if (!Array.isArray(value)) yield { names, value: item };
    yield* findAll(item, names);
  }
}

function endsWith(asked: readonly string[], names: readonly string[]): boolean {
  return names.every((name, index) => name === asked[asked.length - names.length + index]);
}
