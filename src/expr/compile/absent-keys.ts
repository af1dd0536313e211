import { findSpelling, readsAlike } from '../compare/near-scalars.ts';
import { nearlyEqual } from '../compare/nearly-equal.ts';
import type { Env } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { isEqual } from '../values/equality.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isCaseless, isList, isMap, readKey, type Value } from '../values/value.ts';
import type { Denials } from './denials.ts';
import { findKeyed, findListOf, isPath, type KeyRead, listReads, readAccess } from './key-reads.ts';
import { type Place, readPart, resolvePath } from './parts.ts';
import { describeTwins } from './remarks.ts';

const MOST_KEYS = 200;
const COMPARES: ReadonlySet<string> = new Set(['==', '!=', 'in']);
const MOST_ITEMS = 1000;

/**
 * Says of an expression that holds which of the keys that it denies something of is not there, where another is that may have been meant,
 * or where it is a text of which something is denied.
 */
export function listAbsentKeys(source: string, denials: Denials, place: Place): readonly string[] {
  const { tests, absences, reads } = denials;
  const tested = reads.flatMap((read) => {
    const near = describeMisspelt(source, read, place);
    if (near !== undefined || !read.isText || !isAbsent(read, place)) return near ?? [];
    return [`\`${cut(source, read.object)}\` has no \`${read.key}\`: no text was tested`];
  });
  const denied = [...tests].flatMap((test) => [
    ...describeNil(source, test, { env: place.env, absences }),
    ...describeMissing(source, test, { place, absences }),
    ...describeNilList(source, test, { place, absences }),
    ...describeCase(source, test, place),
  ]);
  return [...tested, ...listDefaults(source, denials, place), ...listEqualMissing(source, denials, place), ...denied];
}

/** Says of sides that are equal what is not there of them: without it they are equal as nil. */
function listEqualMissing(source: string, { pairs, equalities }: Denials, place: Place): readonly string[] {
  const said = pairs.flatMap(([one, two]) => {
    const [isOne, isTwo] = [isAbsent(one, place), isAbsent(two, place)];
    const [first, second] = [name(source, one), name(source, two)];
    if (isOne && isTwo) return [`${first} and ${second} are both missing: they are equal as nil`];
    if (isOne && isNilAt(two, place)) return [`${first} is missing and ${second} is nil: they are equal as nil`];
    return isTwo && isNilAt(one, place) ? [`${second} is missing and ${first} is nil: they are equal as nil`] : [];
  });
  const misspelt = [...equalities].flatMap((equality) => {
    const near = listReads(equality).flatMap((read) => describeMisspelt(source, read, place) ?? []);
    return near.length > 0 && place.compute?.(equality) === true ? near : [];
  });
  return [...said, ...misspelt];
}

/** Says of a condition that does not hold which of the keys that it tests is not there, whatever it is called. */
export function listUntested(source: string, { tests, absences }: Denials, place: Place): readonly string[] {
  return [...tests].flatMap((test) => describeMissing(source, test, { absences, place }));
}

/** Says of a value which of the keys that it is made of are not there, where another is that may have been meant. */
export function listMissedKeys(source: string, denials: Denials, place: Place): readonly string[] {
  const missed = denials.all.flatMap((read) => describeMisspelt(source, read, place) ?? []);
  return [...missed, ...listDefaults(source, denials, place)];
}

/** The same of keys for which a default stands; not where the other is what stands there, as in `colour ?? color`. */
export function listDefaults(source: string, { defaulted }: Denials, place: Place): readonly string[] {
  return defaulted.flatMap(({ read, others }) => {
    const near = findNear(read, place);
    return near === undefined || others.has(near.key) ? [] : [near.describe(source)];
  });
}

/** Says of a key that is looked for among those of a map which has them all in lower case that it is never there. */
function describeCase(source: string, test: Node, place: Place): readonly string[] {
  if (test.kind !== 'binary' || test.operator !== 'in' || test.left.kind !== 'literal') return [];
  const key = test.left.value;
  const map = findKeyed(test.right);
  const value = map && readPart(map, place);
  if (!map || value === undefined || typeof key !== 'string' || key === key.toLowerCase()) return [];
  if (!isMap(value) || !isCaseless(value)) return [];
  const [shown, whole] = [cut(source, map), cut(source, test.right)];
  return [`\`${whole}\` are in lower case, \`${key}\` is none of them: \`"${key}" in ${shown}\` takes any case`];
}

/** Says of a test that is denied of a name that it is nil: nothing was tested. Not where it is asked whether it is nil, too. */
function describeNil(
  source: string,
  test: Node,
  { env, absences }: Pick<Denials, 'absences'> & { readonly env: Env },
): readonly string[] {
  if (test.kind !== 'binary') return [];
  const mayBeNil = new Set([...absences].flatMap((one) => listSides(one).map(nameOf)));
  const names = listSides(test).map(nameOf);
  return names.flatMap((one) => {
    if (one === undefined || mayBeNil.has(one) || env.get(one) !== null) return [];
    return [`\`${one}\` is nil: \`${cut(source, test)}\` was asked of nothing`];
  });
}

/** The same of a path to nil in which something is looked for. */
function describeNilList(
  source: string,
  test: Node,
  { place, absences }: Pick<Denials, 'absences'> & { readonly place: Place },
): readonly string[] {
  const access = test.kind === 'binary' && test.operator === 'in' ? readAccess(test.right) : undefined;
  const read = access && { ...access, isText: false };
  if (!read || listAsked(source, absences).includes(name(source, read)) || !isNilAt(read, place)) return [];
  return [`${name(source, read)} is nil: \`${cut(source, test)}\` was asked of nothing`];
}

