import type { Difference } from './difference.ts';
import { relateValues } from './hints-pair.ts';
import { foldWord } from './nearest.ts';

const maxLooked = 50;
const maxHints = 3;
const maxPath = 500;
const maxPlace = 80;

/** Says what differing places have to do with each other, each kind of cause once. */
export function listDifferenceHints(differences: readonly Difference[], known: ReadonlySet<string>): readonly string[] {
  const hints = new Map<string, string>();
  for (const one of differences.slice(0, maxLooked)) {
    if (one.kind === 'order') {
      const list = one.path === '' || one.path.length > maxPlace ? '…' : one.path;
      hints.set('order', `if the order does not matter, compare with \`same_items(${list}, …)\``);
    } else if (one.kind === 'changed' && one.path !== '') {
      const hint = relateValues({ actual: one.actual ?? null, expected: one.expected ?? null, text: one.path });
      // The same cause in several places is told once.
      const cause = hint?.replaceAll(/`[^`]*`|"(?:[^"\\]|\\.)*"|\d+/g, '');
      if (hint !== undefined && cause !== undefined && !known.has(hint) && !hints.has(cause))
        hints.set(cause, `${writePlace(one.path, hint)}${hint}`);
    }
  }
  const renamed = findRenamed(differences.slice(0, maxLooked));
  return [...(renamed === undefined ? [] : [renamed]), ...hints.values()].slice(0, maxHints);
}

function writePlace(path: string, hint: string): string {
  return hint.includes(path) ? '' : `\`${path}\`: `;
}

/** A key that is missing under one name and too much under a similar one. */
function findRenamed(differences: readonly Difference[]): string | undefined {
  for (const missing of differences.filter(({ kind }) => kind === 'missing')) {
    const [parent, key] = splitPath(missing.path);
    const meant = differences.find((extra) => {
      const [otherParent, otherKey] = splitPath(extra.path);
      return extra.kind === 'extra' && parent === otherParent && foldWord(key) === foldWord(otherKey);
    });
    if (meant !== undefined && key !== '') return `\`${missing.path}\` is missing, but \`${meant.path}\` is there`;
  }
  return undefined;
}

function splitPath(path: string): readonly [string, string] {
  if (path.length > maxPath) return [path, ''];
  const match = /^(.*?)(?:\.?([A-Za-z_$][\w$]*)|\["((?:[^"\\]|\\.)*)"\])$/.exec(path);
  return [match?.[1] ?? path, match?.[2] ?? match?.[3] ?? ''];
}
