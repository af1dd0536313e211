import { findJoinedKey, isList, isMap, readKey, type Value } from '../expr/index.ts';
import type { Segment, Selector } from './query.ts';
import { readSelected, readSingular } from './walk.ts';

/** A path that led to nothing, with what it was looked up in. */
interface LostPath {
  readonly source: string;
  readonly segments: readonly Segment[];
  readonly result: Value;
}

type Step = Extract<Selector, { kind: 'name' | 'index' }>;

/** Deeper things are not searched for a path without its beginning. */
const MOST_WRAPPERS = 50;

/**
 * The path that is likely meant by one that leads to nothing: with other letters (`$.Body.total`), without a beginning that only
 * other tools have (`$.data.total`), or below what it left out; undefined when none of these leads anywhere. What is there and lacks
 * something is never left out: the thing of that name elsewhere is another one.
 */
export function findMeantPath({ source, segments, result }: LostPath): string | undefined {
  const steps = takeSteps(segments);
  const rest = source.trimEnd().slice(endOf(segments[steps.length - 1]));
  const write = (found: Place | undefined): string | undefined =>
    found && (rest === '' || isList(found.value) || isMap(found.value)) ? `${found.path}${rest}` : undefined;
  const whole = { path: '$', value: result };
  const root = openBody(whole);
  const inner = leaveOwnKeys(steps, result);
  const meant = write(follow(root, steps) ?? follow(whole, steps) ?? follow(root, inner));
  if (meant !== undefined || follow(root, inner.slice(0, 1))) return meant;
  for (let from = 1; from < inner.length && inner[from - 1]?.kind === 'name'; from++) {
    const shorter = write(follow(root, inner.slice(from)));
    if (shorter !== undefined) return shorter;
  }
  return write(findBelow(root, inner));
}

/** The path whose names, one after the other, are one key with dots in it: `$.meta["total.count"]` for `$.meta.total.count`. */
export function joinNames({ source, segments }: LostPath, root: Value): string | undefined {
  let path = '$';
  let written = source.indexOf(path) + 1;
  let value: Value | undefined = root;
  let isJoined = false;
  for (let at = 0; at < segments.length && value !== undefined; at++) {
    const [step] = takeSteps(segments.slice(at, at + 1));
    const next: Value | undefined = step ? readSelected(value, step) : readFirst(value);
    const joined: Joined | undefined =
      next === undefined && step?.kind === 'name' ? findJoined(value, segments.slice(at)) : undefined;
    value = joined ? joined.value : next;
    isJoined ||= joined !== undefined;
    at += joined ? joined.count - 1 : 0;
    const end = endOf(segments[at]);
    path += joined ? writeKey(joined.key) : source.slice(written, end);
    written = end;
  }
  return isJoined && value !== undefined ? path : undefined;
}

/** An item, where a path takes several. */
function readFirst(value: Value): Value | undefined {
  return isList(value) ? value[0] : undefined;
}

interface Joined {
  readonly key: string;
  readonly value: Value;
  /** How many names the key takes. */
  readonly count: number;
}

/** The longest key that names in a row make with dots between them. */
function findJoined(value: Value, segments: readonly Segment[]): Joined | undefined {
  const steps = takeSteps(segments);
  const end = steps.findIndex(({ kind }) => kind !== 'name');
  const names = steps
    .slice(0, end < 0 ? steps.length : end)
    .flatMap((step) => (step.kind === 'name' ? [step.key] : []));
  const joined = isMap(value) ? findJoinedKey(value, names) : undefined;
  const found = joined && isMap(value) ? readKey(value, joined.key) : undefined;
  return joined && found !== undefined ? { ...joined, value: found } : undefined;
}

interface Place {
  readonly path: string;
  readonly value: Value;
}

/** The names and positions that the path begins with. */
function takeSteps(segments: readonly Segment[]): readonly Step[] {
  const steps: Step[] = [];
  for (const { isDescendant, selectors } of segments) {
    const [selector] = selectors;
    if (isDescendant || selectors.length > 1 || !(selector?.kind === 'name' || selector?.kind === 'index')) break;
    steps.push(selector);
  }
  return steps;
}

function endOf(segment: Segment | undefined): number {
  return segment ? segment.offset + segment.length : 0;
}

function follow(from: Place, steps: readonly Step[]): Place | undefined {
  let { path, value } = from;
  for (const step of steps) {
    const selector = step.kind === 'name' ? { ...step, key: findKey(value, step.key) } : step;
    const next = readSingular(value, [{ isDescendant: false, selectors: [selector], offset: 0, length: 0 }]);
    if (next === undefined) return undefined;
    path += writeStep(selector);
    value = next;
  }
  return { path, value };
}

/** The key as the value has it: in the same letters, else the only one that is alike but for capitals and signs. */
function findKey(value: Value, key: string): string {
  if (value === null || !isMap(value) || readKey(value, key) !== undefined) return key;
  const alike = Object.keys(value).filter((other) => fold(other) === fold(key));
  return alike.length === 1 ? (alike[0] ?? key) : key;
}

function fold(key: string): string {
  return key.toLowerCase().replaceAll(/[_\-. ]/g, '');
}

function writeStep(step: Step): string {
  return step.kind === 'index' ? `[${step.index}]` : writeKey(step.key);
}

function writeKey(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function openBody({ path, value }: Place): Place {
  const body = isMap(value) ? readKey(value, 'body') : undefined;
  return body === undefined ? { path, value } : { path: `${path}.body`, value: body };
}

/** The steps below those that any answer has. */
function leaveOwnKeys(steps: readonly Step[], result: Value): readonly Step[] {
  const [first] = steps;
  const isOwn = first?.kind === 'name' && (first.key === 'body' || first.key === 'response') && isMap(result);
  return isOwn && readKey(result, first.key) !== undefined ? leaveOwnKeys(steps.slice(1), result) : steps;
}

/** The same path below one key that it leaves out, when there is only one such key. */
function findBelow({ path, value }: Place, steps: readonly Step[]): Place | undefined {
  if (value === null || !isMap(value) || steps.length === 0) return undefined;
  const found = Object.entries(value)
    .slice(0, MOST_WRAPPERS)
    .flatMap(
      ([key, inner]) =>
        follow({ path: `${path}${writeStep({ kind: 'name', key, isLoose: false })}`, value: inner }, steps) ?? [],
    );
  return found.length === 1 ? found[0] : undefined;
}