/** What is asked whether it is nil. */
function listAsked(source: string, absences: Denials['absences']): readonly string[] {
  return [...absences]
    .flatMap((one) => [...listReads(one), ...listSides(one).flatMap((side) => readAccess(side) ?? [])])
    .map((read) => name(source, read));
}

/** Says of a test that is denied of a key that is not there: nothing was tested. Not of `true` and `false`, where it says as much, nor where `?.` expects it. */
function describeMissing(
  source: string,
  test: Node,
  { place, absences }: Pick<Denials, 'absences'> & { readonly place: Place },
): readonly string[] {
  if (test.kind !== 'binary' || !COMPARES.has(test.operator)) return [];
  const sides = listSides(test);
  if (sides.some((side) => side.kind === 'literal' && typeof side.value === 'boolean')) return [];
  const asked = listAsked(source, absences);
  return sides.flatMap((side) => {
    const access = readAccess(side);
    const read = access && { ...access, isText: false };
    // Things of a list may differ in what they have.
    if (!read || asked.includes(name(source, read)) || (findListOf(read.object) && !isPath(read.object))) return [];
    if (findNear(read, place) || !isAbsent(read, place)) return [];
    return [`\`${cut(source, read.object)}\` has no \`${read.key}\`: \`${cut(source, test)}\` was asked of nothing`];
  });
}

function listSides(node: Node): readonly Node[] {
  return node.kind === 'binary' ? [node.left, node.right] : [];
}

function nameOf(node: Node): string | undefined {
  return node.kind === 'name' ? node.name : undefined;
}

/**
 * Says of a condition which of its comparisons came out as they did since the sides differ by type alone (5 and "5"); none where
 * another comparison, of what is written out or stands at a path, came out so by its value.
 */
export function listTwins(source: string, { tests }: Denials, env: Env): readonly string[] {
  if (isPlain({ tests }, env)) return [];
  return listCompared(tests, env).flatMap(({ node, a, b }) =>
    readsAlike(a, b) ? describeTwins({ source, node }, a, b) : [],
  );
}

/** Whether two sides have to be equal and plainly are not, so that an answer rests on that. */
export function isPlain({ tests }: Pick<Denials, 'tests'>, env: Env): boolean {
  return listCompared(tests, env).some(({ node, a, b }) => node.operator === '==' && nearlyEqual(a, b) === undefined);
}

interface Compared {
  readonly node: NodeOf<'binary'> & Node;
  readonly a: Value;
  readonly b: Value;
}

/** The comparisons of what is written out or stands at a path whose sides are not equal. */
function listCompared(tests: Denials['tests'], env: Env): readonly Compared[] {
  return [...tests].flatMap((node) => {
    if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return [];
    const [a, b] = [readSide(node.left, env), readSide(node.right, env)];
    return a === undefined || b === undefined || isEqual(a, b) ? [] : [{ node, a, b }];
  });
}

function readSide(node: Node, env: Env): Value | undefined {
  return node.kind === 'literal' ? node.value : resolvePath(node, env);
}

/** Says of a condition which of the keys that its answer rests on is not there, where another is that may have been meant. */
export function listMisspeltKeys(source: string, { reads }: Denials, place: Place): readonly string[] {
  return reads.flatMap((read) => describeMisspelt(source, read, place) ?? []);
}

function describeMisspelt(source: string, read: KeyRead, place: Place): string | undefined {
  return findNear(read, place)?.describe(source);
}

/** A key that is there in the place of one that is not, and what is said of it. */
interface Near {
  readonly key: string;
  readonly describe: (source: string) => string;
}

function findNear({ object, key }: KeyRead, place: Place): Near | undefined {
  const [list, map] = readOwner(object, place);
  const maps = list ? listItems(list, place) : map === undefined ? [] : [map];
  const [first = null] = maps;
  if (!isMap(first) || maps.some((one) => !isMap(one) || readKey(one, key) !== undefined)) return undefined;
  const keys = Object.keys(first).slice(0, MOST_KEYS);
  const near = findMisspelt(key, keys) ?? keys.find((other) => findSpelling(key, other));
  if (near === undefined) return undefined;
  const describe = (source: string): string => {
    const owner = list ? `no item of \`${cut(source, list)}\` has` : `\`${cut(source, object)}\` has no`;
    return `${owner} \`${key}\`; there is \`${near}\``;
  };
  return { key: near, describe };
}

/** The list that it is read of an item of, or else what it is read of. */
function readOwner(object: Node, place: Place): readonly [list: Node | undefined, value: Value | undefined] {
  const list = findListOf(object);
  const value = list && !isPath(object) ? undefined : readPart(object, place);
  return value !== undefined && isMap(value) ? [undefined, value] : [list, value];
}

function listItems(list: Node, place: Place): readonly Value[] {
  const items = readPart(list, place);
  return items !== undefined && isList(items) && items.length <= MOST_ITEMS ? items : [];
}

/** Whether what it is read of is there, and has no such key. */
function isAbsent({ object, key }: KeyRead, place: Place): boolean {
  const map = readPart(object, place);
  return map !== undefined && isMap(map) && readKey(map, key) === undefined;
}

/** Whether the key is there, and holds nil. */
function isNilAt({ object, key }: KeyRead, place: Place): boolean {
  const map = readPart(object, place);
  return map !== undefined && isMap(map) && readKey(map, key) === null;
}

function name(source: string, { object, key }: Pick<KeyRead, 'object' | 'key'>): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `\`${cut(source, object)}.${key}\`` : `\`${cut(source, object)}["${key}"]\``;
}

function cut(source: string, { offset, length }: Node): string {
  return source.slice(offset, offset + length);
}
