import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { findMatcher, writeMatcher } from '../syntax/foreign-matchers.ts';
import { printNode } from '../syntax/print.ts';
import { foldWord } from '../values/nearest.ts';

/** Functions with which other languages begin an expectation. */
const beginnings = new Set(['expect', 'assertthat', 'should']);

/** How an expectation such as `expect(status).toBe(200)`, whose call this is, stands as an expression; undefined for another call. */
export function suggestForExpectation(call: NodeOf<'call'>, whole: Node): string | undefined {
  const [value] = call.args;
  if (!value || !beginnings.has(foldWord(call.name))) return undefined;
  const chain = listChain(call, whole);
  const words = chain.map(({ word }) => foldWord(word));
  const at = words.findLastIndex((word) => findMatcher(word) !== undefined);
  const matcher = findMatcher(words[at] ?? '');
  const [expected] = chain[at]?.args ?? [];
  if (!matcher) return `an assertion is one expression: write \`${printNode(value)} == …\``;
  const sides = { value: printNode(value), expected: expected && printNode(expected) };
  return `an assertion is one expression: write \`${writeMatcher(matcher, { isNot: words.includes('not'), ...sides })}\``;
}

interface Link {
  readonly word: string;
  readonly args: readonly Node[];
}

/** The members and methods that stand behind a call, in order. */
function listChain(call: Node, whole: Node): readonly Link[] {
  const links: Link[] = [];
  let current = call;
  for (const node of listAncestors(call, whole)) {
    if (node.kind === 'chain') current = node;
    else if ((node.kind === 'member' || node.kind === 'method') && node.object === current) {
      links.push({ word: node.name, args: node.kind === 'method' ? node.args : [] });
      current = node;
    } else break;
  }
  return links;
}

/** The nodes around one, the innermost first. */
function listAncestors(wanted: Node, whole: Node): readonly Node[] {
  if (whole === wanted) return [];
  for (const child of listChildren(whole)) {
    if (child === wanted) return [whole];
    const below = listAncestors(wanted, child);
    if (below.length > 0) return [...below, whole];
  }
  return [];
}
