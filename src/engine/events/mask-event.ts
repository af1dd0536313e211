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
import { lookQuickly } from '../../model/event-table/quick-look.ts';
import { createTurn } from '../../model/event-table/turn-events.ts';
import type { Problem, RunEvent, StepFinished } from '../../model/events.ts';
import type { StepMeasures } from '../../model/load/measures.ts';
import { movePlace } from '../../model/move-place.ts';
import { hideByName, hideFields, MASK, mayHideFields } from '../../util/hidden-fields.ts';
import { collectHidden } from './hidden-beside.ts';
import { findItems } from './listed-pieces.ts';
import { SHORTEST_PART } from './secret-spellings.ts';
import type { Secrets } from './secrets.ts';

interface Masking {
  readonly secrets: Secrets;
  readonly hideText: (text: string) => string;
  readonly hideByName: (name: string, value: Value) => Value;
}

const BY_PLACE = { hideText: hideFields, hideByName } as const;
const ELSEWHERE = { hideText: (text: string) => text, hideByName: (_: string, value: Value) => value } as const;

const mask = createTurn<Masking>(eventTable, {
  text: maskText,
  value: (value, masking, name = '') => masking.hideByName(name, maskValue(value, masking) ?? null),
  hidesQuotes: true,
});

/**
 * Gives the event with every secret in it masked, and what stands where passwords do, there and elsewhere in the event; the event itself
 * when there is none.
 */
export function maskEvent(event: RunEvent, secrets: Secrets): RunEvent {
  const looked = withoutDigests(event);
  const isHiding = mayHoldHidden(looked);
  if (secrets.isEmpty && !isHiding) return event;
  const masking = { ...BY_PLACE, secrets };
  const masked = mask(event, masking) as RunEvent;
  const hidden = isHiding ? collectHidden(looked) : undefined;
  if (!hidden) return movePlaces(masked, event, (text) => maskText(text, masking));
  const elsewhere = { ...ELSEWHERE, secrets: hidden };
  const both = mask(masked, elsewhere) as RunEvent;
  return movePlaces(both, event, (text) => maskText(maskText(text, masking), elsewhere));
}

/** Digests hide nothing, and the names before them would have all of the event looked through for passwords. */
function withoutDigests(event: RunEvent): RunEvent {
  if (event.type !== 'step_finished' || !event.evidence.done) return event;
  const done = { ...event.evidence.done, settings: [] };
  return { ...event, evidence: { ...event.evidence, done } };
}

/** The same for the end of a step of which no more is told than that it went well: texts stand in its measures alone. */
export function maskBrief(event: StepFinished, secrets: Secrets): RunEvent {
  const { measures } = event.evidence;
  return measures && mayShow(measures, secrets) ? maskEvent(event, secrets) : event;
}

function mayShow({ requests, checks, key = '' }: StepMeasures, secrets: Secrets): boolean {
  const isShown = (text: string): boolean =>
    mayHideFields(text) || (!secrets.isEmpty && secrets.maskText(text) !== text);
  for (let at = 0; at < requests.length; at++) if (isShown(requests[at]?.url ?? '')) return true;
  if (!secrets.isEmpty || mayAnyHide(checks))
    for (let at = 0; at < checks.length; at++) if (isShown(checks[at]?.text ?? '')) return true;
  return key !== '' && isShown(key);
}

/** Lists of checks in which nothing is hidden by its place. Steps that pass under a load have one each. */
const plainChecks = new WeakSet<StepMeasures['checks']>();

function mayAnyHide(checks: StepMeasures['checks']): boolean {
  if (plainChecks.has(checks)) return false;
  for (let at = 0; at < checks.length; at++) if (mayHideFields(checks[at]?.text ?? '')) return true;
  if (Object.isFrozen(checks)) plainChecks.add(checks);
  return false;
}

/** The event with the places of its problems where they are in the masked lines. */
function movePlaces(masked: RunEvent, event: RunEvent, hide: (text: string) => string): RunEvent {
  const problems = 'problems' in event ? (event.problems ?? []) : [];
  if (masked === event || !('problems' in masked) || problems.length === 0) return masked;
  const moved = masked.problems?.map((problem, at): Problem => {
    const [before, after] = [problems[at]?.location, problem.location];
    return before && after && before !== after ? { ...problem, location: movePlace(after, before, hide) } : problem;
  });
  return { ...masked, problems: moved } as RunEvent;
}

/** Whether anything in an event may be hidden by its place. Most hold nothing of that, which the engine's own writer sees sooner than a walk. */
function mayHoldHidden(event: RunEvent): boolean {
  try {
    const text = JSON.stringify(event);
    if (mayHideFields(text)) return true;
    // It writes a map of other keys than texts as an empty one, and no small event has such a map.
    return text.includes('{}') && !lookQuickly(event).isSmall;
  } catch {
    return true;
  }
}

function maskText(text: string, { secrets, hideText }: Masking): string {
  return hideText(secrets.maskText(text));
}

/**
 * Masks data: texts, numbers in either carrier, dates, and keys. Lists and maps without a secret stay the same objects; what is
 * nested deeper than values may be is masked as a whole.
 */
function maskValue(value: Value | undefined, masking: Masking, depth = 0): Value | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'number' && masking.secrets.isEmpty) return value;
  if (typeof value !== 'object') return maskScalar(value, String(value), masking);
  if (depth > LIMITS.dataDepth) return MASK;
  if (isList(value)) return maskList(value, masking, depth);
  if (isKeyedMap(value)) {
    const mask = (part: Value): Value => maskValue(part, masking, depth + 1) ?? null;
    const pairs = [...value].map((pair) => pair.map(mask) as [Value, Value]);
    return [...value].every(([key, item], at) => pairs[at]?.[0] === key && pairs[at][1] === item)
      ? value
      : new Map(pairs);
  }
  return isMap(value) ? maskMap(value, masking, depth) : maskScalar(value, String(value), masking);
}

function maskScalar(value: Value, text: string, masking: Masking): Value {
  if (masking.secrets.isPiece(text)) return MASK;
  const masked = maskText(text, masking);
  return masked === text ? value : masked;
}

function maskList(list: readonly Value[], masking: Masking, depth: number): readonly Value[] {
  let copy: Value[] | undefined;
  const pieces = findItems(list, masking.secrets);
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const masked = pieces.has(index) ? MASK : (maskValue(item, masking, depth + 1) ?? null);
    if (masked === item) continue;
    copy ??= [...list];
    copy[index] = masked;
  }
  return copy ?? list;
}

function maskMap(map: ValueMap, masking: Masking, depth: number): ValueMap {
  // Nearly all stay as they are, and this is done for each result: the entries of others alone are gathered.
  let entries: [string, Value][] | undefined;
  const keys = Object.keys(map);
  for (const [index, key] of keys.entries()) {
    const value = map[key] ?? null;
    const masked = masking.hideByName(key, maskValue(value, masking, depth + 1) ?? null);
    const maskedKey = key.length < SHORTEST_PART ? key : masking.secrets.maskText(key);
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
