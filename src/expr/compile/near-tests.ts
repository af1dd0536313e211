import { findSpelling, readsAlike } from '../compare/near-scalars.ts';
import { nearlyEqual } from '../compare/nearly-equal.ts';
import type { Frame } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { Budget } from '../values/limits.ts';
import { compileRecent } from '../values/regex.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { findDenials, isAmong } from './denials.ts';
import { MOST_ITEMS } from './item-keys.ts';
import { findKeyed, readsItem, type TextTest } from './key-reads.ts';
import { isStructure } from './remarks.ts';
import { cut, cutText, type TestAt } from './text-remarks.ts';

/** A test of a text, and the whole that it stands in. */
export interface TextTestAt {
  readonly source: string;
  readonly ast: Node;
  readonly node: Node;
  readonly text: Node;
  readonly wanted: Node;
}

const LONGEST_TEXT = 100_000;
/** A pattern is searched for once more. */
const LONGEST_SEARCHED = 10_000;
const LONGEST_WANTED = 200;
/** What is shorter stands in many words by chance. */
const SHORTEST_PART = 4;
const SHORTEST = 2;
/** Each item of such a list is looked for in another. */
const MOST_HELD = 100;

/** Says of a text that has to lack another one that it has it but for letter case or blanks. */
export function remarkNearTest(
  at: TextTestAt,
  kind: TextTest,
  [text, wanted]: readonly [Value, Value],
  { host }: Frame,
): void {
  if (host?.onRemark === undefined || typeof text !== 'string' || typeof wanted !== 'string') return;
  if (text.length > LONGEST_TEXT || wanted.length > LONGEST_WANTED || wanted.trim().length < SHORTEST) return;
  const difference = findDifference(kind, text, wanted);
  if (difference === undefined || !isAmong(findDenials(at.ast).tests, at.node)) return;
  const [left, right] = [cut(at.source, at.text), cut(at.source, at.wanted)];
  const better = difference === 'blanks' ? '' : `: \`lower(${left}) ${kind} lower(${right})\` takes any case`;
  // Of a call such as `indexOf` that is its test.
  const test = at.node.kind === 'call' ? `${left} ${kind} ${right}` : cut(at.source, at.node);
  host.onRemark(`\`${test}\` is so but for ${difference}${better}`, true);
}

