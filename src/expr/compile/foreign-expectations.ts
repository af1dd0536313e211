import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { printNode } from '../syntax/print.ts';
import { foldWord } from '../values/nearest.ts';

/** Functions with which other languages begin an expectation. */
const beginnings = new Set(['expect', 'assertthat', 'should']);

/** What they call a comparison, by how it is written here and how its opposite is; `$1` is the value, `$2` what it is held against. */
const matchers: readonly [string, string, string][] = [
  [
    '$1 == $2',
    '$1 != $2',
    'toBe toEqual toStrictEqual equal equals eq eql equalTo isEqualTo is deepEqual deepEquals toBeEqual',
  ],
  ['$1 != $2', '$1 == $2', 'isNotEqualTo notEqual'],
  ['$1 contains $2', 'not ($1 contains $2)', 'toContain contain contains include includes toInclude toContainString'],
  ['$2 in $1', '$2 not in $1', 'toContainEqual toHaveProperty property hasProperty containsKey hasKey haveKey'],
  ['$1 in $2', '$1 not in $2', 'oneOf toBeOneOf isIn'],
  ['$1 matches $2', 'not ($1 matches $2)', 'toMatch match matches matchesPattern'],
  ['$1 > $2', '$1 <= $2', 'toBeGreaterThan above greaterThan isGreaterThan gt'],
  ['$1 >= $2', '$1 < $2', 'toBeGreaterThanOrEqual atLeast least gte isGreaterThanOrEqualTo'],
  ['$1 < $2', '$1 >= $2', 'toBeLessThan below lessThan isLessThan lt'],
  ['$1 <= $2', '$1 > $2', 'toBeLessThanOrEqual atMost most lte isLessThanOrEqualTo'],
  ['approx($1, $2, 0.01)', 'not approx($1, $2, 0.01)', 'toBeCloseTo closeTo isCloseTo'],
  ['len($1) == $2', 'len($1) != $2', 'toHaveLength length lengthOf hasSize hasLength'],
  ['matches_partial($1, $2)', 'not matches_partial($1, $2)', 'toMatchObject objectContaining'],
  ['type($1) == $2', 'type($1) != $2', 'a an type isInstanceOf toBeInstanceOf instanceOf'],
  ['$1 == nil', '$1 != nil', 'toBeNull toBeUndefined null undefined isNull'],
  ['$1 != nil', '$1 == nil', 'toBeDefined exist exists isNotNull toExist'],
  ['$1 == true', '$1 == false', 'toBeTruthy toBeTrue true isTrue ok'],
  ['$1 == false', '$1 == true', 'toBeFalsy toBeFalse false isFalse'],
  ['len($1) == 0', 'len($1) > 0', 'empty isEmpty toBeEmpty'],
  ['len($1) > 0', 'len($1) == 0', 'isNotEmpty'],
];
const byWord = new Map(
  matchers.flatMap(([holds, fails, words]) =>
    words.split(' ').map((word) => [foldWord(word), { holds, fails }] as const),
  ),
);

/** How an expectation such as `expect(status).toBe(200)`, whose call this is, stands as an expression; undefined for another call. */
export function suggestForExpectation(call: NodeOf<'call'>, whole: Node): string | undefined {
  const [value] = call.args;
  if (!value || !beginnings.has(foldWord(call.name))) return undefined;
  const chain = listChain(call, whole);
  const words = chain.map(({ word }) => foldWord(word));
  const at = words.findLastIndex((word) => byWord.has(word));
  const matcher = byWord.get(words[at] ?? '');
  const [expected] = chain[at]?.args ?? [];
  if (!matcher) return `an assertion is one expression: write \`${printNode(value)} == …\``;
  const template = words.includes('not') ? matcher.fails : matcher.holds;
  const written = template.replaceAll(/\$([12])/g, (_, number) => {
    if (number === '1') return printNode(value);
    return expected ? printNode(expected) : '…';
  });
  return `an assertion is one expression: write \`${written}\``;
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
