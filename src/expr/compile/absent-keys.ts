import type { Env } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { findMisspelt } from '../values/nearest.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';
import type { KeyRead } from './denials.ts';

const MOST_KEYS = 200;

/**
 * Says of an expression that holds which of the keys that it denies something of is not there, where another is that may have been meant,
 * or where it is a text of which something is denied.
 */
export function listAbsentKeys(source: string, reads: readonly KeyRead[], env: Env): readonly string[] {
  return reads.flatMap(({ object, key, isText }) => {
    const map = resolve(object, env);
    if (map === undefined || !isMap(map) || readKey(map, key) !== undefined) return [];
    const near = findMisspelt(key, Object.keys(map).slice(0, MOST_KEYS));
    const text = source.slice(object.offset, object.offset + object.length);
    if (near !== undefined) return [`\`${text}\` has no \`${key}\`; there is \`${near}\``];
    return isText ? [`\`${text}\` has no \`${key}\`: no text was tested`] : [];
  });
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
