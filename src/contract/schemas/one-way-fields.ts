import type { Node } from '../../source/yaml/node.ts';
import { childOf, childrenOf, isTrue, type Part } from '../document/documents.ts';
import type { SchemaContext } from './schema-context.ts';

/** Says in a schema that a field goes the other way; what it holds is the word of the document. */
export const ONE_WAY = 'x-testmesh-one-way';

const known = new WeakMap<Node, Map<string, ReadonlySet<string>>>();

/** The fields that a schema, and what it is composed of, say go the other way only: `writeOnly` ones are not in an answer, `readOnly` ones not in a request. */
export function listOneWayFields(part: Part, context: SchemaContext): ReadonlySet<string> {
  const byDirection = known.get(part.node) ?? new Map<string, ReadonlySet<string>>();
  known.set(part.node, byDirection);
  const found = byDirection.get(context.direction);
  if (found) return found;
  const names = new Set<string>();
  // A schema that is built on itself adds nothing.
  byDirection.set(context.direction, names);
  const properties = childOf(part, 'properties');
  for (const [name, field] of properties ? childrenOf(properties) : []) if (isOneWay(field, context)) names.add(name);
  for (const other of listComposed(part, context)) {
    for (const name of listOneWayFields(other, context)) names.add(name);
  }
  return names;
}

/** The word of the document by which a field goes the other way. */
export function wordOf({ direction }: Pick<SchemaContext, 'direction'>): 'writeOnly' | 'readOnly' {
  return direction === 'response' ? 'writeOnly' : 'readOnly';
}

/** Whether a field goes the other way only. */
export function isOneWay(field: Part, context: SchemaContext): boolean {
  const word = wordOf(context);
  return isTrue(field, word) || isTrue(context.documents.follow(field), word);
}

function listComposed(part: Part, { documents }: SchemaContext): readonly Part[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => {
    const list = childOf(part, key);
    return list ? childrenOf(list).map(([, child]) => child) : [];
  });
  const target = documents.step(part);
  return target ? [...lists, target] : lists;
}
