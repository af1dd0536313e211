import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readBlobHead, readEvents } from '../read-events.ts';
import { EVENTS_FILE, listRuns } from '../run-folders.ts';
import { type HistoryEntry, isHistoryEntry } from './entry.ts';
import { HistoryFold } from './history-fold.ts';

export interface ReadHistory {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Files that were passed over, with the reason. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

const DEEPEST = 4;
const LARGEST_ENTRY = 64 * 1024 * 1024;

/** Reads entries and blobs of a folder, and of folders in it. @throws the system's error when it cannot be read */
export function readHistory(directory: string): ReadHistory {
  return readAll(listFiles(directory, 0), readFile);
}

/** What the records of an output folder make, without those of chosen steps; they say of no commit. */
export function readRecordedHistory(directory: string): ReadHistory {
  const whole = listRuns(directory).filter(({ meta }) => meta?.flows.some(({ isPartial }) => !isPartial));
  return readAll(
    whole.map(({ path }) => join(path, EVENTS_FILE)),
    (path) => foldEvents(path, undefined),
  );
}

function readAll(paths: readonly string[], read: (path: string) => HistoryEntry | undefined): ReadHistory {
  const entries = new Map<string, HistoryEntry>();
  const unread: { path: string; reason: string }[] = [];
  for (const path of paths) {
    try {
      const entry = read(path);
      if (entry) entries.set(entry.runId, entry);
    } catch (error) {
      unread.push({ path, reason: describeFileTrouble(error) });
    }
  }
  return { entries: [...entries.values()].sort((a, b) => a.startedAt - b.startedAt), unread };
}

function listFiles(directory: string, depth: number): readonly string[] {
  const files = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return files.flatMap((file) => {
    const path = join(directory, file.name);
    if (file.name.startsWith('.')) return [];
    if (file.isDirectory()) return depth < DEEPEST ? listFiles(path, depth + 1) : [];
    return file.isFile() ? [path] : [];
  });
}

/** Undefined for a file without events, as a run leaves one that did not start. @throws Error when it is neither an entry nor a blob */
function readFile(path: string): HistoryEntry | undefined {
  const { size } = statSync(path);
  if (size === 0) return undefined;
  const head = readBlobHead(path);
  if (head) return foldEvents(path, head.commit);
  if (size > LARGEST_ENTRY) throw new Error('it is neither an entry of `--history-dir` nor a blob');
  const data = parse(readFileSync(path, 'utf8'));
  if (isHistoryEntry(data)) return data;
  const isOther = typeof data === 'object' && data !== null && (data as { type?: unknown }).type === 'history';
  throw new Error(
    isOther ? 'it is of another version of testmesh' : 'it is neither an entry of `--history-dir` nor a blob',
  );
}

function foldEvents(path: string, commit: string | undefined): HistoryEntry | undefined {
  const fold = new HistoryFold();
  for (const event of readEvents(path)) fold.add(event);
  return fold.finish(commit);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
