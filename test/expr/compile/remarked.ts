import { compile, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';

const functions = createFunctions();

/** What is said of an expression, which has to hold. */
export function remarksOf(source: string, data: Readonly<Record<string, Value>>): readonly string[] {
  const said: string[] = [];
  const expression = compile(source, { functions });
  const value = expression.evaluate(new Map(Object.entries(data)), {
    now: () => 0,
    onRemark: (text) => said.push(text),
  });
  if (value !== true) throw new Error(`${source} is ${value}`);
  if (said.length > 0 && !expression.mayRemark) throw new Error(`nobody would listen to ${source}`);
  return said;
}
