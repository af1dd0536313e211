import type { Value, ValueMap } from '../expr/index.ts';
import { ExprError, findNearestKey, isKeyedMap, isList, isMap, isNumber, toDouble } from '../expr/index.ts';
import { isInteger } from '../expr/values/exact.ts';
import { Scalar } from '../expr/values/scalar.ts';
import { setKey } from '../expr/values/value.ts';
import { NUMBER_FORMATS } from './number-formats.ts';

/** A keyword that is put into every subschema, so that what a schema may cost is counted. */
export const STEP_KEYWORD = 'testmesh:step';
/** A keyword that stands beside a `format` of numbers: the validator judges formats by doubles. */
export const NUMBER_FORMAT_KEYWORD = 'testmesh:format';
/** A keyword whose value names the schema that is meant: one of a set, which is compiled when it is first needed. */
export const NAMED_SCHEMA = 'testmesh:schema';

/** A schema as the validator takes it, and the exact values behind its maps. */
export interface PreparedSchema {
  readonly plain: unknown;
  /** What each map of the plain schema was made of. */
  readonly originals: WeakMap<object, ValueMap>;
}

/** What a draft's keywords are, and the formats that are known; of a schema of others, whose slips are not ours, they are not asked for. */
export interface Vocabulary {
  readonly keywords: readonly string[];
  readonly formats: readonly string[];
}

const SCHEMA_KEYS = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LIST_KEYS = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);
const MAP_KEYS = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);
/** Words of OpenAPI and of annotations, which say nothing about what is valid. */
const FOREIGN = ['discriminator', 'example', 'externalDocs', 'xml'];
const DEEPEST = 500;

/** Makes the error of a schema, or of a value, that cannot be judged. */
export function schemaError(message: string, hint?: string): ExprError {
  return new ExprError('run', message, { hint });
}

/** Makes plain data of a schema; reports keywords and formats that are misspelt, for those would be passed over in silence. */
export function prepareSchema(
  schema: Value,
  vocabulary: Vocabulary | undefined,
  originals = new WeakMap<object, ValueMap>(),
): PreparedSchema {
  return { plain: prepareSubschema(schema, { vocabulary, originals, depth: 0 }), originals };
}

/** Makes plain JSON data of a value; numbers become doubles that are whole exactly when the number is. */
export function toPlain(value: Value, depth = 0): unknown {
  if (isNumber(value)) return toPlainNumber(value);
  if (value instanceof Scalar) return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) throw schemaError(`a value that a schema judges is nested at most ${DEEPEST} deep`);
  if (isList(value)) return value.map((item) => toPlain(item, depth + 1));
  const plain: Record<string, unknown> = {};
  const entries = isKeyedMap(value) ? [...value] : isMap(value) ? Object.entries(value) : [];
  for (const [key, item] of entries) setKey(plain, String(key), toPlain(item, depth + 1));
  return plain;
}

interface Walk {
  readonly vocabulary: Vocabulary | undefined;
  readonly originals: WeakMap<object, ValueMap>;
  readonly depth: number;
}

function prepareSubschema(schema: Value, walk: Walk): unknown {
  if (!isMap(schema)) return toPlain(schema, walk.depth);
  if (walk.depth > DEEPEST) throw schemaError(`a schema is nested at most ${DEEPEST} deep`);
  if (schema['$async'] !== undefined) throw schemaError('a schema cannot be `$async`');
  if (walk.vocabulary) checkWords(schema, walk.vocabulary);
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    setKey(plain, key, prepareKeyword(key, value, { ...walk, depth: walk.depth + 1 }));
  }
  plain[STEP_KEYWORD] = true;
  if (typeof schema['format'] === 'string' && NUMBER_FORMATS.has(schema['format'])) {
    plain[NUMBER_FORMAT_KEYWORD] = schema['format'];
  }
  walk.originals.set(plain, schema);
  return plain;
}

function prepareKeyword(key: string, value: Value, walk: Walk): unknown {
  if (LIST_KEYS.has(key) && isList(value)) return value.map((item) => prepareSubschema(item, walk));
  if (SCHEMA_KEYS.has(key)) return prepareSubschema(value, walk);
  if (!MAP_KEYS.has(key) || !isMap(value)) return toPlain(value, walk.depth);
  // The validator passes over a property of this name.
  if (Object.hasOwn(value, '__proto__')) throw schemaError('a schema cannot mention `__proto__`');
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, prepareSubschema(item, walk)]));
}

function checkWords(schema: ValueMap, { keywords, formats }: Vocabulary): void {
  for (const key of Object.keys(schema)) {
    if (keywords.includes(key) || FOREIGN.includes(key) || key.startsWith('x-')) continue;
    const nearest = findNearestKey(key, keywords);
    if (nearest) throw schemaError(`unknown keyword \`${key}\` in the schema`, `did you mean \`${nearest}\`?`);
  }
  const { format } = schema;
  if (typeof format !== 'string' || formats.includes(format)) return;
  const nearest = findNearestKey(format, formats);
  if (nearest) throw schemaError(`unknown format \`${format}\` in the schema`, `did you mean \`${nearest}\`?`);
}

/** Its value is compared in full elsewhere; here only whether it is whole counts. */
function toPlainNumber(value: Parameters<typeof toDouble>[0]): number {
  const double = toDouble(value);
  return Number.isInteger(double) && !isInteger(value) ? 0.5 : double;
}
