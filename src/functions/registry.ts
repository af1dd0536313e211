import type { FunctionDef } from '../expr/index.ts';
import { comparisonFunctions } from './comparison-functions.ts';
import { encodingFunctions } from './encoding-functions.ts';
import { fakerFunctions } from './faker-function.ts';
import { kindFunctions } from './kind-functions.ts';
import { outsideFunctions } from './outside-functions.ts';
import { randomFunctions } from './random-functions.ts';
import { schemaFunctions } from './schema-function.ts';

/** All functions that flows add to the expression language, by name. */
export function createFunctions(): ReadonlyMap<string, FunctionDef> {
  const all = [
    randomFunctions,
    fakerFunctions,
    encodingFunctions,
    outsideFunctions,
    comparisonFunctions,
    schemaFunctions,
    kindFunctions,
  ].flat();
  return new Map(all.map((definition) => [definition.name, definition]));
}
