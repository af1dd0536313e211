import { isDeepStrictEqual } from 'node:util';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { listComments } from '../yaml/list-comments.ts';
import type { Node } from '../yaml/node.ts';
import { readWrittenYaml, type YamlReading } from '../yaml/read-yaml.ts';

/** Whether a text says the same as a file: each value with its kind, each comment, and what is odd of its layout. */
export function hasSameMeaning(file: SourceFile, text: string): boolean {
  const [before, after] = [file, createSourceFile(file.path, file.absolutePath, text)].map(readWrittenYaml);
  return (
    isDeepStrictEqual(describe(before?.documents ?? []), describe(after?.documents ?? [])) &&
    isDeepStrictEqual(listCodes(before), listCodes(after)) &&
    isDeepStrictEqual(describeComments(file.text), describeComments(text))
  );
}

/** A mistake that shows in the layout alone would be hidden. */
function listCodes(reading: YamlReading | undefined): readonly string[] {
  return (reading?.diagnostics ?? []).map(({ code }) => code).sort();
}

function describe(documents: readonly Node[]): unknown {
  const known = new Map<Node, unknown>();
  // Aliased nodes are shared: each is described once.
  const visit = (node: Node): unknown => {
    if (!known.has(node)) known.set(node, describeNode(node, visit));
    return known.get(node);
  };
  return documents.map(visit);
}

function describeNode(node: Node, visit: (node: Node) => unknown): unknown {
  if (node.kind === 'seq') return ['list', node.isRaw, node.items.map(visit)];
  if (node.kind === 'map')
    return ['map', node.isRaw, node.entries.map(({ key, value }) => [key.text.text, key.value, visit(value)])];
  return ['value', node.isRaw, node.value, node.text.text, node.style === 'plain'];
}

function describeComments(text: string): readonly string[] {
  return listComments(text).map((comment) => comment.text.trimEnd());
}
