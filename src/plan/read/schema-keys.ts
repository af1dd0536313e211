import type { $ZodType } from 'zod/v4/core';

/** The keys that a schema's mapping at a path may have; none when it takes any. */
export function listKeys(schema: $ZodType, path: readonly (string | number)[]): string[] {
  const def = schema._zod.def as SchemaDef;
  const inner = def.innerType ?? def.in;
  if (inner) return listKeys(inner, path);
  if (def.options) return [...new Set(def.options.flatMap((option) => listKeys(option, path)))];
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(def.shape ?? {});
  const next = def.shape?.[String(key)] ?? def.element ?? def.valueType;
  return next ? listKeys(next, rest) : [];
}

/** The parts of zod's schema definitions that lead on to other schemas. */
interface SchemaDef {
  readonly innerType?: $ZodType;
  readonly in?: $ZodType;
  readonly options?: readonly $ZodType[];
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly element?: $ZodType;
  readonly valueType?: $ZodType;
}
