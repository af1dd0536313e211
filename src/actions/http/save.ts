import { readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';

/** What is wrong with a path to save to, as far as its text shows; undefined when nothing is. */
export function describeTargetMistake(path: string): string | undefined {
  if (path.trim() === '') return '`save_to` is empty';
  if (/[/\\]$/.test(path)) return `\`save_to\`: expected a file, got the folder \`${path}\``;
  const inside = posix.normalize(path.replaceAll('\\', '/'));
  if (isAbsolute(path) || inside === '..' || inside.startsWith('../')) return `\`save_to\`: \`${path}\` ${LEAVES}`;
  return inside === '.' ? '`save_to`: expected a file, got the folder of the flow' : undefined;
}

/**
 * Refuses such a path before anything is sent.
 * @throws ActionError of kind `config`
 */
export function refuseTarget(path: string): void {
  const mistake = describeTargetMistake(path);
  if (mistake !== undefined) throw createMistake(mistake);
}

/** What to do about it. */
export const TARGET_HELP = 'the path is relative to the flow file, such as `downloads/report.pdf`';

const LEAVES = "leaves the flow's folder";

/** A file that was written. */
export interface Saved {
  /** From the flow's folder. */
  readonly path: string;
  readonly byteCount: number;
}

/**
 * Writes what came to a file in the flow's folder (the path is not refused), over one that is there; gives its path from
 * that folder.
 * @throws ActionError of kind `config` or `file`
 */
export async function saveBytes(path: string, bytes: Buffer | Readable, io: ActionIo): Promise<Saved> {
  const { directory } = io.facts;
  const target = resolve(directory, path);
  const shown = relative(directory, target).split(sep).join('/');
  try {
    const folder = await realpath(directory);
    // A link on the way, or the file itself, may lead out of the folder.
    if (!isWithin(folder, await findReal(target))) {
      throw createMistake(`\`save_to\`: \`${path}\` ${LEAVES} by a link`);
    }
    makeFolder(dirname(target));
    const there = await stat(target).catch(() => undefined);
    if (there && !there.isFile() && !there.isDirectory()) throw new Error('it is a pipe or a device, not a file');
    if (Buffer.isBuffer(bytes)) await writeFile(target, bytes);
    else await writeStream(target, bytes, io.stop.signal);
    return { path: shown, byteCount: (await stat(target)).size };
  } catch (error) {
    if (error instanceof ActionError) throw error;
    const message = `the answer cannot be saved to \`${shown}\`: ${describeFileTrouble(error)}`;
    throw new ActionError({ kind: 'file', message, hints: [`it would be at ${target}`] }, { cause: error });
  }
}

/** Writes what may turn out not to be whole: only then it takes the place of what was there. */
async function writeStream(target: string, bytes: Readable, signal: AbortSignal): Promise<void> {
  const draft = `${target}.part`;
  try {
    await writeFile(draft, bytes, { signal });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The path without links, as far as it is there; a link to nothing leads to where it points. */
async function findReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const folder = dirname(path);
    if (!isMissing || folder === path) throw error;
    const points = await readlink(path).catch(() => undefined);
    return points === undefined
      ? join(await findReal(folder), relative(folder, path))
      : findReal(resolve(await findReal(folder), points));
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function createMistake(message: string): ActionError {
  return new ActionError({ kind: 'authoring', code: 'TM309', message, hints: [TARGET_HELP] });
}
