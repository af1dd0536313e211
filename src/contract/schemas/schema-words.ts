import { isList, type Value, type ValueMap } from '../../expr/index.ts';
import { FORMAT_NAMES } from '../../schema/formats.ts';
import { toData } from '../../source/yaml/node.ts';
import { isTrue, type Part } from '../document/documents.ts';
import type { SchemaContext } from './schema-context.ts';

type MutableMap = { [key: string]: Value };

/** Words that say nothing of what is valid, or that are read elsewhere. */
const PASSED_OVER = new Set([
  ...['$anchor', '$comment', '$id', '$ref', '$schema', '$vocabulary', 'contentSchema', 'default', 'deprecated'],
  ...['description', 'discriminator', 'example', 'examples', 'externalDocs', 'nullable', 'readOnly', 'title'],
  ...['writeOnly', 'xml'],
]);

/** Takes a word of a schema that holds no schema. */
export function readWord(schema: MutableMap, key: string, part: Part, { patterns }: SchemaContext): void {
  if (PASSED_OVER.has(key) || key.startsWith('x-')) return;
  const value = toData(part.node);
  if (key === 'pattern' && typeof value === 'string' && !patterns.isChecked(value)) return;
  if (key === 'format' && !(typeof value === 'string' && FORMAT_NAMES.includes(value))) return;
  schema[key] = value;
}

/** Makes of the words of OpenAPI 3.0 those of JSON Schema. */
export function finishWords(
  schema: MutableMap,
  part: Part,
  { is30 }: SchemaContext,
  parts: WeakMap<ValueMap, Part>,
): Value {
  if (!is30) return schema;
  turnLimit(schema, 'exclusiveMinimum', 'minimum');
  turnLimit(schema, 'exclusiveMaximum', 'maximum');
  return isTrue(part, 'nullable') ? allowNull(schema, part, parts) : schema;
}

/** In 3.0 the word says whether the limit beside it is itself left out. */
function turnLimit(schema: MutableMap, exclusive: string, limit: string): void {
  const value = schema[exclusive];
  if (typeof value !== 'boolean') return;
  delete schema[exclusive];
  if (!value || schema[limit] === undefined) return;
  schema[exclusive] = schema[limit];
  delete schema[limit];
}

/** What is `nullable` may be null, also where others say what else it is. */
function allowNull(schema: MutableMap, part: Part, parts: WeakMap<ValueMap, Part>): Value {
  const { type, enum: choices } = schema;
  if (typeof type === 'string') schema['type'] = [type, 'null'];
  if (choices !== undefined && isList(choices) && !choices.includes(null)) schema['enum'] = [...choices, null];
  if (!['allOf', 'anyOf', 'oneOf', 'not'].some((key) => schema[key] !== undefined)) return schema;
  const either = { anyOf: [{ type: 'null' }, schema] };
  parts.set(either, part);
  return either;
}
