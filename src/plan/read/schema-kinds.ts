import type { $ZodType } from 'zod/v4/core';

/** A key of a schema's mapping, and in a few words what fits it. */
export interface SchemaKey {
  readonly key: string;
  readonly kind: string;
  readonly isNeeded: boolean;
}

/** The keys of a schema's mapping, in the order written. */
export function listSchemaKeys(schema: $ZodType): readonly SchemaKey[] {
  return Object.entries(findDef(schema).shape ?? {}).map(([key, one]) => ({
    key,
    kind: describeKind(one),
    isNeeded: one._zod.optin !== 'optional',
  }));
}

/** The parts of zod's schema definitions that say what fits. */
interface SchemaDef {
  readonly type: string;
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly innerType?: $ZodType;
  readonly in?: $ZodType;
  readonly options?: readonly $ZodType[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'number',
  boolean: 'true or false',
  record: 'map',
  object: 'map',
  array: 'list',
  custom: 'expression',
  unknown: 'any value',
};

function describeKind(schema: $ZodType): string {
  const def = findDef(schema);
  if (def.type === 'pipe') return 'duration';
  if (def.options) return [...new Set(def.options.map(describeKind))].join(' or ');
  if (def.entries) return Object.values(def.entries).join(', ');
  if (def.values) return def.values.map(String).join(', ');
  const keys = Object.keys(def.shape ?? {});
  return keys.length > 0 ? `map with ${keys.join(', ')}` : (KIND_WORDS[def.type] ?? def.type);
}

/** What fits, without what says that it may be absent; a length of time is the only text that is made into something else. */
function findDef(schema: $ZodType): SchemaDef {
  const def = schema._zod.def as SchemaDef;
  if (def.innerType) return findDef(def.innerType);
  const inner = def.in && findDef(def.in);
  return inner && inner.type !== 'unknown' ? inner : def;
}
