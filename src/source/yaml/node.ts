import type { Value } from '../../expr/index.ts';
import { setKey } from '../../expr/index.ts';
import type { Span, TextAt } from '../../model/source-file.ts';

/** A part of a YAML document, with its place; aliases and merge keys are resolved. */
export type Node = ScalarNode | MapNode | SeqNode;

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface NodeBase {
  /** Of a value that came through an alias: the place of the anchor's content. */
  readonly span: Span;
  /** Whether it stands below the tag `!raw`: taken literally, without placeholders. */
  readonly isRaw: boolean;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: Value;
  /** The decoded text of a string; what stands in the file of everything else. */
  readonly text: TextAt;
  readonly style: ScalarStyle;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** In the order written; keys are distinct. */
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly items: readonly Node[];
}

/** The node as plain data; keys of maps are their text. */
export function toData(node: Node): Value {
  return convert(node, new Map());
}

/** The entry of a map with this key, or undefined. */
export function findEntry(node: Node, key: string): MapEntry | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key.text.text === key) : undefined;
}

/** The node that a path of keys and positions leads to, or undefined. */
export function findNode(node: Node, path: readonly (string | number)[]): Node | undefined {
  let current: Node | undefined = node;
  for (const step of path) {
    if (current === undefined) return undefined;
    current = current.kind === 'seq' ? current.items[Number(step)] : findEntry(current, String(step))?.value;
  }
  return current;
}

/** The nodes that a pattern leads to: keys with dots between them, `*` for each key of a map, `[]` behind one for each item of its list. */
export function findNodes(root: Node, pattern: string): readonly Node[] {
  let nodes: readonly Node[] = [root];
  const steps = readPattern(pattern);
  const [first = ''] = steps;
  // Most patterns lead nowhere in most steps.
  if (first !== '*' && first !== '[]' && !findEntry(root, first)) return [];
  for (const step of steps) {
    if (nodes.length === 0) return nodes;
    nodes = nodes.flatMap((node) => {
      if (step === '[]') return node.kind === 'seq' ? node.items : [];
      if (step === '*') return node.kind === 'map' ? node.entries.map(({ value }) => value) : [];
      const entry = findEntry(node, step);
      return entry ? [entry.value] : [];
    });
  }
  return nodes;
}

const patterns = new Map<string, readonly string[]>();

/** Patterns are those of actions: few, and met at every step. */
function readPattern(pattern: string): readonly string[] {
  const known = patterns.get(pattern);
  if (known) return known;
  const steps = pattern.replaceAll('[]', '.[]').split('.');
  patterns.set(pattern, steps);
  return steps;
}

// Aliased nodes are shared, so each is converted once: nested aliases would otherwise multiply.
function convert(node: Node, done: Map<Node, Value>): Value {
  if (node.kind === 'scalar') return node.value;
  const ready = done.get(node);
  if (ready !== undefined) return ready;
  const data = node.kind === 'seq' ? node.items.map((item) => convert(item, done)) : convertMap(node, done);
  done.set(node, data);
  return data;
}

function convertMap(node: MapNode, done: Map<Node, Value>): Value {
  const data: { [key: string]: Value } = {};
  for (const { key, value } of node.entries) setKey(data, key.text.text, convert(value, done));
  return data;
}
