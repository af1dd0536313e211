import {
  type Difference,
  findMisspelt,
  isList,
  isMap,
  matchesPartial,
  nearlyEqual,
  readKey,
  type Value,
} from '../../expr/index.ts';
import { findNearest } from '../../util/suggest.ts';
import type { Message } from './message.ts';
import { showTyped } from './show.ts';
import { isStructure, readJsonText } from './texts.ts';

/** In brackets, the field that may be meant by one that is not there: ` (\`userId\` is string "u1")`; empty when there is none. */
export function describeNamesake(actual: Value, expected: Value, path: string): string {
  const keys = splitPath(path);
  const name = keys.pop();
  if (typeof name !== 'string') return '';
  const owner = follow(actual, keys);
  if (owner === undefined || !isMap(owner)) return '';
  const wanted = follow(expected, keys);
  const taken = wanted !== undefined && isMap(wanted) ? Object.keys(wanted) : [];
  const nearest = findNearest(
    name,
    Object.keys(owner).filter((key) => !taken.includes(key)),
  );
  return nearest === undefined ? '' : ` (\`${nearest}\` is ${showTyped(readKey(owner, nearest), nearest)})`;
}

/** Keys and positions of `a.b[0]["c d"]`. */
function splitPath(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, plain]) => {
    if (index !== undefined) return Number(index);
    return plain ?? quoted?.replace(/\\(.)/g, '$1') ?? '';
  });
}

function follow(value: Value, keys: readonly (string | number)[]): Value | undefined {
  let found: Value | undefined = value;
  for (const key of keys) {
    if (found === undefined) return undefined;
    if (typeof key === 'number') found = isList(found) ? found[key] : undefined;
    else found = isMap(found) ? readKey(found, key) : undefined;
  }
  return found;
}

/** A key of a message, with those and the positions before it: `value`, `users`, 0, `id`. */
export type KeyPath = readonly (string | number)[];

/** The keys of maps in a value. */
export function listKeys(value: Value, before: KeyPath): readonly KeyPath[] {
  if (isList(value)) return value.flatMap((item, index) => listKeys(item, [...before, index]));
  if (!isMap(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const path = [...before, key];
    return [path, ...listKeys(readKey(value, key) ?? null, path)];
  });
}

/** The parts of a path that are keys, a position or all of them: `.id`, `["id"]`, `[0]`, `[*]`. */
const PATH_PARTS = /\.([A-Za-z_]\w*)|\[(?:'([^'\\]*)'|"([^"\\]*)"|(\d+)|\*)\]/;

/** The keys that a path reads, as far as it is written out. */
export function listPathKeys(source: string): readonly KeyPath[] {
  const path: (string | number)[] = ['value'];
  const keys: KeyPath[] = [];
  let end = 1;
  for (const { 0: whole, 1: plain, 2: single, 3: double, 4: position, index } of source.matchAll(
    new RegExp(PATH_PARTS, 'g'),
  )) {
    if (index !== end) break;
    end += whole.length;
    const key = plain ?? single ?? double;
    path.push(key ?? Number(position ?? 0));
    if (key !== undefined) keys.push([...path]);
  }
  return keys;
}

/** Says of a wait that took nothing what it expected to be nil: a message with a value there was left. */
export function describeNils(match: Readonly<Record<string, unknown>>): readonly string[] {
  const { key, headers, value } = match as Readonly<Record<string, Value | undefined>>;
  const given = Object.entries({ key, headers, value }).filter((entry) => entry[1] !== undefined);
  const expected: Value = Object.fromEntries(given) as Readonly<Record<string, Value>>;
  return listKeys(expected, []).flatMap((path) => {
    if (follow(expected, path) !== null) return [];
    const name = `${path[0]}${path.slice(1).map(writeKey).join('')}`;
    return [`\`match\` expects \`${name}\` to be nil: a message with a value there does not count`];
  });
}

/** Whether a message has a key. */
export function hasKeyAt(message: Message, path: KeyPath): boolean {
  const [own = '', ...keys] = path;
  return follow(message[own as keyof Message] as Value, keys) !== undefined;
}

/** Says of a key that a message does not have that it has one of which that may be a slip. */
export function describeMisspelt(message: Message, path: KeyPath): string | undefined {
  const [own = '', ...keys] = path;
  const name = keys.pop();
  const owner = follow(message[own as keyof Message] as Value, keys);
  if (typeof name !== 'string') return undefined;
  const near = owner !== undefined && isMap(owner) ? findMisspelt(name, Object.keys(owner)) : undefined;
  const written = `\`${own}${[...keys, name].map(writeKey).join('')}\``;
  const isTold = near === undefined && isSlipBefore(message[own as keyof Message] as Value, keys);
  const other = isTold
    ? undefined
    : near === undefined
      ? findElsewhere(message, name)
      : `${own}${[...keys, near].map(writeKey).join('')}`;
  if (other === undefined) return undefined;
  const place = `${message.topic} [${message.partition}] offset ${message.offset}`;
  return `no message that was seen has ${written}; ${place} has \`${other}\``;
}

/** Whether a key on the way to another is missing, and a slip of one that is there. */
function isSlipBefore(value: Value, keys: readonly (string | number)[]): boolean {
  const at = keys.findIndex((_, index) => follow(value, keys.slice(0, index + 1)) === undefined);
  const owner = at === -1 ? undefined : follow(value, keys.slice(0, at));
  return owner !== undefined && isMap(owner) && findMisspelt(String(keys[at]), Object.keys(owner)) !== undefined;
}

