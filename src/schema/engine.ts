import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import type Formats from 'ajv-formats/dist/formats.js';
import type { Value } from '../expr/index.ts';
import { createBudgetError, ExprError } from '../expr/index.ts';
import type { Budget } from '../expr/values/limits.ts';
import { describeErrors, type SchemaError } from './describe-errors.ts';
import { addFormats } from './formats.ts';
import { addKeywords, type ValidationSlot } from './keywords.ts';
import { createPatternEngine } from './pattern.ts';
import { NUMBER_FORMAT_KEYWORD, type PreparedSchema, STEP_KEYWORD, schemaError, toPlain } from './prepare.ts';

const require = createRequire(import.meta.url);

export type Draft = '2020-12' | 'draft-07';

/** A validator for schemas of one draft. */
export interface Engine {
  readonly ajv: Ajv;
  readonly slot: ValidationSlot;
  readonly keywords: readonly string[];
}

/** Makes an engine, for each schema its own: schemas with the same `$id` do not meet. */
export function createEngine(draft: Draft, listsAll: boolean): Engine {
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
    // To make the code of a schema shorter takes longer than all that it is ever run.
    code: { optimize: false, regExp: createPatternEngine(slot) },
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

/** Compiles a schema. @throws ExprError when it is none */
export function compileWith({ ajv }: Engine, { plain }: PreparedSchema): ValidateFunction {
  try {
    if (ajv.validateSchema(plain as object) !== true) {
      const [reason = 'it is not a schema'] = describeErrors(
        (ajv.errors ?? []).map((error) => ({ error, origin: undefined })),
        plain as Value,
      );
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

/** Holds a value against a compiled schema. @throws ExprError when that costs too much */
export function runValidation(
  slot: ValidationSlot,
  validate: ValidateFunction,
  { value, prepared, budget, steps }: { value: Value; prepared: PreparedSchema; budget: Budget; steps: number },
): boolean {
  slot.current = { root: value, budget, originals: prepared.originals, steps: { left: steps } };
  try {
    return validate(toPlain(value));
  } catch (error) {
    // A schema that refers to itself for the same value, or a value that is as deep.
    throw error instanceof RangeError ? createBudgetError('the values are nested too deeply') : error;
  } finally {
    slot.current = undefined;
  }
}

/** What a compiled schema found wrong with the value that it was last held against. */
export function listErrors({ errors }: ValidateFunction, { originals }: PreparedSchema): readonly SchemaError[] {
  return (errors ?? []).map((error) => ({
    error,
    origin: error.parentSchema ? originals.get(error.parentSchema) : undefined,
  }));
}
