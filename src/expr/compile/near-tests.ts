import type { Frame } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';
import { findDenials, isAmong } from './denials.ts';
import { cut } from './text-remarks.ts';

/** How a test looks for one text in another. */
export type TextTest = 'contains' | 'startsWith' | 'endsWith';

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
  host.onRemark(`\`${test}\` is so but for ${difference}${better}`);
}

/** Says the same of a pattern that is written in letters; one that asks for a case, as `[A-Z]` does, means it. */
export function remarkNearPattern(
  at: TextTestAt,
  {
    text,
    wanted,
    search,
  }: { readonly text: string; readonly wanted: string; readonly search: (pattern: string) => boolean },
  { host }: Frame,
): void {
  if (host?.onRemark === undefined || text.length > LONGEST_SEARCHED || !/\p{L}{3}/u.test(wanted)) return;
  if (/\[|\\[pPQ]|\(\?/.test(wanted) || !isAmong(findDenials(at.ast).tests, at.node)) return;
  if (!search(`(?i)${wanted}`)) return;
  const node = cut(at.source, at.node);
  host.onRemark(`\`${node}\` is so but for letter case: a pattern that begins with \`(?i)\` takes any case`);
}

function findDifference(kind: TextTest, text: string, wanted: string): string | undefined {
  const forms = [
    ['letter case', (one: string) => one.toLowerCase()],
    ['blanks', joinBlanks],
    ['letter case and blanks', (one: string) => joinBlanks(one.toLowerCase())],
  ] as const;
  return forms.find(([, write]) => isSo(kind, write(text), write(wanted)))?.[0];
}

function joinBlanks(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
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
