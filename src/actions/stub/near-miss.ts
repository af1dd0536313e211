import {
  Budget,
  compilePattern,
  describeType,
  findNearestKey,
  isList,
  isMap,
  nearlyEqual,
  readKey,
  type Value,
  type ValueMap,
} from '../../expr/index.ts';
import type { Expressions } from '../../model/action/io.ts';
import { compilePath } from '../../util/path-pattern.ts';
import { findNearest } from '../../util/suggest.ts';
import { findAlmost } from '../kafka/namesakes.ts';
import { showTyped } from '../kafka/show.ts';
import { compilePathRegex } from './path-regex.ts';
import type { StubRequest } from './received.ts';
import { createRequestEnv, createRules, isMatch } from './request-rules.ts';
import type { MatchSettings } from './stub-settings.ts';

const PARTS = ['query', 'headers', 'form', 'body', 'where'] as const;

/** What is asked of a request, where one is otherwise as asked that has nearly this name, or this value as another type or written otherwise: a text that tells the two. */
export function describeNearMiss(
  match: MatchSettings,
  requests: Iterable<StubRequest>,
  expressions: Expressions,
): string | undefined {
  if (match.path_regex !== undefined) return describePartOfPath(match.path_regex, requests);
  const looks = PARTS.filter((part) => match[part] !== undefined).map((part) => ({
    part,
    rest: createRules({ ...match, [part]: undefined }, expressions),
  }));
  for (const request of looks.length > 0 ? requests : []) {
    for (const { part, rest } of looks) {
      if (!isMatch(rest, request)) continue;
      const slip = findSlip(part, match, request);
      if (slip)
        return `nothing came with ${slip.ours}, but ${request.method} \`${request.path}\` has ${slip.theirs}: is that meant?`;
      const twin = part === 'where' ? describeTwin(match.where, request, expressions) : undefined;
      if (twin !== undefined) return `nothing came, but ${request.method} \`${request.path}\` nearly did: ${twin}`;
    }
  }
  return undefined;
}

function describeTwin(
  where: MatchSettings['where'],
  request: StubRequest,
  { env, host }: Expressions,
): string | undefined {
  return where?.expression.listDoubts(createRequestEnv(request, env), false, { kinds: 'types', host })[0];
}

/** A pattern that matches a part of a path and not all of it. */
function describePartOfPath(source: string, requests: Iterable<StubRequest>): string | undefined {
  const [whole, part] = [compilePathRegex(source), compilePattern(source)];
  for (const { method, path } of requests) {
    if (whole.match(path)) return undefined;
    if (part.test(path, new Budget()))
      return `\`path_regex\` has to match the whole path: it matches only a part of ${method} \`${path}\``;
  }
  return undefined;
}

interface Slip {
  readonly ours: string;
  readonly theirs: string;
}

function findSlip(part: (typeof PARTS)[number], match: MatchSettings, request: StubRequest): Slip | undefined {
  if (part === 'where') return findInWhere(match.where, request);
  if (part === 'body')
    return (
      findInOther(part, match, request) ??
      findInValue(match.body as Value, request.body, 'body') ??
      findInBody(match.body as Value, request.body)
    );
  const other = findInOther(part, match, request);
  if (other) return other;
  const there = request[part];
  if (!isMap(there)) return undefined;
  const names = Object.keys(there);
  for (const [name, expected] of Object.entries(match[part] ?? {})) {
    const own = part === 'headers' ? name.toLowerCase() : name;
    const near = typeof expected === 'object' ? undefined : findNear(own, names);
    if (near !== undefined) return nameBoth(part, own, near);
  }
  return findInTexts(part, match[part] ?? {}, there);
}

/** A text that says what is asked in another way, where the others are as asked. */
function findInTexts(part: string, match: NonNullable<MatchSettings['query']>, there: ValueMap): Slip | undefined {
  let slip: Slip | undefined;
  for (const [name, expected] of Object.entries(match)) {
    const actual = readKey(there, name);
    const all = actual === undefined ? [] : isList(actual) ? actual : [actual];
    if (typeof expected === 'object' ? all.length === 0 : all.includes(String(expected))) continue;
    const near = typeof expected === 'object' ? undefined : all.find((one) => nearlyEqual(one, String(expected)));
    if (near === undefined) return undefined;
    slip ??= nameValues(`${part}.${name}`, String(expected), near);
  }
  return slip;
}

function nameValues(place: string, ours: Value, theirs: Value): Slip {
  return { ours: `\`${place}\` as ${showTyped(ours, place)}`, theirs: showTyped(theirs, place) };
}

