import type { SourceFile } from '../../model/source-file.ts';
import { schemeOf } from '../../util/hidden-fields.ts';
import { isSecretName, leaveSecretNames } from '../../util/secret-name.ts';

/** Where a list of secrets begins. */
const LIST = /^[\s{]*["']?secrets["']?[ \t]*:(.*)/;
const NAME = /[A-Za-z_$][\w$]*/g;
/** A key with its `:`; a name that begins a line may lack it, or have `=` as in other files. */
const KEY = /(?<![\w$.])([A-Za-z_$][\w$]*)(?:["']?[ \t]*[:=][ \t]*|(?=[ \t])(?<=^[\s-]*[\w$]+)[ \t]+)/g;
const PLACEHOLDER = /\{\{.*?\}\}|\$\{[^}]*\}/g;
/** A capture or a value from elsewhere, which is no secret itself. */
const NO_VALUE = /^["']?(?:\$\.|\{\{|\$\{)/;
const SHORTEST_WORD = 4;
/** Of a line no more is shown. */
const LONGEST_VALUE = 1_000;
/** Lines that an excerpt shows before and behind the beginning of a place. */
const SHOWN = { before: 1, behind: 4 };

/** What is known of a file: the secrets that others name, the lines of findings (from 0), and whether it is not YAML as it was meant. */
interface Written {
  readonly names: ReadonlySet<string>;
  readonly places: readonly number[];
  readonly isBroken: boolean;
}

/**
 * What stands behind the keys of a file that are secrets near its findings, as it is written: whole, and where the file is broken in
 * words, too, for what is said of the line may quote any of them.
 */
export function findWrittenSecrets({ text }: SourceFile, { names, places, isBroken }: Written): Set<string> {
  const lines = text.split(/\r?\n/);
  const listed = new Set([...names, ...findListed(lines)]);
  const found = new Set<string>();
  const add = (value: string): void => {
    const bare = value.replace(/^[\s"'[{&!*@%`|>]+/, '').replace(/[\s"'\]},]+$/, '');
    if (bare !== '' && !isScheme(bare)) found.add(bare);
    if (!isBroken) return;
    for (const word of bare.split(/[\s"'`,]+/)) if (word.length >= SHORTEST_WORD && !isScheme(word)) found.add(word);
  };
  for (const [at, line] of lines.entries()) {
    for (const match of line.matchAll(KEY)) {
      const [head, key = ''] = match;
      const isListed = listed.has(key);
      if (!isListed && !(isBroken && key !== 'secrets' && isSecretName(key))) continue;
      const end = isBroken ? findEnd(lines, at) : at + 1;
      if (!places.some((place) => place >= at - SHOWN.behind && place <= end - 1 + SHOWN.before)) break;
      const from = match.index + head.length;
      const written = line.slice(from, from + LONGEST_VALUE);
      if (!isListed && NO_VALUE.test(written)) continue;
      const rest = leaveSecretNames(written.replaceAll(PLACEHOLDER, ''));
      const value = cutAtNextKey(line.slice(0, match.index), rest);
      add(value);
      if (value === rest) for (const below of lines.slice(at + 1, end)) add(below.slice(0, LONGEST_VALUE));
    }
  }
  return found;
}

/** Whether a word is what stands before a secret: `Bearer`. */
function isScheme(word: string): boolean {
  return schemeOf(`${word} x`) === word;
}

/** What stands behind a key up to the next key of the map in braces that both stand in, when that is on the line, too. */
function cutAtNextKey(before: string, rest: string): string {
  if (!isInBraces(before)) return rest;
  const quote = /^["']/.exec(rest)?.[0];
  const from = quote === undefined ? 0 : rest.indexOf(quote, 1);
  const next = from === -1 ? -1 : rest.slice(from).search(/[\s}\]]*,\s*["']?[A-Za-z_][\w-]*["']?:\s/);
  return next === -1 ? rest : rest.slice(0, from + next);
}

/** Whether a brace is open at the end of a text. */
function isInBraces(text: string): boolean {
  const bare = text.replaceAll(PLACEHOLDER, '');
  return bare.split('{').length > bare.split('}').length;
}

/** The names below `secrets:`, read without YAML: where a file is broken no flow says them. */
function findListed(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, at) => {
    const [, inline] = LIST.exec(line) ?? [];
    if (inline === undefined) return [];
    const isWhole = /^\s*(?:[^[\s#]|\[.*\])/.test(inline);
    const below = isWhole ? [] : lines.slice(at + 1, findListEnd(lines, at));
    return [inline, ...below].flatMap((part) => part.replace(/\s#.*/, '').match(NAME) ?? []);
  });
}

/** The line behind a list: its items may stand as far left as its key, and so may a bracket that ends it. */
function findListEnd(lines: readonly string[], at: number): number {
  const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;
  const indent = indentOf(lines[at] ?? '');
  let end = at + 1;
  while (end < lines.length && (/^\s*([-#\]].*)?$/.test(lines[end] ?? '') || indentOf(lines[end] ?? '') > indent))
    end++;
  return end;
}

/** The line behind a value: the first that is indented no more than its key. */
function findEnd(lines: readonly string[], at: number): number {
  const indentOf = (line: string): number => /^[\s-]*/.exec(line)?.[0].length ?? 0;
  const indent = indentOf(lines[at] ?? '');
  let end = at + 1;
  while (end < lines.length && (lines[end]?.trim() === '' || indentOf(lines[end] ?? '') > indent)) end++;
  return end;
}
