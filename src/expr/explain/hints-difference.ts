import type { Difference } from '../compare/difference.ts';
import { listChildren, type Node } from '../syntax/ast.ts';
import { isEqual } from '../values/equality.ts';
import { ExprError } from '../values/error.ts';
import { formatValue } from '../values/format.ts';
import { foldWord } from '../values/nearest.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { relateValues } from './hints-pair.ts';

const maxLooked = 50;
const maxHints = 3;
const maxPath = 500;
const maxPlace = 80;

/** Says what differing places have to do with each other, each kind of cause once. */
export function listDifferenceHints(
  differences: readonly Difference[],
  { known, ast }: { readonly known: ReadonlySet<string>; readonly ast: Node },
): readonly string[] {
  const hints = new Map<string, string>();
  const written = new Set(differences.length === 0 ? [] : listWritten(ast));
  for (const one of differences.slice(0, maxLooked)) {
    if (one.kind === 'order') {
      const list = one.path === '' || one.path.length > maxPlace ? '…' : one.path;
      hints.set('order', `if the order does not matter, compare with \`same_items(${list}, …)\``);
    } else if (one.kind === 'changed' && one.path !== '') {
      const { actual = null, expected = null, path } = one;
      const other = written.has(formatValue(expected)) || isMap(expected) || isList(expected) ? undefined : '…';
      const hint = relateValues({ actual, expected, text: path, other })?.hint;
      // The same cause in several places is reported once.
      const cause = hint?.replaceAll(/`[^`]*`|"(?:[^"\\]|\\.)*"|\d+/g, '');
      if (hint !== undefined && cause !== undefined && !known.has(hint) && !hints.has(cause))
        hints.set(cause, `${writePlace(one.path, hint)}${hint}`);
    }
  }
  const looked = differences.slice(0, maxLooked);
  return [...listRenamed(looked), ...listSwapped(looked), ...listMoved(looked), ...hints.values()].slice(0, maxHints);
}

/** The values that stand in the expression itself, as they are printed. */
function listWritten(node: Node): readonly string[] {
  const inner = listChildren(node).flatMap(listWritten);
  if (node.kind === 'literal') return [formatValue(node.value)];
  return node.kind === 'unary' && node.operator === '-' ? [...inner, ...inner.map((text) => `-${text}`)] : inner;
}

function writePlace(path: string, hint: string): string {
  return hint.includes(path) ? '' : `\`${path}\`: `;
}

/** Keys that are missing under one name and too much under another: a similar one, or one that holds the value. */
function listRenamed(differences: readonly Difference[]): readonly string[] {
  const extras = differences.filter(({ kind }) => kind === 'extra').map((one) => ({ ...one, at: splitPath(one.path) }));
  const renamed = new Map<string, string>();
  for (const missing of differences) {
    const [parent, key] = splitPath(missing.path);
    if (missing.kind !== 'missing' || key === '' || renamed.has(key)) continue;
    const siblings = extras.filter(({ at }) => at[0] === parent && at[1] !== '');
    const similar = siblings.find(({ at }) => foldWord(key) === foldWord(at[1]));
    const holder = similar ?? siblings.find(({ actual }) => isDistinctive(actual) && areSame(actual, missing.expected));
    if (holder === undefined) continue;
    const what = similar === undefined ? 'has its value' : 'is there';
    renamed.set(key, `\`${missing.path}\` is missing, but \`${holder.path}\` ${what}`);
  }
  return renamed.size === 0 ? [] : [[...renamed.values()].join('; ')];
}

/** Two places that have each other's value. */
function listSwapped(differences: readonly Difference[]): readonly string[] {
  const changed = differences.filter(({ kind }) => kind === 'changed');
  for (const [index, one] of changed.entries()) {
    const other = changed
      .slice(index + 1)
      .find(({ actual, expected }) => areSame(actual, one.expected) && areSame(expected, one.actual));
    if (other !== undefined && (isDistinctive(one.actual) || isDistinctive(one.expected)))
      return [`\`${one.path}\` and \`${other.path}\` have each other's value: were they swapped?`];
  }
  return [];
}

/** Items of a list that stand elsewhere than expected, while others are too many or missing. */
function listMoved(differences: readonly Difference[]): readonly string[] {
  const isItem = ({ path }: Difference) => path.endsWith(']') && !path.endsWith('"]');
  for (const missing of differences.filter((one) => one.kind === 'missing' && isItem(one))) {
    const list = missing.path.slice(0, missing.path.lastIndexOf('['));
    const moved = differences.find(
      (one) =>
        one.kind === 'extra' && isItem(one) && one.path.startsWith(`${list}[`) && areSame(one.actual, missing.expected),
    );
    if (moved !== undefined) return [`\`${moved.path}\` is an expected item: the order differs as well`];
  }
  return [];
}

function areSame(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  try {
    return isEqual(a, b);
  } catch (error) {
    // Data that is too deep or too large to be compared at leisure.
    if (error instanceof ExprError) return false;
    throw error;
  }
}

/** Whether a value is not one of those that stand everywhere. */
function isDistinctive(value: Value | undefined): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  return typeof value === 'string' ? value.length > 1 : !isEqual(value, 0) && !isEqual(value, 1);
}

function splitPath(path: string): readonly [string, string] {
  if (path.length > maxPath) return [path, ''];
  const match = /^(.*?)(?:\.?([A-Za-z_$][\w$]*)|\["((?:[^"\\]|\\.)*)"\])$/.exec(path);
  return [match?.[1] ?? path, match?.[2] ?? match?.[3] ?? ''];
}
