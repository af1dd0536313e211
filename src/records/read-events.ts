import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { decodeEvent } from '../model/event-codec.ts';
import type { RunEvent } from '../model/events.ts';
import type { FileVersion } from './file-version.ts';
import type { Omission } from './record-line.ts';

/** One line of a record. */
export type RecordLine =
  | { readonly kind: 'event'; readonly event: RunEvent; readonly omitted: readonly Omission[] }
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

/** Reads the events of a record as they were, for `report`. */
export function* readEvents(path: string): Generator<RunEvent> {
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
    const { omitted, ...fields } = data;
    const event = decodeEvent(fields);
    return event && { kind: 'event', event, omitted: Array.isArray(omitted) ? omitted : [] };
  } catch {
    return undefined;
  }
}

function isVersion(data: unknown): data is FileVersion {
  if (typeof data !== 'object' || data === null) return false;
  return Array.isArray((data as Partial<FileVersion>).lines);
}
