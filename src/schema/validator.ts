import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type Formats from 'ajv-formats/dist/formats.js';
import type { Value, ValueMap } from '../expr/index.ts';
import { ExprError, isMap, stringifyJson } from '../expr/index.ts';
import { Budget } from '../expr/values/limits.ts';
import { describeErrors } from './describe-errors.ts';
import { addFormats, FORMAT_NAMES } from './formats.ts';
import { addKeywords, type ValidationSlot } from './keywords.ts';
import { createPatternEngine } from './pattern.ts';
import {
  NUMBER_FORMAT_KEYWORD,
  type PreparedSchema,
  prepareSchema,
  STEP_KEYWORD,
  schemaError,
  toPlain,
} from './prepare.ts';

const require = createRequire(import.meta.url);

/** A schema that was compiled, to be asked about values. */
export interface SchemaValidator {
  /** Whether the value is as the schema says; costs of the budget. */
  isValid(value: Value, budget: Budget): boolean;
  /** What is wrong with a value that is not; not all of it when that would cost too much. */
  listErrors(value: Value): readonly ErrorObject[];
  /** The map of the schema, as it was given, that an error comes from; undefined where that is `false`. */
  originOf(error: ErrorObject): ValueMap | undefined;
}

const DRAFTS = {
  '2020-12': /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/,
  'draft-07': /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/,
} as const;
type Draft = keyof typeof DRAFTS;

/** How many subschemas may be applied; each may keep a finding, so memory is what this bounds. */
const STEPS = 1_000_000;
const STEPS_TO_LIST = 100_000;
const MOST_KEPT = 32;
const kept = new Map<string, SchemaValidator>();

/** Compiles a schema; the last ones are kept. @throws ExprError when it is not a schema */
export function compileSchema(schema: Value): SchemaValidator {
  const key = stringifyJson(schema);
  const known = kept.get(key);
  if (known) return known;
  const validator = createValidator(schema);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, validator);
  return validator;
}

/**
 * Compiles a schema that somebody else keeps. Of one that is lenient, such as a service's own, words that nobody knows are passed
 * over, as JSON Schema has it. @throws ExprError when it is not a schema
 */
export function createValidator(schema: Value, { isLenient = false } = {}): SchemaValidator {
  if (typeof schema !== 'boolean' && !isMap(schema)) throw schemaError('a schema is a map, `true` or `false`');
  const draft = findDraft(schema);
  const quick = createEngine(draft, false);
  const vocabulary = { keywords: quick.keywords, formats: FORMAT_NAMES };
  const prepared = prepareSchema(schema, isLenient ? undefined : vocabulary);
  const validate = compileWith(quick, prepared);
  let validateAll: ValidateFunction | undefined;
  let full: Engine | undefined;
  return {
    isValid: (value, budget) => runValidation(quick.slot, validate, { value, prepared, budget, steps: STEPS }),
    listErrors(value) {
      full ??= createEngine(draft, true);
      validateAll ??= compileWith(full, prepared);
      const budget = new Budget();
      try {
        const isValid = runValidation(full.slot, validateAll, { value, prepared, budget, steps: STEPS_TO_LIST });
        return isValid ? [] : (validateAll.errors ?? []);
      } catch {
        runValidation(quick.slot, validate, { value, prepared, budget: new Budget(), steps: STEPS });
        return validate.errors ?? [];
      }
    },
    originOf: ({ parentSchema }) => parentSchema && prepared.originals.get(parentSchema),
  };
}

function findDraft(schema: Value): Draft {
  const stated = isMap(schema) ? schema['$schema'] : undefined;
  if (stated === undefined || stated === null) return '2020-12';
  for (const draft of ['2020-12', 'draft-07'] as const)
    if (typeof stated === 'string' && DRAFTS[draft].test(stated)) return draft;
  const help = 'expected draft 2020-12 (the default) or draft-07';
  throw schemaError(`\`$schema\` of the schema is \`${String(stated).slice(0, 100)}\``, help);
}

interface Engine {
  readonly ajv: Ajv;
  readonly slot: ValidationSlot;
  readonly keywords: readonly string[];
}

/** One engine for each schema: schemas with the same `$id` do not meet. */
function createEngine(draft: Draft, listsAll: boolean): Engine {
  const slot: ValidationSlot = { current: undefined };
  const Engine: typeof Ajv = draft === '2020-12' ? require('ajv/dist/2020.js').Ajv2020 : require('ajv').Ajv;
  const ajv = new Engine({
    allErrors: listsAll,
    verbose: true,
    validateSchema: false,
    strict: false,
    strictNumbers: false,
    ownProperties: true,
    inlineRefs: false,
    logger: false,
    unicodeRegExp: true,
    code: { regExp: createPatternEngine(slot) },
  });
  addKeywords(ajv, slot);
  const { fullFormats }: typeof Formats = require('ajv-formats/dist/formats.js');
  addFormats(ajv, fullFormats);
  return { ajv, slot, keywords: listKeywords(ajv) };
}

function listKeywords({ RULES }: Ajv): readonly string[] {
  const annotations = ['contentEncoding', 'contentMediaType', 'contentSchema', 'deprecated', 'examples', 'readOnly'];
  const others = [
    'title',
    'description',
    'default',
    'writeOnly',
    '$anchor',
    '$comment',
    '$defs',
    'definitions',
    '$id',
    '$schema',
    '$ref',
  ];
  return [...new Set([...Object.keys(RULES.keywords), ...annotations, ...others])].filter(
    (word) => word !== STEP_KEYWORD && word !== NUMBER_FORMAT_KEYWORD,
  );
}

function compileWith({ ajv }: Engine, { plain }: PreparedSchema): ValidateFunction {
  try {
    if (ajv.validateSchema(plain as object) !== true) {
      const [reason = 'it is not a schema'] = describeErrors(ajv.errors ?? [], plain as Value);
      throw schemaError(`the schema is not valid: ${reason}`);
    }
    return ajv.compile(plain as object);
  } catch (error) {
    if (error instanceof ExprError) throw error;
    throw describeRefusal(error);
  }
}

function describeRefusal(error: unknown): ExprError {
  const missing = error instanceof Error && 'missingRef' in error ? String(error.missingRef) : undefined;
  if (missing !== undefined) {
    const help = 'a schema may refer to its own parts, as in `#/$defs/address`; nothing is fetched';
    return schemaError(`the schema refers to \`${missing}\`, which is not in it`, help);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return schemaError(`the schema is not valid: ${reason.slice(0, 300)}`);
}

function runValidation(
  slot: ValidationSlot,
  validate: ValidateFunction,
  { value, prepared, budget, steps }: { value: Value; prepared: PreparedSchema; budget: Budget; steps: number },
): boolean {
  slot.current = { root: value, budget, originals: prepared.originals, stepsLeft: steps };
  try {
    return validate(toPlain(value));
  } finally {
    slot.current = undefined;
  }
}
