import type { Value } from '../../expr/index.ts';
import type { Span } from '../../model/source-file.ts';
import { findEntry, type MapNode, type Node, type ScalarNode } from '../../source/yaml/node.ts';

const made = new WeakSet<Node>();

/** A text that stands for something authored: whatever is wrong with it is shown there. */
export function makeScalar(value: string, span: Span): ScalarNode {
  const text = { text: value, span, locate: () => span };
  const node: ScalarNode = { kind: 'scalar', value, text, style: 'plain', span, isRaw: false };
  made.add(node);
  return node;
}

/** Whether no author wrote it. */
export function isSynthetic(node: Node): boolean {
  return made.has(node);
}

/** A map of authored and made nodes; what is undefined is left out. */
export function makeMap(entries: Readonly<Record<string, Node | undefined>>, span: Span): MapNode {
  return {
    kind: 'map',
    entries: Object.entries(entries).flatMap(([key, value]) =>
      value ? [{ key: makeScalar(key, value.span), value }] : [],
    ),
    span,
    isRaw: false,
  };
}

/** The map with another value for a key that it has, or with the key. */
export function replaceEntry(node: MapNode, key: string, value: Node): MapNode {
  const entry = findEntry(node, key);
  if (!entry) return { ...node, entries: [...node.entries, { key: makeScalar(key, value.span), value }] };
  return { ...node, entries: node.entries.map((one) => (one === entry ? { ...one, value } : one)) };
}

/** An authored value as the source of an expression that gives it: placeholders keep their types. */
export function writeExpression(node: Node): string {
  if (node.kind === 'seq') return `[${node.items.map(writeExpression).join(', ')}]`;
  if (node.kind === 'map') {
    const entries = node.entries.map(({ key, value }) => `${JSON.stringify(key.text.text)}: ${writeExpression(value)}`);
    return `{${entries.join(', ')}}`;
  }
  return writeScalar(node.value, node.text.text);
}

function writeScalar(value: Value, text: string): string {
  if (value === null) return 'nil';
  if (typeof value !== 'string') return text;
  return /^\{\{[^{}]*\}\}$/.test(text) ? text : JSON.stringify(text);
}
