import type { MapEntry, Node, ScalarNode } from '../yaml/node.ts';
import { refuse } from './plain-cursor.ts';

/** From so many entries on a set of keys is faster than comparing each with all before it. */
const MANY = 16;

/** The entries of a map; a key that it has already is refused. */
export class PlainEntries {
  readonly list: MapEntry[] = [];
  #keys: Set<string> | undefined;

  add(key: ScalarNode, value: Node): void {
    const { text } = key.text;
    if (this.list.length === MANY) this.#keys = new Set(this.list.map((entry) => entry.key.text.text));
    if (this.#keys?.has(text) ?? this.list.some((entry) => entry.key.text.text === text)) refuse();
    this.#keys?.add(text);
    this.list.push({ key, value });
  }
}
