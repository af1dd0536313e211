import type { Node } from '../../source/yaml/node.ts';
import { makeMap, makeScalar } from './synthetic.ts';

/** What a flow has besides its steps, and a file of settings may have beside them. */
const OF_FLOW: ReadonlySet<string> = new Set(['env', 'env_file', 'secrets']);

/** The settings of one action, alone in their file, as the flow of the one step that has them. */
export function wrapSettings(root: Node, { action, id, name }: { action: string; id: string; name: string }): Node {
  const start = { ...root.span, end: root.span.start };
  const all = root.kind === 'map' ? root.entries : [];
  const isAround = (word: string): boolean => OF_FLOW.has(word) || word.startsWith('x-');
  const around = all.filter(({ key }) => isAround(key.text.text));
  const config = root.kind === 'map' ? { ...root, entries: all.filter(({ key }) => !isAround(key.text.text)) } : root;
  const step = makeMap({ id: makeScalar(id, start), action: makeScalar(action, start), config }, root.span);
  const steps: Node = { kind: 'seq', items: [step], span: root.span, isRaw: false };
  const flow = makeMap({ name: { ...makeScalar(name, start), isRaw: true }, steps }, root.span);
  return { ...flow, entries: [...around, ...flow.entries] };
}
