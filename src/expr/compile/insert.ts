import type { Node } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import { stringifyJson } from '../values/json.ts';
import { Scalar } from '../values/scalar.ts';
import { isKeyedMap, isList, isMap, type Value } from '../values/value.ts';

/** Writes a value that stands inside other text: texts as they are, lists and maps as JSON; nil is an error. */
export function insertValue(value: Value, origin: { node: Node; source: string }): string {
  if (typeof value === 'string') return value;
  if (value === null) throw createNilError(origin);
  if (isList(value) || isMap(value) || isKeyedMap(value)) return stringifyJson(value);
  return value instanceof Scalar ? value.toString() : String(value);
}

function createNilError(origin: { node: Node; source: string }): ExprError {
  const { offset, length } = origin.node;
  const text = origin.source.slice(offset, offset + length);
  const hint = `give a value for that case: \`${length > 60 ? '…' : text} ?? "…"\``;
  return new ExprError('run', `\`${text}\` is nil and cannot be put into text`, { offset, length, hint });
}
