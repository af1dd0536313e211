import { type Document, isCollection, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';

type Documents = readonly Document.Parsed<ParsedNode>[];

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where the quote opens that is not closed, or closes lines below, right before an error. */
export function findUnclosedQuote(documents: Documents, errorAt: number): number | undefined {
  let found: number | undefined;
  visitQuoted(documents, (start, source) => {
    const end = start + source.length;
    if (start > errorAt || end < errorAt - 200) return;
    const isClosed = source.length > 1 && source.endsWith(source[0] ?? '');
    const isBefore = end <= errorAt && errorAt - end <= 2 && source.includes('\n');
    if (!isClosed || isBefore) found ??= start;
  });
  return found;
}

/** Where the bracket opens that is not closed before an error. */
export function findUnclosedBracket(documents: Documents, errorAt: number): number | undefined {
  let found: number | undefined;
  for (const document of documents) {
    walkNodes(document.contents, (node) => {
      const token = isCollection(node) ? node.srcToken : undefined;
      if (token?.type !== 'flow-collection' || token.offset > errorAt) return;
      const last = token.end[0];
      if (last?.type !== 'flow-map-end' && last?.type !== 'flow-seq-end') found = token.offset;
    });
  }
  return found;
}

/** The quoted scalar that holds an offset. */
export function findScalarAt(documents: Documents, offset: number): Stretch | undefined {
  let found: Stretch | undefined;
  visitQuoted(documents, (start, source) => {
    if (start <= offset && offset < start + source.length) found = { start, end: start + source.length };
  });
  return found;
}

/** Whether a `[` or `{` opens before the offset and does not close before it. */
export function isInFlow(documents: Documents, text: string, offset: number): boolean {
  let isInside = false;
  for (const document of documents) {
    walkNodes(document.contents, (node) => {
      if (!isCollection(node) || !node.flow || text.startsWith('{{', node.range[0])) return;
      if (node.range[0] < offset && offset < node.range[1]) isInside = true;
    });
  }
  return isInside;
}

function visitQuoted(documents: Documents, see: (start: number, source: string) => void): void {
  for (const document of documents) {
    walkNodes(document.contents, (node) => {
      const token = isScalar(node) ? node.srcToken : undefined;
      if (token?.type === 'double-quoted-scalar' || token?.type === 'single-quoted-scalar')
        see(token.offset, token.source);
    });
  }
}

/** Sees every node, in the order of the text. The parser's own walk keeps the path to each, which takes long in deep nests. */
function walkNodes(root: ParsedNode | null, see: (node: ParsedNode) => void): void {
  const ahead: (ParsedNode | null)[] = [root];
  while (ahead.length > 0) {
    const node = ahead.pop();
    if (!node) continue;
    see(node);
    if (isSeq(node)) for (const item of node.items.toReversed()) ahead.push(item as ParsedNode);
    if (isMap(node))
      for (const { key, value } of node.items.toReversed()) ahead.push(value as ParsedNode, key as ParsedNode);
  }
}
