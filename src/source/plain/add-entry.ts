import type { MapEntry, Node, ScalarNode } from '../yaml/node.ts';
import { refuse } from './plain-cursor.ts';

/** Each entry is compared with all before it. */
const MAX_ENTRIES = 500;

/** Adds an entry to those of a map; a key that it has already is refused. */
export function addEntry(entries: MapEntry[], key: ScalarNode, value: Node): void {
  const { text } = key.text;
  if (entries.length >= MAX_ENTRIES || entries.some((entry) => entry.key.text.text === text)) refuse();
  entries.push({ key, value });
}
