import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Runs a program to its end; resolves with what it printed, rejects with its error output in the message. */
export const runProgram = promisify(execFile);

/** The per-user folder for what is costly to make and the same every time. */
export function cachePath(...parts: string[]): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'testmesh', ...parts);
}

/**
 * Makes `target` once: `make` fills the folder `draft`, which is then copied beside the target and renamed, so that
 * neither an interruption nor another first run leaves half a folder under that name.
 */
export async function makeOnce(target: string, draft: string, make: (draft: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  await mkdir(draft);
  await make(draft);
  await mkdir(dirname(target), { recursive: true });
  const copy = await mkdtemp(`${target}.copy-`);
  try {
    await copyFolder(draft, copy);
    await rename(copy, target);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Copies a folder's content into a new folder. Links between its files lead to the copies, for other users may not enter the original. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
