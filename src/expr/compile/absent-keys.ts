import { findSpelling, readsAlike } from '../compare/near-scalars.ts';
import { nearlyEqual } from '../compare/nearly-equal.ts';
import type { Env } from '../evaluate/frame.ts';
import type { Node, NodeOf } from '../syntax/ast.ts';
import { isEqual } from '../values/equality.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isCaseless, isList, isMap, readKey, type Value } from '../values/value.ts';
import { type Denials, findDenials } from './denials.ts';
import { findKeyed, findListOf, isPath, type KeyRead, listReads, readAccess, readStep } from './key-reads.ts';
import { describeTwins } from './remarks.ts';

const MOST_KEYS = 200;
const COMPARES: ReadonlySet<string> = new Set(['==', '!=', 'in']);
const MOST_ITEMS = 1000;

/** Functions whose result has keys of its own. */
const DECODERS: ReadonlySet<string> = new Set(['jwt_decode', 'fromJSON']);

/** Where keys are looked for: the names, and what gives the value of a call; undefined where it has none. */
export interface Place {
  readonly env: Env;
  readonly evaluate: (call: Node) => Value | undefined;
}

/**
 * Says of an expression that holds which of the keys that it denies something of is not there, where another is that may have been meant,
 * or where it is a text of which something is denied.
 */
export function listAbsentKeys(source: string, denials: Denials, { env, evaluate }: Place): readonly string[] {
  const { tests, absences, reads, pairs } = denials;
  const tested = reads.flatMap((read) => {
    const near = describeMisspelt(source, read, env);
    if (near !== undefined || !read.isText || !isAbsent(read, env)) return near ?? [];
    return [`\`${cut(source, read.object)}\` has no \`${read.key}\`: no text was tested`];
  });
  const equal = pairs
    .filter((pair) => pair.every((read) => isAbsent(read, env)))
    .map(([one, two]) => {
      const near = describeMisspelt(source, one, env) ?? describeMisspelt(source, two, env);
      const both = `${name(source, one)} and ${name(source, two)} are both missing: they are equal as nil`;
      return near === undefined ? both : `${both}; ${near}`;
    });
  const denied = [...tests].flatMap((test) => [
    ...describeNil(source, test, { env, absences }),
    ...describeMissing(source, test, { env, absences, evaluate }),
    ...describeCase(source, test, env),
  ]);
  return [
    ...tested,
    ...listDefaults(source, denials, env),
    ...equal,
    ...denied,
    ...listComputed(source, denials, evaluate),
  ];
}

/** Says of keys of what is worked out, such as groups, that are not there which others are that may have been meant. */
function listComputed(source: string, { tests, absences }: Denials, evaluate: Place['evaluate']): readonly string[] {
  const sides = [...tests, ...absences].flatMap(listSides);
  return sides.flatMap((side) => {
    const { object, key } = readAccess(side) ?? {};
    if (object?.kind !== 'call' || key === undefined || findListOf(object)) return [];
    const map = evaluate(object);
    if (map === undefined || !isMap(map) || readKey(map, key) !== undefined) return [];
    const keys = Object.keys(map).slice(0, MOST_KEYS);
    const near = keys.find((other) => findSpelling(key, other)) ?? findMisspelt(key, keys);
    return near === undefined ? [] : [`\`${cut(source, object)}\` has no \`${key}\`; there is \`${near}\``];
  });
}

/** Says of a condition that does not hold which of the keys that it tests is not there, whatever it is called. */
export function listUntested(
  { source, ast }: { readonly source: string; readonly ast: Node },
  env: Env,
): readonly string[] {
  const { tests, absences } = findDenials(ast, false);
  return [...tests].flatMap((test) => describeMissing(source, test, { absences, env }));
}

/** Says of a value which of the keys that it is made of are not there, where another is that may have been meant. */
export function listMissedKeys(source: string, ast: Node, env: Env): readonly string[] {
  const denials = findDenials(ast);
  const missed = denials.all.flatMap((read) => describeMisspelt(source, read, env) ?? []);
  return [...new Set([...missed, ...listDefaults(source, denials, env)])];
}

/** The same of keys for which a default stands; not where the other is read, too, as in `color ?? colour`. */
export function listDefaults(source: string, { defaulted, keys }: Denials, env: Env): readonly string[] {
  return defaulted.flatMap((read) => {
    const near = findNear(read, env);
    return near === undefined || keys.has(near.key) ? [] : [near.describe(source)];
  });
}

