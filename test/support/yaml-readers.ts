import { createSourceFile, type Span } from '../../src/model/source-file.ts';
import { readPlainLayout } from '../../src/source/plain/read-plain-layout.ts';
import type { Node } from '../../src/source/yaml/node.ts';
import { readAnyYaml } from '../../src/source/yaml/read-yaml.ts';

/** What the reader of plain layouts makes of a text, and what the full one does; undefined when the first leaves it to the second. */
export function readBothWays(text: string): { readonly plain: unknown; readonly full: unknown } | undefined {
  const file = createSourceFile('flow.yaml', '/flow.yaml', text);
  const plain = readPlainLayout(file);
  if (!plain) return undefined;
  const { documents, diagnostics } = readAnyYaml(file);
  const findings = diagnostics.map(({ code, message }) => `${code} ${message}`);
  return { plain: [describeNode(plain)], full: [...documents.map(describeNode), ...findings] };
}

/** Everything that can be asked of a node, the places of its characters too. */
function describeNode(node: Node): unknown {
  const { kind, isRaw } = node;
  const at = describeSpan(node.span);
  if (kind === 'seq') return { at, isRaw, items: node.items.map(describeNode) };
  if (kind === 'map')
    return { at, isRaw, entries: node.entries.map(({ key, value }) => [describeNode(key), describeNode(value)]) };
  const { value, style, text } = node;
  const places = Array.from({ length: text.text.length + 2 }, (_, index) =>
    [1, 3].map((length) => describeSpan(text.locate(index - 1, length))).join(' '),
  );
  return { at, isRaw, value, style, text: text.text, textAt: describeSpan(text.span), places };
}

function describeSpan({ start, end }: Span): string {
  return `${start}-${end}`;
}
