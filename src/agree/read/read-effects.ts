import { isList, isMap, type Value, type ValueMap } from '../../expr/index.ts';
import type { KafkaMessage } from '../../model/exchange.ts';
import { toType, typeOfReference } from '../words/type-name.ts';
import { type Look, type Root, readId, type Said } from './look.ts';
import { readMessage } from './read-messages.ts';
import { findOwnId, readInside, withoutOwner } from './read-records.ts';

/** A record that a flow caused, whoever wrote it. */
export interface Caused {
  readonly look: Look;
  /** The table or topic. */
  readonly place: string;
  readonly path: string;
  readonly record: ValueMap;
}

/** Changes that are the flow's own doing. */
const OWN = new Set<Value>(['expected', 'unexpected']);

/** Reads what a watch of tables and topics saw of the flow's doing, from its result: rows as they are now, and messages. */
export function readEffects(result: ValueMap | undefined, look: Look): { said: Said; caused: readonly Caused[] } {
  const said: Said = { sayings: [], lists: [] };
  const changes = result?.['changes'] ?? null;
  const caused = (isList(changes) ? changes : []).flatMap((change, index): readonly Caused[] => {
    if (!isMap(change) || !OWN.has(change['standing'] ?? null)) return [];
    const path = `changes[${index}]`;
    const { table = null, topic = null, message = null } = change;
    if (typeof topic === 'string' && isMap(message)) {
      readMessage(said, message as unknown as KafkaMessage, { look, path: `${path}.message.value` });
      const value = message['value'] ?? null;
      return isMap(value) ? [{ look, place: topic, path: `${path}.message.value`, record: value }] : [];
    }
    const key = change['after'] === undefined ? 'row' : 'after';
    const row = change[key] ?? null;
    if (typeof table !== 'string' || !isMap(row) || change['what'] === 'deleted') return [];
    const one = { look, place: table, path: `${path}.${key}`, record: row };
    addRow(said, one);
    return [one];
  });
  return { said, caused };
}

function addRow(said: Said, { look, place, path, record }: Caused): void {
  const type = toType(place);
  const source = `effects ${place}`;
  const root: Root = { look, kind: 'row', source, title: `row of ${place}`, path, value: record, bearing: 'whole' };
  const id = findOwnId(record);
  if (id !== undefined) {
    const owner = { types: [type], id };
    said.sayings.push({ root, path, record, isEmbedded: false, bearing: 'whole', ...owner });
    said.lists.push(...readInside(root, record, owner).lists);
  }
  for (const [name, value] of Object.entries(record)) {
    const parent = typeOfReference(name);
    const parentId = readId(value);
    if (parent === undefined || parentId === undefined) continue;
    const owner = { types: [parent], id: parentId };
    const kind = withoutOwner(type, owner.types);
    said.lists.push({ root, parent: owner, kind, items: [{ path, record }], bearing: 'whole' });
  }
}
