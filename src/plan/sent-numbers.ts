import type { Node } from '../expr/index.ts';

const SENDS = new Set(['POST', 'PUT', 'PATCH']);

/** The number that a request sends under the name that an expression over its answer ends in: `body.items[0].quantity`, or of how many items a list of it has. */
export function findSent(node: Node, authored: unknown): number | undefined {
  const { method, body } = authored as { readonly method?: unknown; readonly body?: unknown };
  if (typeof method !== 'string' || !SENDS.has(method.toUpperCase())) return undefined;
  const [list] = node.kind === 'call' && node.name === 'len' ? node.args : [];
  const member = list ?? node;
  if (member.kind !== 'member' || !isOfBody(member.object)) return undefined;
  const found = [...findAll(body, member.name)];
  const [value] = found;
  // Two of one name say nothing of which is meant.
  if (found.length !== 1) return undefined;
  if (list) return Array.isArray(value) ? value.length : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** `body`, `body.items[0]`. */
function isOfBody(node: Node): boolean {
  if (node.kind === 'name') return node.name === 'body';
  return (node.kind === 'member' || node.kind === 'index') && isOfBody(node.object);
}

function* findAll(value: unknown, key: string): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (name === key && !Array.isArray(value)) yield item;
    yield* findAll(item, key);
  }
}
