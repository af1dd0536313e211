import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';

/** Where the content of a parsed node starts. */
export function startOf(node: ParsedNode): number {
  return node.range[0];
}

/** Where the content of a parsed node ends, without the blanks, comments and line breaks behind it. */
export function endOf(text: string, node: ParsedNode): number {
  if (isAlias(node)) return node.range[1];
  if (isScalar(node)) {
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    return isBlock ? trimEnd(text, node.range[0], node.range[1]) : node.range[1];
  }
  if (node.flow) return node.range[1];
  const last = isSeq(node) ? node.items.at(-1) : isMap(node) ? findLastPart(node.items.at(-1)) : undefined;
  return last ? Math.max(node.range[0], endOf(text, last)) : trimEnd(text, node.range[0], node.range[1]);
}

function findLastPart(pair: { readonly key: ParsedNode; readonly value: ParsedNode | null } | undefined) {
  if (!pair?.value) return pair?.key;
  const isEmpty = isScalar(pair.value) && pair.value.range[0] === pair.value.range[1];
  return isEmpty ? pair.key : pair.value;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}
