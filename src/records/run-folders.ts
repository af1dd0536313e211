import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Outcome } from '../model/events.ts';
import type { FlowRole } from '../model/flow-about.ts';
import { makeFolder } from '../util/make-folder.ts';

export const EVENTS_FILE = 'events.ndjson';
export const META_FILE = 'meta.json';
/** What begins the name of a record that is being removed: nobody reads half of one. */
export const GONE = '.gone-';

/** What a record holds, to find things without reading it. */
export interface RunMeta {
  /** Of its events. */
  readonly version: number;
  readonly runId: string;
  readonly startedAt: number;
  readonly outcome: Outcome | undefined;
  readonly flows: readonly FlowMeta[];
}

/** Byte offsets in the file of events; other flows' lines may stand between. */
interface RecordPart {
  readonly start: number;
  readonly end: number;
}

/** One flow of a record and where its lines are. */
export interface FlowMeta extends RecordPart {
  readonly flow: number;
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly row?: number | undefined;
  /** Absent of one of the flows that the run was for. */
  readonly role?: FlowRole | undefined;
  /** Whether another attempt at it follows, so that this one counts for nothing. */
  readonly isRetried?: true | undefined;
  readonly isPartial: boolean;
  readonly outcome: Outcome | undefined;
}

/** A recorded run: its folder, and its meta unless the run broke off. */
export interface RunFolder {
  readonly path: string;
  /** The file with its events. */
  readonly events: string;
  readonly name: string;
  readonly startedAt: number;
  readonly meta: RunMeta | undefined;
}

/** Of the files of a record: answers hold what is nobody else's to read. */
export const OWNER_ONLY = 0o600;

/** Makes the folder of a run, for its owner only, and the output folder's own `.gitignore`. @throws the system's error when it cannot */
export function makeRunFolder(directory: string, runId: string): string {
  const path = join(directory, 'runs', toFolderName(runId));
  makeFolder(path, 0o700);
  const ignore = join(directory, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return path;
}

/** Every recorded run of an output folder, newest first; none when there is no such folder. */
export function listRuns(directory: string): readonly RunFolder[] {
  return listNames(directory)
    .map((name) => readRunFolder(join(directory, 'runs', name)))
    .filter((folder) => folder !== undefined)
    .sort((a, b) => b.startedAt - a.startedAt || (a.name < b.name ? 1 : -1));
}

/** Reads what is known of one record; undefined when the folder holds none. */
export function readRunFolder(path: string): RunFolder | undefined {
  const events = join(path, EVENTS_FILE);
  // Another run may remove it meanwhile.
  const stat = existsSync(events) ? statSync(events, { throwIfNoEntry: false }) : undefined;
  if (!stat) return undefined;
  const meta = readMeta(join(path, META_FILE));
  return { path, events, name: basename(path), startedAt: meta?.startedAt ?? stat.mtimeMs, meta };
}

/** A run id as the name of a folder. */
export function toFolderName(runId: string): string {
  const name = runId.replace(/[^\w.-]/g, '_');
  return /^\.*$/.test(name) ? `run${name.replaceAll('.', '_')}` : name;
}

/** The path of a flow's file as records are compared by it. */
export function toSlashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

/** Whether only chosen steps ran. */
export function isPartialRun(run: RunFolder): boolean {
  const flows = (run.meta?.flows ?? []).filter(({ role }) => role === undefined);
  return flows.length > 0 && flows.every((flow) => flow.isPartial);
}

/** The folders of records; not those that are being removed. */
export function listNames(directory: string): readonly string[] {
  const path = join(directory, 'runs');
  return existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith(GONE)) : [];
}

function readMeta(path: string): RunMeta | undefined {
  try {
    const meta: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isMeta(meta) ? meta : undefined;
  } catch {
    return undefined;
  }
}

function isMeta(meta: unknown): meta is RunMeta {
  if (typeof meta !== 'object' || meta === null) return false;
  const { version, startedAt, flows } = meta as Partial<RunMeta>;
  return typeof version === 'number' && typeof startedAt === 'number' && Array.isArray(flows);
}
