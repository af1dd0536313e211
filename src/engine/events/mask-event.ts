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
import { SHORTEST_PART } from './needle.ts';
import { MASK, type Secrets } from './secrets.ts';

const mask = createTurn<Secrets>(eventTable, {
  text: (text, secrets) => secrets.maskText(text),
  value: (value, secrets) => maskValue(value, secrets),
  hidesQuotes: true,
});

/** Gives the event with every secret in it masked; the event itself when there is none. */
export function maskEvent(event: RunEvent, secrets: Secrets): RunEvent {
  return secrets.isEmpty ? event : (mask(event, secrets) as RunEvent);
}

/**
 * Masks data: texts, numbers in either carrier, dates, and keys. Lists and maps without a secret stay the same objects; what is
 * nested deeper than values may be is masked as a whole.
 */
function maskValue(value: Value | undefined, secrets: Secrets, depth = 0): Value | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return maskScalar(value, String(value), secrets);
  if (depth > LIMITS.dataDepth) return MASK;
  if (isList(value)) {
    const items = value.map((item) => maskValue(item, secrets, depth + 1) ?? null);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
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
  const masked = secrets.maskText(text);
  return masked === text ? value : masked;
}

function maskMap(map: ValueMap, secrets: Secrets, depth: number): ValueMap {
  const entries: [string, Value][] = [];
  let isChanged = false;
  for (const [key, value] of Object.entries(map)) {
    const masked = maskValue(value, secrets, depth + 1) ?? null;
    const maskedKey = key.length < SHORTEST_PART ? key : secrets.maskText(key);
    isChanged ||= masked !== value || maskedKey !== key;
    entries.push([maskedKey, masked]);
  }
  if (!isChanged) return map;
  if (isCaseless(map)) return createCaselessMap(entries);
  const copy: { [key: string]: Value } = {};
  for (const [key, value] of entries) setKey(copy, key, value);
  return copy;
}
