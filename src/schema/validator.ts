import type { ValidateFunction } from 'ajv';
import type { Value } from '../expr/index.ts';
import { isMap, stringifyJson } from '../expr/index.ts';
import { Budget } from '../expr/values/limits.ts';
import type { SchemaError } from './describe-errors.ts';
import { compileWith, createEngine, type Draft, type Engine, listErrors, runValidation } from './engine.ts';
import { FORMAT_NAMES } from './formats.ts';
import { prepareSchema, schemaError } from './prepare.ts';

/** A schema that was compiled, to be asked about values. */
export interface SchemaValidator {
  /** Whether the value is as the schema says; costs of the budget. */
  isValid(value: Value, budget: Budget): boolean;
  /** What is wrong with a value that is not; not all of it when that would cost too much. */
  listErrors(value: Value): readonly SchemaError[];
}

const DRAFTS = {
  '2020-12': /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/,
  'draft-07': /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/,
} as const satisfies Record<Draft, RegExp>;

/** How many subschemas may be applied; each may keep a finding, so memory is what this bounds. */
export const STEPS = 1_000_000;
/** The same where each of them may leave findings behind. */
export const STEPS_TO_LIST = 100_000;
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

function createValidator(schema: Value): SchemaValidator {
  if (typeof schema !== 'boolean' && !isMap(schema)) throw schemaError('a schema is a map, `true` or `false`');
  const draft = findDraft(schema);
  const quick = createEngine(draft, false);
  const prepared = prepareSchema(schema, { keywords: quick.keywords, formats: FORMAT_NAMES });
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
        return isValid ? [] : listErrors(validateAll, prepared);
      } catch {
        runValidation(quick.slot, validate, { value, prepared, budget: new Budget(), steps: STEPS });
        return listErrors(validate, prepared);
      }
    },
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
