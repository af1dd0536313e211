import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { readText } from '../../util/read-text.ts';
import { PROJECT_FILE } from '../arguments/find-project.ts';

/** Files in which the names of other files are looked for. */
const LOOKED_INTO = new Set(['.yaml', '.yml', '.json', '.sql', '.graphql', '.proto', '.avsc', '.xml', '.txt', '.env']);
const MAX_BYTES = 1_000_000;
const WORD = /[^\s"'`,;:(){}[\]<>|#?*=&]{1,300}/g;
const WITH_PLACEHOLDER = /([\w./-]*)(?:\{\{[^}]*\}\}|\$\{[^}]*\}|<<[^>]*>>)([\w./-]*)/g;
/** Of testmesh.yaml: comments, and which flow files there are. */
const NO_NAMES = /(?:^|(?<=\s))#.*|^flows[ \t]*:.*(?:\n[ \t-].*|\n(?=[ \t-]))*/gm;

/** What a step writes is not what its flow reads. */
const WRITTEN = /\bsave_to["']?[ \t]*:[^\n,}]*/g;

/** What the text of a file leads to. */
interface Names {
  readonly files: readonly string[];
  /** Whether it names something that changed by a folder, with a placeholder, or with blanks. */
  readonly areTouched: boolean;
}

/**
 * Tells whether a file, or one that it names, and so on, is among those that changed. What is read while a flow runs is known by its name
 * alone, so any word that is the path of a file counts, and one with a placeholder for all that it may be: rather one flow too many.
 */
export class ReadFiles {
  readonly #changed: ReadonlySet<string>;
  readonly #names = new Map<string, Names>();

  /** The changed files are absolute, links resolved. */
  constructor(changed: ReadonlySet<string>) {
    this.#changed = changed;
  }

  /** The files that a file, absolute, leads to, and itself; links resolved. */
  listReached(file: string): ReadonlySet<string> {
    return this.#follow([file]);
  }

  /** The files that a text leads to, which stands in a folder; links resolved. */
  listNamed(text: string, folder: string): ReadonlySet<string> {
    return this.#follow(this.#findNames(text, folder).files);
  }

  #follow(files: readonly string[]): ReadonlySet<string> {
    const reached = new Set(files.map(resolveLinks));
    for (const path of reached) for (const next of this.#readNames(path).files) reached.add(resolveLinks(next));
    return reached;
  }

  /** Whether anything changed that a file, absolute, says or names. */
  isTouched(file: string): boolean {
    const reached = new Set([resolveLinks(file)]);
    for (const path of reached) {
      if (this.#changed.has(path)) return true;
      const { files, areTouched } = this.#readNames(path);
      if (areTouched) return true;
      for (const next of files) reached.add(resolveLinks(next));
    }
    return false;
  }

  #readNames(path: string): Names {
    const known = this.#names.get(path);
    if (known) return known;
    const whole = readShort(path)?.replaceAll(WRITTEN, '');
    const text = basename(path) === PROJECT_FILE ? whole?.replaceAll(NO_NAMES, '') : whole;
    const names = text === undefined ? { files: [], areTouched: false } : this.#findNames(text, dirname(path));
    this.#names.set(path, names);
    return names;
  }

  #findNames(text: string, folder: string): Names {
    const files: string[] = [];
    const folders: string[] = [];
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (!/[./]/.test(word) || !/[^./]/.test(word) || isAbsolute(word)) continue;
      const path = resolve(folder, word.replace(/\.$/, ''));
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile() || this.#changed.has(path)) files.push(path);
      // `flows/**/*.yaml` reads nothing: it says which flows there are.
      else if (stat?.isDirectory() && text[index + word.length] !== '*') folders.push(path);
    }
    const may = listPatterns(text);
    const areTouched = [...this.#changed].some((file) => {
      const name = relative(folder, file);
      return folders.some((one) => isInside(file, one)) || may(name) || (/[^\w./-]/.test(name) && text.includes(name));
    });
    return { files, areTouched };
  }
}

/** Which paths the words with placeholders may be. */
function listPatterns(text: string): (path: string) => boolean {
  const patterns = [...text.matchAll(WITH_PLACEHOLDER)]
    .map(([, before = '', behind = '']) => ({ before: before.replace(/^(?:\.\/)+/, ''), behind }))
    .filter(({ before, behind }) => /[./]\w/.test(behind) || /\w\//.test(before));
  return (path) => patterns.some(({ before, behind }) => path.startsWith(before) && path.endsWith(behind));
}

function readShort(path: string): string | undefined {
  if (!LOOKED_INTO.has(extname(path)) && !/(?:^|\/)\.env\b[^/]*$/.test(path)) return undefined;
  try {
    return statSync(path).size > MAX_BYTES ? undefined : readText(path);
  } catch {
    // One that was removed says nothing any more.
    return undefined;
  }
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}

/** The path itself; of a file that is not there that of its folder. */
export function resolveLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = dirname(file);
    return folder === file ? file : join(resolveLinks(folder), relative(folder, file));
  }
}