/** Where else a message has a key, in its value or among its headers. */
function findElsewhere({ value, headers }: Message, name: string): string | undefined {
  if (Object.hasOwn(headers, name)) return `headers${writeKey(name)}`;
  const open: (readonly [Value, string])[] = [[value, 'value']];
  for (let at = 0; at < open.length && at < MOST_PARTS; at++) {
    const [part, place] = open[at] ?? [null, ''];
    if (isMap(part)) {
      if (Object.hasOwn(part, name)) return `${place}${writeKey(name)}`;
      for (const [key, inner] of Object.entries(part)) open.push([inner, `${place}${writeKey(key)}`]);
    } else if (isList(part)) for (const [index, inner] of part.entries()) open.push([inner, `${place}[${index}]`]);
  }
  return undefined;
}

/** A part of a value that says what is expected of it in another way, or may: JSON in a text, and what begins like it. */
export interface Almost {
  readonly place: string;
  readonly expected: Value;
  readonly actual: Value;
  /** `type`, `letter case`, `blanks`, `spelling`; of a text in the place of JSON what it is. */
  readonly by: string;
  readonly isJson: boolean;
}

/** Finds the first part by which a value is other than expected, where each such part says the same in another way. */
export function findAlmost(what: string, expected: Value, actual: Value): Almost | undefined {
  const { ok, differences } = matchesPartial(actual, expected);
  if (ok) return undefined;
  const all = differences.map((one) => toAlmost(what, one));
  return all.includes(undefined) ? undefined : all[0];
}

function toAlmost(what: string, { path, expected = null, actual = null }: Difference): Almost | undefined {
  const place = path.startsWith('[') || path === '' ? `${what}${path}` : `${what}.${path}`;
  const isJson = isStructure(expected) && typeof actual === 'string';
  const arePlain = !isStructure(expected) && !isStructure(actual);
  const by = isJson ? describeInner(actual, expected) : arePlain ? nearlyEqual(actual, expected) : undefined;
  return by === undefined ? undefined : { place, expected, actual, by, isJson };
}

function describeInner(actual: string, expected: Value): string | undefined {
  const reading = readJsonText(actual);
  if (!reading) return undefined;
  if ('problem' in reading) return `no JSON: ${reading.problem}`;
  const { json } = reading;
  if (typeof json === 'string') return describeInner(json, expected);
  return matchesPartial(json, expected).ok ? 'a text that holds this JSON' : undefined;
}

/** Says of a value that each part of it that is not as expected says the same in another way; undefined where more differs. */
export function describeAlmost(what: string, wanted: Value, value: Value): string | undefined {
  const almost = findAlmost(what, wanted, value);
  if (!almost) return undefined;
  const { place, expected, actual, by, isJson } = almost;
  if (isJson) return `may be meant: \`${place}\` is ${by}`;
  const sides = `\`${place}\` is ${showTyped(actual, place)}, and \`match\` has ${showTyped(expected, place)}`;
  return `differs by ${by} alone: ${sides}`;
}

/** A value that a rule expects, and where. */
export interface Expected {
  readonly place: string;
  readonly value: Value;
}

/** An expected value that stands somewhere else. */
export interface Stray {
  /** Where it is expected. */
  readonly expected: string;
  readonly place: string;
}

/** Shorter ones, such as `true`, 1 or "new", stand in many messages. */
const LEAST_LENGTH = 6;
/** Larger messages are looked at no further. */
const MOST_PARTS = 1000;
const SHOWN = 3;

/** The values, ids above all, by which a message is known wherever they stand in it. */
export function listTelling(value: Value, place: string): readonly Expected[] {
  const found: Expected[] = [];
  walk(value, place, (part, at) => {
    if (writePart(part).length >= LEAST_LENGTH) found.push({ place: at, value: part });
  });
  return found;
}

/** The expected values that a message has, though not where they are expected. */
export function findStrays(message: Message, telling: readonly Expected[]): readonly Stray[] {
  if (telling.length === 0) return [];
  const asked = new Map(telling.map(({ place, value }) => [writePart(value), place]));
  const strays = new Map<string, string>();
  const note = (part: Value, place: string): void => {
    const expected = asked.get(writePart(part));
    if (expected === undefined) return;
    const isThere = expected.toLowerCase() === place.toLowerCase();
    if (isThere) asked.delete(writePart(part));
    if (isThere) strays.delete(expected);
    else if (!strays.has(expected)) strays.set(expected, place);
  };
  if (message.key !== null) note(message.key, 'key');
  for (const [name, value] of Object.entries(message.headers)) note(value, `header ${name}`);
  walk(message.value, 'value', note);
  return [...strays].slice(0, SHOWN).map(([expected, place]) => ({ expected, place }));
}

/** Visits what a value consists of at the end, with the path to each. */
function walk(value: Value, place: string, visit: (part: Value, place: string) => void): void {
  let left = MOST_PARTS;
  const follow = (part: Value, at: string): void => {
    if (left-- <= 0) return;
    if (isList(part)) for (const [index, item] of part.entries()) follow(item, `${at}[${index}]`);
    else if (isMap(part))
      for (const key of Object.keys(part)) follow(readKey(part, key) ?? null, `${at}${writeKey(key)}`);
    else visit(part, at);
  };
  follow(value, place);
}

function writeKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function writePart(part: Value): string {
  return part === null ? '' : String(part);
}
