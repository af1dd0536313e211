import {
  createCaselessMap,
  isCaseless,
  isKeyedMap,
  isList,
  isMap,
  LIMITS,
  setKey,
  type Value,
  type ValueMap,
} from '../../expr/index.ts';
import { eventTable } from '../../model/event-table/event-table.ts';
import { createTurn } from '../../model/event-table/turn-events.ts';
import type { RunEvent } from '../../model/events.ts';
import { hideByName, hideFields, MASK, mayHideFields } from '../../util/hidden-fields.ts';
import { SHORTEST_PART } from './needle.ts';
import type { Secrets } from './secrets.ts';

const mask = createTurn<Secrets>(eventTable, {
  text: maskText,
  value: (value, secrets, name = '') => hideByName(name, maskValue(value, secrets) ?? null),
  hidesQuotes: true,
});

/** Gives the event with every secret in it masked, and what stands where passwords do; the event itself when there is none. */
export function maskEvent(event: RunEvent, secrets: Secrets): RunEvent {
  return secrets.isEmpty && !mayHoldHidden(event) ? event : (mask(event, secrets) as RunEvent);
}

/** Whether anything in an event may be hidden by its place. Most hold nothing of that, which the engine's own writer sees sooner than a walk. */
function mayHoldHidden(event: RunEvent): boolean {
  try {
    const text = JSON.stringify(event);
    // It writes a map of other keys than texts as an empty one.
    return text.includes('{}') || mayHideFields(text);
  } catch {
    return true;
  }
}

function maskText(text: string, secrets: Secrets): string {
  return hideFields(secrets.maskText(text));
}

/**
 * Masks data: texts, numbers in either carrier, dates, and keys. Lists and maps without a secret stay the same objects; what is
 * nested deeper than values may be is masked as a whole.
 */
function maskValue(value: Value | undefined, secrets: Secrets, depth = 0): Value | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'number' && secrets.isEmpty) return value;
  if (typeof value !== 'object') return maskScalar(value, String(value), secrets);
  if (depth > LIMITS.dataDepth) return MASK;
  if (isList(value)) return maskList(value, secrets, depth);
  if (isKeyedMap(value)) {
    const mask = (part: Value): Value => maskValue(part, secrets, depth + 1) ?? null;
    const pairs = [...value].map((pair) => pair.map(mask) as [Value, Value]);
    return [...value].every(([key, item], at) => pairs[at]?.[0] === key && pairs[at][1] === item)
      ? value
      : new Map(pairs);
  }
  return isMap(value) ? maskMap(value, secrets, depth) : maskScalar(value, String(value), secrets);
}

function maskScalar(value: Value, text: string, secrets: Secrets): Value {
  if (secrets.isPiece(text)) return MASK;
  const masked = maskText(text, secrets);
  return masked === text ? value : masked;
}

function maskList(list: readonly Value[], secrets: Secrets, depth: number): readonly Value[] {
  let copy: Value[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const masked = maskValue(item, secrets, depth + 1) ?? null;
    if (masked === item) continue;
    copy ??= [...list];
    copy[index] = masked;
  }
  return copy ?? list;
}

function maskMap(map: ValueMap, secrets: Secrets, depth: number): ValueMap {
  // Nearly all stay as they are, and this is done for each result: the entries of others alone are gathered.
  let entries: [string, Value][] | undefined;
  const keys = Object.keys(map);
  for (const [index, key] of keys.entries()) {
    const value = map[key] ?? null;
    const masked = hideByName(key, maskValue(value, secrets, depth + 1) ?? null);
    const maskedKey = key.length < SHORTEST_PART ? key : secrets.maskText(key);
    if (!entries && masked === value && maskedKey === key) continue;
    entries ??= keys.slice(0, index).map((before) => [before, map[before] ?? null]);
    entries.push([maskedKey, masked]);
  }
  if (!entries) return map;
  if (isCaseless(map)) return createCaselessMap(entries);
  const copy: { [key: string]: Value } = {};
  for (const [key, value] of entries) setKey(copy, key, value);
  return copy;
}
