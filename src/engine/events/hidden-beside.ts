import { isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import { isAuthorizationName, isPasswordName, listHiddenIn, MASK, schemeOf } from '../../util/hidden-fields.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** Shorter ones stand in many texts, and as values of much else. */
const SHORTEST = 4;
const SHORTEST_PART = 8;
/** So many are looked for inside of texts; as whole values all are found. */
const MOST_PARTS = 200;
/** `password`, `Username`, `20260102`, `too short`, `must be at least 8 characters`: also the words and numbers of other texts. */
const COMMON = /^\p{L}\p{Ll}*$|^[\d.:/ -]+$|^\p{L}\p{Ll}*(?:[ ,]+(?:\p{L}?\p{Ll}+|\d+)){2,}[.!]?$|^\p{Ll}+ \p{Ll}+$/u;

/** Whether a text that nobody declared to be a secret may be looked for inside of others. */
export function isTelling(text: string): boolean {
  return text.length >= SHORTEST_PART && !COMMON.test(text);
}

/**
 * What is hidden in an event by its place, to be masked where it stands elsewhere in the same event: `values(body)` and `map(users, .password)`
 * show it without the name. Undefined when there is none. Other events may show it: of a password of which nobody says that it is
 * secret nobody knows what else it is.
 */
export function collectHidden(event: unknown): Secrets | undefined {
  const hidden = new Set<string>();
  collect(event, hidden);
  if (hidden.size === 0) return undefined;
  const parts = createSecrets();
  let count = 0;
  for (const text of hidden) {
    if (!isTelling(text)) continue;
    if (++count > MOST_PARTS) break;
    parts.add(text);
  }
  return { ...parts, isEmpty: false, isPiece: (text) => hidden.has(text) || parts.isPiece(text) };
}

/** Without recursion, for a value may be nested to any depth. */
function collect(event: unknown, hidden: Set<string>): void {
  const open: unknown[] = [event];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') {
      for (const text of listHiddenIn(next)) addHidden(text, hidden);
    } else if (typeof next === 'object' && next !== null) {
      if (isList(next as Value)) for (const item of next as readonly unknown[]) open.push(item);
      else if (isKeyedMap(next as Value)) for (const item of (next as Map<unknown, unknown>).values()) open.push(item);
      else if (isMap(next as Value)) collectOfMap(next as Readonly<Record<string, unknown>>, hidden, open);
    }
  }
}

function collectOfMap(map: Readonly<Record<string, unknown>>, hidden: Set<string>, open: unknown[]): void {
  for (const [key, value] of Object.entries(map)) {
    const named = nameOf(map, key);
    if (isPasswordName(named)) {
      for (const item of Array.isArray(value) ? value : [value]) if (!isAlike(item, key, map)) addHidden(item, hidden);
    } else if (isAuthorizationName(named)) {
      for (const item of Array.isArray(value) ? value : [value])
        if (typeof item === 'string') addHidden(item.slice(schemeOf(item).length).trim(), hidden);
    }
    open.push(value);
  }
}

/** What a field of an event is called; the value of a part or a parameter, and both sides of a difference, by the text beside it. */
function nameOf(map: Readonly<Record<string, unknown>>, key: string): string {
  const called = 'literal' in map ? map['name'] : map['text'];
  const beside = key === 'value' ? called : key === 'expected' || key === 'actual' ? map['path'] : undefined;
  return typeof beside === 'string' ? beside : key;
}

/** Whether a user is called like the password. */
function isAlike(item: unknown, key: string, map: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(map).some(
    ([other, value]) => value === item && other !== key && !isPasswordName(nameOf(map, other)),
  );
}

function addHidden(item: unknown, hidden: Set<string>): void {
  const text = typeof item === 'string' || typeof item === 'number' ? String(item) : '';
  if (text.length >= SHORTEST && !text.startsWith(MASK)) hidden.add(text);
}
