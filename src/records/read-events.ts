import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { type BlobHead, isBlobHead } from '../model/blob-head.ts';
import { type EventLine, readEventLine } from '../model/event-table/event-line.ts';
import { EVENT_VERSION, type RunEvent, type RunStarted } from '../model/events.ts';
import type { FileVersion } from './file-version.ts';

/** One line of a record. */
export type RecordLine =
  | ({ readonly kind: 'event' } & EventLine)
  | { readonly kind: 'blob'; readonly head: BlobHead }
  | { readonly kind: 'file'; readonly flow: number; readonly version: FileVersion };

/** A part of a record to read. */
export interface RecordRange {
  readonly path: string;
  /** Byte offsets; the whole file when absent. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** Types of events that are not wanted, so not decoded. */
  readonly without?: ReadonlySet<RunEvent['type']>;
}

const BLOCK_BYTES = 512 * 1024;
const TYPE = /^\{"type":"(\w+)"/;

/** Reads the lines of a record; lines that a crash cut short, or that are no events, are passed over. */
export function* readRecordLines(range: RecordRange): Generator<RecordLine> {
  for (const text of readTextLines(range)) {
    const type = TYPE.exec(text)?.[1];
    if (type === undefined || range.without?.has(type as RunEvent['type'])) continue;
    const line = parseLine(text);
    if (line) yield line;
  }
}

/** The version of the events that a record holds; undefined when it does not say. */
export function readEventVersion(path: string): number | undefined {
  for (const text of readTextLines({ path })) {
    if (text.startsWith('{"type":"blob"')) continue;
    const version = /^\{"type":"run_started",.*?"version":(\d+)/.exec(text)?.[1];
    return version === undefined ? undefined : Number(version);
  }
  return undefined;
}

/** How a run began; undefined when its record does not say. */
export function readRunStart(path: string): RunStarted | undefined {
  for (const line of readRecordLines({ path }))
    if (line.kind === 'event') return line.event.type === 'run_started' ? line.event : undefined;
  return undefined;
}

/** What a blob says of itself; undefined where the file is none that this version reads. @throws the system's error */
export function readBlobHead(path: string): BlobHead | undefined {
  for (const line of readRecordLines({ path })) return line.kind === 'blob' ? line.head : undefined;
  return undefined;
}

/** Says of events of another version why they are not read. */
export function describeOtherVersion(version: number): string {
  return `its events are of version ${version}, and this testmesh reads version ${EVENT_VERSION}`;
}

/** Reads the events of a record, a blob or what `ndjson` wrote as they were. @throws Error when they are of another version */
export function* readEvents(path: string): Generator<RunEvent> {
  const version = readEventVersion(path);
  if (version !== undefined && version !== EVENT_VERSION) {
    throw new Error(
      `\`${path}\` is not read: ${describeOtherVersion(version)}; use the testmesh that wrote it, or run the flows again`,
    );
  }
  for (const line of readRecordLines({ path })) if (line.kind === 'event') yield line.event;
}

function* readTextLines(range: RecordRange): Generator<string> {
  const fd = openSync(range.path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const end = range.end ?? Number.MAX_SAFE_INTEGER;
    let rest = '';
    for (let at = range.start ?? 0; at < end; ) {
      const bytesRead = readSync(fd, block, 0, Math.min(BLOCK_BYTES, end - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const lines = (rest + decoder.write(block.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(fd);
  }
}

function parseLine(text: string): RecordLine | undefined {
  try {
    const data = JSON.parse(text);
    if (data.type === 'flow_file')
      return isVersion(data.version) ? { kind: 'file', flow: data.flow, version: data.version } : undefined;
    if (data.type === 'blob') return isBlobHead(data) ? { kind: 'blob', head: data } : undefined;
    const line = readEventLine(data);
    return line && { kind: 'event', ...line };
  } catch {
    return undefined;
  }
}

function isVersion(data: unknown): data is FileVersion {
  if (typeof data !== 'object' || data === null) return false;
  return Array.isArray((data as Partial<FileVersion>).lines);
}
