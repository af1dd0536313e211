import { type $ZodType, toJSONSchema } from 'zod/v4/core';
import { defOf } from '../read/schema-keys.ts';
import { describeKind, listSchemaKeys } from '../read/schema-kinds.ts';

/** A JSON Schema, draft 7: what yaml-language-server and editors read best. */
export type JsonSchema = { [key: string]: unknown };

/** Any text with a placeholder, which may stand for a value of any type. */
export const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\{\\{|\\$\\{|<<' };
export const ANY: JsonSchema = {};
export const TEXT: JsonSchema = { type: ['string', 'number', 'boolean'] };
export const TEXTS: JsonSchema = { anyOf: [TEXT, { type: 'array', items: TEXT }] };
export const LENGTH_OF_TIME: JsonSchema = { type: 'string' };

/** What fits settings as they are written, each with what kind of thing it is; placeholders stand in the place of any value. */
export function toWrittenSchema(schema: $ZodType): JsonSchema {
  const { $schema: _, ...written } = toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => rewrite(zodSchema, jsonSchema as JsonSchema),
  }) as JsonSchema;
  return written;
}

/** A map with keys of its own, and no others. */
export function mapOf(
  properties: JsonSchema,
  more: { readonly required?: readonly string[]; readonly ownWords?: boolean } = {},
): JsonSchema {
  return {
    type: 'object',
    properties,
    ...(more.required?.length && { required: more.required }),
    ...(more.ownWords && { patternProperties: { '^x-': {} } }),
    additionalProperties: false,
  };
}

/** Names that the author gives, each with such a thing. */
export function namesOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

function rewrite(schema: $ZodType, written: JsonSchema): void {
  const { type } = defOf(schema);
  delete written['propertyNames'];
  if (written['maximum'] === Number.MAX_SAFE_INTEGER) delete written['maximum'];
  if (written['minimum'] === Number.MIN_SAFE_INTEGER) delete written['minimum'];
  if (type === 'object') describeKeys(schema, written);
  if (isTakenAsText(schema)) written['type'] = 'string';
  const isOpen = Object.keys(written).length === 0 || 'anyOf' in written;
  const isText = written['type'] === 'string' && !('pattern' in written || 'enum' in written || 'const' in written);
  // What may be absent is the same thing once more.
  if (isOpen || isText || ['optional', 'pipe', 'default'].includes(type)) return;
  const own = { ...written };
  for (const key of Object.keys(written)) delete written[key];
  written['anyOf'] = [own, TEMPLATE];
}

/** A length of time, or an amount of data. */
function isTakenAsText(schema: $ZodType): boolean {
  return ['pipe', 'custom'].includes(defOf(schema).type) && ['duration', 'size'].includes(describeKind(schema));
}

function describeKeys(schema: $ZodType, written: JsonSchema): void {
  const properties = written['properties'] as Record<string, JsonSchema>;
  for (const { key, kind, isNeeded } of listSchemaKeys(schema)) {
    const property = properties[key];
    if (property) properties[key] = { ...property, description: isNeeded ? `${kind} (needed)` : kind };
  }
}
