import type { Env } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';
import type { Denials, KeyRead } from './denials.ts';

const MOST_KEYS = 200;

/**
 * Says of an expression that holds which of the keys that it denies something of is not there, where another is that may have been meant,
 * or where it is a text of which something is denied.
 */
export function listAbsentKeys(source: string, { reads, pairs }: Denials, env: Env): readonly string[] {
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
  return [...tested, ...equal];
}

/** Says of a condition which of the keys that its answer rests on is not there, where another is that may have been meant. */
export function listMisspeltKeys(source: string, { reads }: Denials, env: Env): readonly string[] {
  return [...new Set(reads.flatMap((read) => describeMisspelt(source, read, env) ?? []))];
}

function describeMisspelt(source: string, { object, key }: KeyRead, env: Env): string | undefined {
  const map = resolve(object, env);
  if (map === undefined || !isMap(map) || readKey(map, key) !== undefined) return undefined;
  const near = findMisspelt(key, Object.keys(map).slice(0, MOST_KEYS));
  return near === undefined ? undefined : `\`${cut(source, object)}\` has no \`${key}\`; there is \`${near}\``;
}

/** Whether what it is read of is there, and has no such key. */
function isAbsent({ object, key }: KeyRead, env: Env): boolean {
  const map = resolve(object, env);
  return map !== undefined && isMap(map) && readKey(map, key) === undefined;
}

function name(source: string, { object, key }: KeyRead): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `\`${cut(source, object)}.${key}\`` : `\`${cut(source, object)}["${key}"]\``;
}

function cut(source: string, { offset, length }: Node): string {
  return source.slice(offset, offset + length);
}

/** What a path from a name leads to, as it is written out; undefined where it leads to nothing. */
function resolve(node: Node, env: Env): Value | undefined {
  if (node.kind === 'name') return env.get(node.name);
  if (node.kind === 'chain') return resolve(node.body, env);
  if (node.kind !== 'member' && node.kind !== 'index') return undefined;
  const object = resolve(node.object, env);
  const key = node.kind === 'member' ? node.name : node.index.kind === 'literal' ? node.index.value : undefined;
  if (object === undefined || key === undefined) return undefined;
  if (typeof key === 'string') return isMap(object) ? readKey(object, key) : undefined;
  return isList(object) && typeof key === 'number' ? object[key] : undefined;
}
