import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readRunStart } from './read-events.ts';
import { EVENTS_FILE, listRuns, type RunFolder, readRunFolder, toFolderName } from './run-folders.ts';

/** The place of a run among those of an output folder, newest first: `last`, or its id; undefined when there is none. */
export function indexOfRun(runs: readonly RunFolder[], run: string): number | undefined {
  if (run === 'last') return runs.length > 0 ? 0 : undefined;
  const index = runs.findIndex((one) => one.meta?.runId === run || one.name === toFolderName(run));
  return index === -1 ? undefined : index;
}

/** The ids of the runs of an output folder, newest first. */
export function listRunIds(directory: string): readonly string[] {
  return listRuns(directory).map(({ meta, name }) => meta?.runId ?? name);
}

/** Whether there is a run of this id, or a record in this folder or around this file. */
export function hasRun(directory: string, run: string): boolean {
  return indexOfRun(listRuns(directory), run) !== undefined || readNamedFolder(run) !== undefined;
}

/** The record in a folder, or of which a file is a part. */
export function readNamedFolder(name: string): RunFolder | undefined {
  const path = resolve(name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return found && readRunFolder(path);
  return readRunFolder(dirname(path)) ?? readFile(path);
}

/** A file with events that stands by itself: a blob, or what `ndjson` wrote. */
function readFile(path: string): RunFolder | undefined {
  const start = readRunStart(path);
  return start && { path: dirname(path), events: path, name: start.runId, startedAt: start.at, meta: undefined };
}

/** The file with the events of a run: of an output folder by its id or as `last`, in a folder of its own, or the file itself. */
export function findEvents(run: string, { directory, cwd }: { directory: string; cwd: string }): string | undefined {
  const runs = listRuns(directory);
  const known = runs[indexOfRun(runs, run) ?? -1];
  if (known) return join(known.path, EVENTS_FILE);
  const path = resolve(cwd, run);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return readRunFolder(path) && join(path, EVENTS_FILE);
  return found && path;
}
