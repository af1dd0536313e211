import type { Env } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { describeType } from '../values/describe.ts';
import { isEqual } from '../values/equality.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';
import type { Denials, KeyRead } from './denials.ts';
import { readsAlike } from './remarks.ts';

const MOST_KEYS = 200;

/**
 * Says of an expression that holds which of the keys that it denies something of is not there, where another is that may have been meant,
 * or where it is a text of which something is denied.
 */
export function listAbsentKeys(
  source: string,
  { tests, absences, reads, pairs }: Denials,
  env: Env,
): readonly string[] {
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
  return [...tested, ...equal, ...[...tests].flatMap((test) => describeNil(source, test, { env, absences }))];
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
  const said: string[] = [];
  for (const test of tests) {
    if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) continue;
    const [a, b] = [readSide(test.left, env), readSide(test.right, env)];
    if (a === undefined || b === undefined || isEqual(a, b)) continue;
    if (!readsAlike(a, b)) {
      if (test.operator === '==') return [];
      continue;
    }
    const types = `${describeType(a)} with ${describeType(b)}`;
    said.push(`\`${cut(source, test)}\` compares ${types}: they read the same and differ by type alone`);
  }
  return said;
}

function readSide(node: Node, env: Env): Value | undefined {
  return node.kind === 'literal' ? node.value : resolvePath(node, env);
}

/** Says of a condition which of the keys that its answer rests on is not there, where another is that may have been meant. */
export function listMisspeltKeys(source: string, { reads }: Denials, env: Env): readonly string[] {
  return [...new Set(reads.flatMap((read) => describeMisspelt(source, read, env) ?? []))];
}

function describeMisspelt(source: string, { object, key }: KeyRead, env: Env): string | undefined {
  const map = resolvePath(object, env);
  if (map === undefined || !isMap(map) || readKey(map, key) !== undefined) return undefined;
  const near = findMisspelt(key, Object.keys(map).slice(0, MOST_KEYS));
  return near === undefined ? undefined : `\`${cut(source, object)}\` has no \`${key}\`; there is \`${near}\``;
}

/** Whether what it is read of is there, and has no such key. */
function isAbsent({ object, key }: KeyRead, env: Env): boolean {
  const map = resolvePath(object, env);
  return map !== undefined && isMap(map) && readKey(map, key) === undefined;
}

function name(source: string, { object, key }: KeyRead): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `\`${cut(source, object)}.${key}\`` : `\`${cut(source, object)}["${key}"]\``;
}

function cut(source: string, { offset, length }: Node): string {
  return source.slice(offset, offset + length);
}

/** What a path from a name leads to, as it is written out; undefined where it leads to nothing. */
export function resolvePath(node: Node, env: Env): Value | undefined {
  if (node.kind === 'name') return env.get(node.name);
  if (node.kind === 'chain') return resolvePath(node.body, env);
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const object = resolvePath(node.object, env);
  const key = node.kind === 'member' ? node.name : node.index.kind === 'literal' ? node.index.value : undefined;
  if (object === undefined || key === undefined) return undefined;
  if (typeof key === 'string') return isMap(object) ? readKey(object, key) : undefined;
  return isList(object) && typeof key === 'number' ? object[key] : undefined;
}