/** Says the same of a pattern that is written in letters; one that asks for a case, as `[A-Z]` does, means it. */
export function remarkNearPattern(
  at: TextTestAt,
  { text, wanted }: { readonly text: string; readonly wanted: string },
  { host }: Frame,
): void {
  if (host?.onRemark === undefined || text.length > LONGEST_SEARCHED || !/\p{L}{3}/u.test(wanted)) return;
  if (/\[|\\[pPQ]|\(\?/.test(wanted) || !isAmong(findDenials(at.ast).tests, at.node)) return;
  const spaced = wanted.trim().replace(/ +(?![*+?{])/g, '\\s+');
  const near = [
    [`(?i)${wanted}`, 'letter case: a pattern that begins with `(?i)` takes any case'],
    [spaced, 'blanks: `\\s+` takes any'],
    [`(?i)${spaced}`, 'letter case and blanks'],
  ].find(([pattern = '']) => searchAside(pattern, text));
  const node = cut(at.source, at.node);
  if (near) host.onRemark(`\`${node}\` is so but for ${near[1]}`, true);
}

/** Looks for a pattern at no cost to the evaluation: what is said of it may not end it. */
function searchAside(pattern: string, text: string): boolean {
  const aside = new Budget();
  try {
    return compileRecent(pattern, aside).test(text, aside);
  } catch {
    return false;
  }
}

/** Says of a call that has to be false by what alone it is so. */
export function remarkNearCall(
  { source, ast, node }: Pick<TextTestAt, 'source' | 'ast' | 'node'>,
  find: () => string | undefined,
  { host }: Frame,
): void {
  if (host?.onRemark === undefined || !isAmong(findDenials(ast).tests, node)) return;
  const by = find();
  if (by !== undefined) host.onRemark(`\`${cut(source, node)}\` is so but for ${by}`, true);
}

/** Says of a value that has to be in no list, and among no keys, that nothing could be it, or that something is but for its type or its spelling. */
export function remarkItem(at: TestAt, [item, container]: readonly [Value, Value], { host }: Frame): void {
  if (host?.onRemark === undefined || item === null) return;
  const list = isList(container) ? container : listKeysOf(at, container);
  if (list.length === 0 || list.length > MOST_ITEMS || !isAmong(findDenials(at.ast).tests, at.node)) return;
  if (isList(item) && list.some((other) => !isList(other))) {
    remarkHeldItem(at, [item, list], { host });
    return;
  }
  const text = `\`${cut(at.source, at.node)}\` looks for ${describeType(item)}`;
  const near = isStructure(item) ? findNearItem(item, list) : undefined;
  const keyed = findKeyed(at.node.right);
  const isKey = keyed !== undefined && at.node.left.kind === 'literal' && !readsItem(keyed);
  const same = list.find(
    (other) => !isKey && typeof item === 'string' && typeof other === 'string' && findSpelling(item, other),
  );
  const twin = list.find((other) => readsAlike(item, other));
  if (near !== undefined) host.onRemark(`${text}: an item is equal but for ${near}`, true);
  else if (typeof same === 'string') {
    host.onRemark(`${text}: it and "${cutText(same)}" are ${findSpelling(String(item), same)?.what}`, true);
  } else if (twin !== undefined)
    host.onRemark(`${text}: an item that reads the same is ${describeType(twin)}, and differs by type alone`, true);
  else if (!isStructure(item) && list.every(isStructure))
    host.onRemark(`${text}, but each item is ${describeType(list[0] ?? null)}: none could be it`);
}

/** The keys of a map that is looked into; none where what is looked for is written out, which keys that are read say more of. */
function listKeysOf({ node: { left, right } }: TestAt, container: Value): readonly string[] {
  return !isMap(container) || (left.kind === 'literal' && !readsItem(right)) ? [] : Object.keys(container);
}

/** By what alone an item of a list differs from a value. */
function findNearItem(value: Value, list: readonly Value[]): string | undefined {
  for (const [index, item] of list.slice(0, MOST_HELD).entries()) {
    const by = nearlyEqual(item, value, 'whole', `[${index}]`);
    if (by !== undefined) return by;
  }
  return undefined;
}

/** Says of a list that has to be none of several values that one of them is an item of it. */
function remarkHeldItem(
  { source, node }: TestAt,
  [held, list]: readonly [readonly Value[], readonly Value[]],
  { host }: Pick<Frame, 'host'>,
): void {
  if (held.length > MOST_HELD || list.some(isList)) return;
  const index = held.findIndex((item) => list.some((other) => isEqual(item, other)));
  if (index < 0) return;
  const [text, others] = [cut(source, node.left), cut(source, node.right)];
  host?.onRemark?.(
    `\`${text}\` is an array, and \`${text}[${index}]\` is in \`${others}\`: test with \`any(${text}, # in ${others})\``,
    true,
  );
}

function findDifference(kind: TextTest, text: string, wanted: string): string | undefined {
  const forms = [
    ['letter case', (one: string) => one.toLowerCase()],
    ['blanks', joinBlanks],
    ['letter case and blanks', (one: string) => joinBlanks(one.toLowerCase())],
  ] as const;
  return forms.find(([, write]) => isSo(kind, write(text), write(wanted)))?.[0];
}

/** The text with one blank for several, and none beside a mark: `"a": 1` is `"a":1`. */
function joinBlanks(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?([:,;=<>(){}[\]]) ?/g, '$1');
}

function isSo(kind: TextTest, text: string, wanted: string): boolean {
  if (kind === 'startsWith') return text.startsWith(wanted);
  if (kind === 'endsWith') return text.endsWith(wanted);
  const isPart = wanted.length >= SHORTEST_PART;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (isPart || !isWordAt(text, at, at + wanted.length)) return true;
  return false;
}

/** Whether a part of a text goes on as a word at either end. */
function isWordAt(text: string, start: number, end: number): boolean {
  return /[\p{L}\p{N}_]/u.test(text.charAt(start - 1)) || /[\p{L}\p{N}_]/u.test(text.charAt(end));
}
