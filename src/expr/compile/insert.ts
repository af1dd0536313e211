import type { Node } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import { stringifyJson } from '../values/json.ts';
import { findNearestKey } from '../values/nearest.ts';
import { Scalar } from '../values/scalar.ts';
import { isKeyedMap, isList, isMap, readKey, type Value } from '../values/value.ts';

/** Where a value comes from. */
export interface Origin {
  readonly node: Node;
  readonly source: string;
  /** Gives the value of another node at the same place; absent where that is not known any more. */
  readonly read?: (node: Node) => Value;
}

/** Writes a value that stands inside other text: texts as they are, lists and maps as JSON; nil is an error. */
export function insertValue(value: Value, origin: Origin): string {
  if (typeof value === 'string') return value;
  if (value === null) throw createNilError(origin);
  if (isList(value) || isMap(value) || isKeyedMap(value)) return stringifyJson(value);
  return value instanceof Scalar ? value.toString() : String(value);
}

function createNilError(origin: Origin): ExprError {
  const { offset, length } = origin.node;
  const text = origin.source.slice(offset, offset + length);
  const shown = length > 60 ? '…' : text;
  const meant = findMeantKey(origin);
  const hint =
    meant === undefined
      ? `give a value for that case: \`${shown} ?? "…"\``
      : `did you mean \`${meant}\`? If nothing may be there, give a value for that case: \`${shown} ?? "…"\``;
  return new ExprError('run', `\`${text}\` is nil and cannot be put into text`, { offset, length, hint });
}

/** The key beside a missing one that has a value and nearly its name. */
function findMeantKey({ node, read }: Origin): string | undefined {
  const key = node.kind === 'member' ? node.name : node.kind === 'index' ? readText(node.index) : undefined;
  if ((node.kind !== 'member' && node.kind !== 'index') || key === undefined || !read) return undefined;
  const owner = read(node.object);
  if (!isMap(owner)) return undefined;
  const others = Object.keys(owner).filter((other) => other !== key && (readKey(owner, other) ?? null) !== null);
  return findNearestKey(key, others);
}

function readText(node: Node): string | undefined {
  return node.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}
