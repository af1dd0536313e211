import { isEqual, isList, isMap, isNumber, setKey, type Value } from '../../expr/index.ts';

/** An answer, or a part of it, with what the request that it belongs to held, by the expression that gives it. */
export interface Seen {
  readonly value: Value;
  readonly sources: ReadonlyMap<string, Value>;
}

/** Stands before a text that is a template, for what a service answers may have braces, too. */
export const TEMPLATE = '\u{e000}';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const ID_KEY = /(?:^|_|-)(?:id|uuid|key|number|ref|reference)$|[a-z]Id$/i;
const TIME_KEY = /(?:^|_)(?:at|on|time|timestamp|date|iat|exp|expires|created|updated)$|(?:At|Time|Date)$/;

export function isTemplate(value: Value): value is string {
  return typeof value === 'string' && value.startsWith(TEMPLATE);
}

/** A value with the same sign in the place of whatever varies as ids and times do. */
export function blur(value: Value, key = ''): Value {
  if (isList(value)) return value.map((item) => blur(item, key));
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, blur(one, name)]));
  if (typeof value === 'string') {
    const varies = UUID.test(value) || TIME.test(value) || DATE.test(value) || (ID_KEY.test(key) && isIdText(value));
    return varies ? TEMPLATE : value;
  }
  return isNumber(value) && (ID_KEY.test(key) || TIME_KEY.test(key)) ? TEMPLATE : value;
}

/** Whether a text names one thing among many: a UUID, a number, or digits behind a word. */
export function isIdText(text: string): boolean {
  return (
    UUID.test(text) || /^\d+$/.test(text) || (/^[a-z]{0,8}[_-]?[0-9a-f]*\d[0-9a-f]*$/i.test(text) && text.length >= 2)
  );
}

/** The one value that stands for all that were seen: what varies as ids and times do becomes a template; undefined when more varies. */
export function unify(seen: readonly Seen[], key = ''): Value | undefined {
  const [first] = seen;
  if (!first) return undefined;
  if (seen.every(({ value }) => isEqual(value, first.value))) return first.value;
  const known = seen.find(({ value }) => isTemplate(value));
  if (known) return known.value;
  if (seen.every(({ value }) => isList(value))) return unifyLists(seen, key);
  if (seen.every(({ value }) => isMap(value))) return unifyMaps(seen);
  const template =
    findSource(seen) ??
    nameKind(
      seen.map(({ value }) => value),
      key,
    );
  return template === undefined ? undefined : `${TEMPLATE}${template}`;
}

function unifyLists(seen: readonly Seen[], key: string): Value | undefined {
  const lists = seen.map(({ value }) => value as readonly Value[]);
  const { length = 0 } = lists[0] ?? [];
  if (lists.some((list) => list.length !== length)) return undefined;
  const items: Value[] = [];
  for (let at = 0; at < length; at++) {
    const item = unify(
      seen.map(({ sources }, index) => ({ value: lists[index]?.[at] ?? null, sources })),
      key,
    );
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function unifyMaps(seen: readonly Seen[]): Value | undefined {
  const maps = seen.map(({ value }) => value as Readonly<Record<string, Value>>);
  const keys = Object.keys(maps[0] ?? {});
  if (maps.some((map) => Object.keys(map).length !== keys.length || keys.some((key) => !Object.hasOwn(map, key))))
    return undefined;
  const all: { [key: string]: Value } = {};
  for (const key of keys) {
    const one = unify(
      seen.map(({ sources }, index) => ({ value: maps[index]?.[key] ?? null, sources })),
      key,
    );
    if (one === undefined) return undefined;
    setKey(all, key, one);
  }
  return all;
}

/** What each answer repeats of its request. */
function findSource(seen: readonly Seen[]): string | undefined {
  const known = seen.filter(({ sources }) => sources.size > 0);
  for (const name of known[0]?.sources.keys() ?? []) {
    const pairs = known.map(({ value, sources }) => [value, sources.get(name)] as const);
    if (pairs.every(([value, source]) => source !== undefined && isEqual(value, source))) return `{{${name}}}`;
    if (pairs.every(([value, source]) => isNumber(value) && String(value) === source)) return `{{int(${name})}}`;
  }
  return undefined;
}

/** The template that makes values of the kind that these are, which vary by nature. */
function nameKind(values: readonly Value[], key: string): string | undefined {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length === values.length) {
    if (texts.every((text) => UUID.test(text))) return '{{uuid()}}';
    if (texts.every((text) => TIME.test(text))) return nameTime(texts[0] ?? '');
    if (texts.every((text) => DATE.test(text))) return '{{now().Format("2006-01-02")}}';
    return ID_KEY.test(key) && texts.every(isIdText) ? nameId(texts) : undefined;
  }
  const numbers = values.filter((value) => isNumber(value)).map(Number);
  if (numbers.length < values.length || !numbers.every(Number.isSafeInteger)) return undefined;
  if (TIME_KEY.test(key) && numbers.every((number) => number > 1e9 && number < 1e10)) return '{{now().Unix()}}';
  if (TIME_KEY.test(key) && numbers.every((number) => number > 1e12 && number < 1e13)) return '{{now().UnixMilli()}}';
  return ID_KEY.test(key) ? `{{random_int(1, ${Math.max(999_999, ...numbers)})}}` : undefined;
}

function nameTime(text: string): string {
  const [, fraction = '', zone = 'Z'] = TIME.exec(text) ?? [];
  if (fraction.length === 4 && zone === 'Z') return '{{now()}}';
  const digits = fraction === '' ? '' : `.${'0'.repeat(fraction.length - 1)}`;
  return `{{now().Format("2006-01-02T15:04:05${digits}${zone === 'Z' ? 'Z' : '-07:00'}")}}`;
}

/** A part that they share stays; digits stay digits. */
function nameId(texts: readonly string[]): string {
  const [first = ''] = texts;
  const prefix = /^[a-z]{0,8}[_-]?(?=[0-9a-f]+$)/i.exec(first)?.[0] ?? '';
  const isShared = texts.every((text) => text.startsWith(prefix));
  const start = isShared ? prefix : '';
  const rest = first.slice(start.length);
  if (/^\d{1,15}$/.test(rest))
    return `${start}{{random_int(1${'0'.repeat(rest.length - 1)}, ${'9'.repeat(rest.length)})}}`;
  return `${start}{{random_string(${rest.length})}}`;
}
