import { decodeValue, encodeValue, type Value } from '../../expr/index.ts';
import type { RunEvent } from '../events.ts';
import { eventTable } from './event-table.ts';
import { fits } from './fits.ts';
import { createTurn } from './turn-events.ts';

/** Stands for a value that is nested too deeply to be written. */
const TOO_DEEP = '… (nested too deeply)';

const encode = createTurn<undefined>(eventTable, { value: encodeBounded });
const decode = createTurn<undefined>(eventTable, { value: (encoded) => decodeValue(encoded) });

/** Makes an event plain JSON data, with every value in the form of `encodeValue`: exact numbers, dates and odd doubles survive. */
export function encodeEvent(event: RunEvent): object {
  return encode(event, undefined) as object;
}

/** Reads what `encodeEvent` made, after `JSON.parse`; undefined when it is no event of this version. */
export function decodeEvent(data: unknown): RunEvent | undefined {
  return fits(eventTable, data) ? (decode(data, undefined) as RunEvent) : undefined;
}

function encodeBounded(value: Value): unknown {
  try {
    return encodeValue(value);
  } catch {
    return TOO_DEEP;
  }
}