/** The fields of a form where the request has them as JSON, and the other way round. */
function findInOther(
  part: (typeof PARTS)[number],
  match: MatchSettings,
  { form, body }: StubRequest,
): Slip | undefined {
  const wanted = part === 'form' || part === 'body' ? (match[part] as Value | undefined) : undefined;
  if (wanted === undefined || !isMap(wanted) || Object.keys(wanted).length === 0) return undefined;
  const [there, instead] = part === 'form' ? [form, body] : [body, form];
  const hasAll = (place: Value): boolean =>
    isMap(place) && Object.keys(wanted).every((name) => Object.hasOwn(place, name));
  if (hasAll(there) || !hasAll(instead)) return undefined;
  const names = Object.keys(wanted)
    .map((name) => `\`${name}\``)
    .join(', ');
  const [ours, theirs] =
    part === 'form'
      ? ['a form', 'JSON, which `body` is compared with']
      : ['JSON', 'a form, which `form` is compared with'];
  return { ours: `${names} in ${ours}`, theirs: `them in ${theirs}` };
}

/** A body of which each part that is not as asked says the same in another way. */
function findInBody(expected: Value, actual: Value): Slip | undefined {
  const almost = findAlmost('body', expected, actual);
  if (!almost) return undefined;
  const slip = nameValues(almost.place, almost.expected, almost.actual);
  return almost.isJson ? { ...slip, theirs: almost.by } : slip;
}

function findInValue(expected: Value, actual: Value, path: string): Slip | undefined {
  if (isList(expected) && isList(actual)) {
    for (const [index, item] of expected.entries()) {
      const slip = findInValue(item, actual[index] ?? null, `${path}[${index}]`);
      if (slip) return slip;
    }
    return undefined;
  }
  if (isMap(expected) && isMap(actual)) {
    const names = Object.keys(actual);
    for (const [name, item] of Object.entries(expected)) {
      const near = findNear(name, names);
      if (near !== undefined) return nameBoth(path, name, near);
      const slip = findInValue(item, actual[name] ?? null, `${path}.${name}`);
      if (slip) return slip;
    }
    return undefined;
  }
  const isOtherType = describeType(expected) !== describeType(actual) && isPlain(expected) && isPlain(actual);
  if (!isOtherType || String(expected) !== String(actual)) return undefined;
  return nameValues(path, expected, actual);
}

/** A key that the condition reads and the request lacks. */
function findInWhere(where: MatchSettings['where'], request: StubRequest): Slip | undefined {
  for (const { name, path } of where?.expression.names ?? []) {
    let value: Value = name === 'request' ? { ...request } : null;
    let around = name;
    for (const key of path) {
      const near = typeof key === 'string' && isMap(value) ? findNear(key, Object.keys(value)) : undefined;
      if (near !== undefined) return nameBoth(around, String(key), near);
      value = isMap(value) ? (value[key] ?? null) : isList(value) ? (value[Number(key)] ?? null) : null;
      around = typeof key === 'number' ? `${around}[${key}]` : `${around}.${key}`;
    }
  }
  return undefined;
}

function findNear(name: string, names: readonly string[]): string | undefined {
  const likely = names.includes(name) ? [] : names.filter((one) => one[0]?.toLowerCase() === name[0]?.toLowerCase());
  return findNearestKey(name, likely);
}

function nameBoth(around: string, ours: string, theirs: string): Slip {
  return { ours: `\`${around}.${ours}\``, theirs: `\`${around}.${theirs}\`` };
}

function isPlain(value: Value): boolean {
  return value !== null && !isMap(value) && !isList(value);
}

/** Of a path that nothing came to: a request whose path is spelled nearly so; undefined when there is none, or something came to the path. */
export function findNearRequest(path: string, requests: Iterable<StubRequest>): StubRequest | undefined {
  const pattern = compilePath(path);
  let near: StubRequest | undefined;
  for (const request of requests) {
    if (pattern.match(request.path)) return undefined;
    if (!near && isNear(path, request.path)) near = request;
  }
  return near;
}

function isNear(wanted: string, path: string): boolean {
  const [ours, theirs] = [wanted, path].map((text) => text.replace(/\/$/, '').split('/'));
  if (!ours || !theirs || ours.length !== theirs.length) return false;
  return ours.every((segment, index) => isNearSegment(segment, theirs[index] ?? ''));
}

/** Ids and numbers that differ mean something else. */
function isNearSegment(wanted: string, segment: string): boolean {
  if (wanted === segment || /^:|\{|^\*$/.test(wanted)) return true;
  return !/\d/.test(wanted + segment) && findNearest(wanted, [segment]) !== undefined;
}
