import type { RunEvent } from '../events.ts';
import { decodeEvent, encodeEvent } from './event-codec.ts';
import { eventTable } from './event-table.ts';
import { isSmallerThan } from './json-size.ts';
import { lookQuickly, SMALL_EVENT } from './quick-look.ts';
import { TOO_LARGE } from './too-large.ts';
import { createTurn } from './turn-events.ts';

/** An event as a line of a stream has it. */
export interface EventLine {
  readonly event: RunEvent;
  /** JSON pointers of what was left out because it is too large. */
  readonly omitted: readonly string[];
}

const MAX_TEXT = 64_000;

/** What is found while an event is limited. */
interface Limits {
  readonly maxSize: number;
  readonly trail: (string | number)[];
  readonly omitted: string[];
  readonly cut: string[];
}

const isWithin = createTurn<number>(eventTable, {
  text: (text) => (text.length <= MAX_TEXT ? text : ''),
  items: (items, maxLength) => (items.length <= maxLength ? items : []),
  sized: (data, maxSize, most) => (fits(data, Math.min(maxSize, most)) ? data : undefined),
});

const limit = createTurn<Limits>(eventTable, {
  trailOf: ({ trail }) => trail,
  text: (text, limits) => (text.length <= MAX_TEXT ? text : noteCut(`${text.slice(0, MAX_TEXT)}… (cut)`, limits)),
  items: (items, maxLength, limits) => (items.length <= maxLength ? items : noteCut(items.slice(0, maxLength), limits)),
  sized(data, maxSize, { maxSize: most, trail, omitted }) {
    if (fits(data, Math.min(maxSize, most))) return data;
    omitted.push(writePointer(trail));
    return undefined;
  },
});

/**
 * Writes an event as a line of JSON, its type first. What is larger than the table allows, or than `maxSize`, or nested too deep, is left
 * out and named under `omitted`; texts and lists that are too long are cut and named under `cut`.
 */
export function writeEventLine(event: RunEvent, maxSize = Number.POSITIVE_INFINITY): string {
  const { isSmall, isJson } = lookQuickly(event);
  if (isJson && maxSize >= SMALL_EVENT) return writeFields(event, event);
  // Nearly all are within the limits: only for the others it is kept where in the event one is.
  if ((isSmall && maxSize >= SMALL_EVENT) || isWithin(event, maxSize) === event)
    return writeFields(event, encodeEvent(event));
  const limits: Limits = { maxSize, trail: [], omitted: [], cut: [] };
  const fields = encodeEvent(limit(event, limits) as RunEvent);
  const { omitted, cut } = limits;
  return writeFields(event, { ...fields, ...(omitted.length > 0 && { omitted }), ...(cut.length > 0 && { cut }) });
}

function writeFields({ type }: RunEvent, fields: object): string {
  // JSON.stringify escapes halves of surrogate pairs, so a line is always valid UTF-8 and valid JSON.
  return `${JSON.stringify(isTypeFirst(fields) ? fields : { type, ...fields })}\n`;
}

/** Reads a line after `JSON.parse`; undefined when it is no event of this version. */
export function readEventLine(data: unknown): EventLine | undefined {
  const event = decodeEvent(data);
  if (!event) return undefined;
  const { omitted } = data as { readonly omitted?: unknown };
  return { event, omitted: Array.isArray(omitted) ? omitted.filter((one) => typeof one === 'string') : [] };
}

function fits(data: unknown, maxSize: number): boolean {
  return data !== TOO_LARGE && isSmallerThan(data, maxSize);
}

function noteCut<T>(rest: T, { cut, trail }: Limits): T {
  cut.push(writePointer(trail));
  return rest;
}

function writePointer(trail: readonly (string | number)[]): string {
  return trail.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function isTypeFirst(fields: object): boolean {
  for (const name in fields) return name === 'type';
  return false;
}