/** Says of a key that is looked for among those of a map which has them all in lower case that it is never there. */
function describeCase(source: string, test: Node, env: Env): readonly string[] {
  if (test.kind !== 'binary' || test.operator !== 'in' || test.left.kind !== 'literal') return [];
  const key = test.left.value;
  const map = findKeyed(test.right);
  const value = map && resolvePath(map, env);
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

/** Says of a test that is denied of a key that is not there: nothing was tested. Not of `true` and `false`, where it says as much, nor where `?.` expects it. */
function describeMissing(
  source: string,
  test: Node,
  { env, absences, evaluate }: Pick<Denials, 'absences'> & Pick<Place, 'env'> & Partial<Place>,
): readonly string[] {
  if (test.kind !== 'binary' || !COMPARES.has(test.operator)) return [];
  const sides = test.operator === 'in' ? [test.left] : listSides(test);
  if (sides.some((side) => side.kind === 'literal' && typeof side.value === 'boolean')) return [];
  const asked = [...absences]
    .flatMap((one) => [...listReads(one), ...listSides(one).flatMap((side) => readAccess(side) ?? [])])
    .map((read) => name(source, read));
  return sides.flatMap((side) => {
    const access = readAccess(side);
    const read = access && { ...access, isText: false };
    if (!read || asked.includes(name(source, read)) || findNear(read, env)) return [];
    if (!isAbsent(read, env) && !(evaluate && isAbsentIn(read, evaluate))) return [];
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
export function listMisspeltKeys(source: string, { reads }: Denials, env: Env): readonly string[] {
  return [...new Set(reads.flatMap((read) => describeMisspelt(source, read, env) ?? []))];
}

function describeMisspelt(source: string, read: KeyRead, env: Env): string | undefined {
  return findNear(read, env)?.describe(source);
}

/** A key that is there in the place of one that is not, and what is said of it. */
interface Near {
  readonly key: string;
  readonly describe: (source: string) => string;
}

function findNear({ object, key }: KeyRead, env: Env): Near | undefined {
  const map = resolvePath(object, env);
  const list = map === undefined || !isMap(map) ? findListOf(object) : undefined;
  const maps = list ? listItems(list, env) : map === undefined ? [] : [map];
  const [first = null] = maps;
  if (!isMap(first) || maps.some((one) => !isMap(one) || readKey(one, key) !== undefined)) return undefined;
  const near = findMisspelt(key, Object.keys(first).slice(0, MOST_KEYS));
  if (near === undefined) return undefined;
  const describe = (source: string): string => {
    const owner = list ? `no item of \`${cut(source, list)}\` has` : `\`${cut(source, object)}\` has no`;
    return `${owner} \`${key}\`; there is \`${near}\``;
  };
  return { key: near, describe };
}

function listItems(list: Node, env: Env): readonly Value[] {
  const items = resolvePath(list, env);
  return items !== undefined && isList(items) && items.length <= MOST_ITEMS ? items : [];
}

/** Whether what it is read of is there, and has no such key. */
function isAbsent({ object, key }: KeyRead, env: Env): boolean {
  const map = resolvePath(object, env);
  return map !== undefined && isMap(map) && readKey(map, key) === undefined;
}

/** The same of what a function reads from a text that is there: `fromJSON(body.note).state`. */
function isAbsentIn({ object, key }: KeyRead, evaluate: Place['evaluate']): boolean {
  const [root, keys] = findDecoded(object);
  const decoded = root && evaluate(root);
  if (decoded === undefined) return false;
  const map = keys.reduce<Value | undefined>((value, one) => readStepOf(value, one), decoded);
  return map !== undefined && isMap(map) && readKey(map, key) === undefined;
}

/** The call of a decoder that a path begins with, and the steps from it on. */
function findDecoded(node: Node): [Node | undefined, readonly Value[]] {
  if (node.kind === 'chain') return findDecoded(node.body);
  if (node.kind === 'call' && DECODERS.has(node.name))
    return [node.args[0] && isPath(node.args[0]) ? node : undefined, []];
  const step = readStep(node);
  if (!step) return [undefined, []];
  const [root, keys] = findDecoded(step.object);
  return [root, [...keys, step.key]];
}

function name(source: string, { object, key }: Pick<KeyRead, 'object' | 'key'>): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `\`${cut(source, object)}.${key}\`` : `\`${cut(source, object)}["${key}"]\``;
}

function cut(source: string, { offset, length }: Node): string {
  return source.slice(offset, offset + length);
}

/** What a path from a name leads to, as it is written out; undefined where it leads to nothing. */
export function resolvePath(node: Node, env: Env): Value | undefined {
  if (node.kind === 'name') return env.get(node.name);
  if (node.kind === 'chain') return resolvePath(node.body, env);
  const step = readStep(node);
  const object = step && resolvePath(step.object, env);
  if (!step || object === undefined) return undefined;
  return readStepOf(object, step.key);
}

function readStepOf(object: Value | undefined, key: Value): Value | undefined {
  if (object === undefined) return undefined;
  if (typeof key === 'string') return isMap(object) ? readKey(object, key) : undefined;
  return isList(object) && typeof key === 'number' ? object[key] : undefined;
}
