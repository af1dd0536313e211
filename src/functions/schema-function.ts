import type { FunctionDef, Host, Value } from '../expr/index.ts';
import { Budget, createOutsideError, ExprError, isOverBudget, parseJson } from '../expr/index.ts';
import { describeErrors } from '../schema/describe-errors.ts';
import { compileSchema, type SchemaValidator } from '../schema/validator.ts';
import { renameMisspelt } from './misspelt-required.ts';
import { readFlowFile } from './read-flow-file.ts';
import { describeUnchecked } from './unchecked-value.ts';

/** Whether values are as a JSON Schema says. */
export const schemaFunctions: readonly FunctionDef[] = [
  {
    name: 'matches_schema',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: "whether the value fits a JSON Schema: a file relative to the flow's folder, or a map",
    call([value = null, given = null], host, budget) {
      const { schema, validator } = takeSchema(given, host);
      const isValid = validator.isValid(value, budget);
      const unchecked = isValid && host.onRemark ? describeUnchecked(schema, value) : undefined;
      if (unchecked !== undefined) host.onRemark?.(unchecked);
      return isValid;
    },
    nearly([value = null, given = null], host) {
      const { schema, validator } = takeSchema(given, host);
      const renamed = renameMisspelt(schema, value);
      if (!renamed || !validator.isValid(renamed.value, new Budget(host))) return undefined;
      return `the spelling of a key (\`${renamed.key}\` is there as \`${renamed.own}\`)`;
    },
    explain([value = null, given = null], host) {
      return describeErrors(takeSchema(given, host).validator.listErrors(value), value);
    },
  },
];

function takeSchema(given: Value, host: Host): { readonly schema: Value; readonly validator: SchemaValidator } {
  if (typeof given !== 'string') return { schema: given, validator: compileSchema(given) };
  const text = readFlowFile(given, host, 'matches_schema');
  try {
    const schema = parseJson(text);
    return { schema, validator: compileSchema(schema) };
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    if (isOverBudget(error)) throw error;
    throw createOutsideError(`\`${given}\`: ${error.message}`, error.hint);
  }
}
