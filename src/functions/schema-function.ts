import type { FunctionDef, Host, Value } from '../expr/index.ts';
import { createOutsideError, ExprError, isOverBudget, parseJson } from '../expr/index.ts';
import { describeErrors } from '../schema/describe-errors.ts';
import { compileSchema, type SchemaValidator } from '../schema/validator.ts';
import { readFlowFile } from './read-flow-file.ts';

/** Whether values are as a JSON Schema says. */
export const schemaFunctions: readonly FunctionDef[] = [
  {
    name: 'matches_schema',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: "whether the value fits a JSON Schema: a file relative to the flow's folder, or a map",
    call: (args, host, budget) => takeSchema(args, host).isValid(args[0] ?? null, budget),
    explain(args, host) {
      const value = args[0] ?? null;
      return describeErrors(takeSchema(args, host).listErrors(value), value);
    },
  },
];

function takeSchema(args: readonly Value[], host: Host): SchemaValidator {
  const given = args[1] ?? null;
  if (typeof given !== 'string') return compileSchema(given);
  const text = readFlowFile(given, host, 'matches_schema');
  try {
    return compileSchema(parseJson(text));
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    if (isOverBudget(error)) throw error;
    throw createOutsideError(`\`${given}\`: ${error.message}`, error.hint);
  }
}
