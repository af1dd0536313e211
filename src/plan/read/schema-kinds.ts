import { type $ZodType, safeParse } from 'zod/v4/core';
import { defOf, type SchemaDef, schemasAt } from './schema-keys.ts';

/** A key of a schema's mapping, and in a few words what fits it. */
export interface SchemaKey {
  readonly key: string;
  readonly kind: string;
  readonly isNeeded: boolean;
}

/** The keys of a schema's mapping at a path, in the order written. */
export function listSchemaKeys(schema: $ZodType, path: readonly (string | number)[] = []): readonly SchemaKey[] {
  const [at = schema] = path.length > 0 ? schemasAt(schema, path) : [];
  return Object.entries(findDef(at).shape ?? {}).map(([key, one]) => ({
    key,
    kind: describeKind(one),
    isNeeded: one._zod.optin !== 'optional',
  }));
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'number',
  boolean: 'true or false',
  record: 'map',
  object: 'map',
  array: 'list',
  unknown: 'any value',
};

/** In a few words what fits a schema. */
export function describeKind(schema: $ZodType): string {
  const def = findDef(schema);
  if (def.type === 'pipe' || def.type === 'custom') return nameWanted(schema);
  if (def.options) return [...new Set(def.options.map(describeKind))].join(' or ');
  if (def.entries) return Object.values(def.entries).join(', ');
  if (def.values) return def.values.map(String).join(', ');
  const keys = Object.keys(def.shape ?? {});
  return keys.length > 0 ? `map with ${keys.join(', ')}` : (KIND_WORDS[def.type] ?? def.type);
}

/** What a check of our own wants, by what it says of a value that fits nothing. */
function nameWanted(schema: $ZodType): string {
  const wanted = safeParse(schema, Symbol('nothing that fits')).error?.issues[0]?.message ?? '';
  return (
    ['duration', 'expression', 'bytes'].find((word) => wanted.includes(word))?.replace('bytes', 'size') ?? 'any value'
  );
}

/** What fits, without what says that it may be absent; a length of time or an amount of data is made into something else. */
function findDef(schema: $ZodType): SchemaDef {
  const def = defOf(schema);
  if (def.innerType) return findDef(def.innerType);
  const inner = def.in && findDef(def.in);
  return inner && inner.type !== 'unknown' ? inner : def;
}
