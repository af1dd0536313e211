import type { $ZodType } from 'zod/v4/core';

type Path = readonly (string | number)[];

/** The keys that a schema's mapping at a path may have; none when it takes any. */
export function listKeys(schema: $ZodType, path: Path): string[] {
  return [...new Set(schemasAt(schema, path).flatMap((one) => Object.keys(defOf(one).shape ?? {})))];
}

/** What may stand at a path by a schema: of a union each of its options. */
export function schemasAt(schema: $ZodType, path: Path): readonly $ZodType[] {
  const def = defOf(schema);
  const inner = def.innerType ?? (def.in && defOf(def.in).type !== 'unknown' ? def.in : undefined);
  if (inner) return schemasAt(inner, path);
  if (def.options) return def.options.flatMap((option) => schemasAt(option, path));
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  const next = def.shape?.[String(key)] ?? def.element ?? def.valueType;
  return next ? schemasAt(next, rest) : [];
}

interface SchemaRules {
  /** Of the keys of a map. */
  readonly keyType?: $ZodType;
  /** Rules besides its type. */
  readonly checks?: readonly unknown[];
  /** A rule of our own. */
  readonly fn?: (value: unknown) => unknown;
}

/** The parts of zod's schema definitions that lead on to other schemas, and that say what fits. */
export interface SchemaDef extends SchemaRules {
  readonly type: string;
  /** Of a number: `safeint` where it is an integer. */
  readonly format?: string;
  readonly innerType?: $ZodType;
  readonly in?: $ZodType;
  readonly options?: readonly $ZodType[];
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly element?: $ZodType;
  readonly valueType?: $ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

export function defOf(schema: $ZodType): SchemaDef {
  return schema._zod.def as SchemaDef;
}
