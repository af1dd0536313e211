import type { FunctionDef } from '../expr/index.ts';
import { comparisonFunctions } from './comparison-functions.ts';
import { encodingFunctions } from './encoding-functions.ts';
import { kindFunctions } from './kind-functions.ts';
import { outsideFunctions } from './outside-functions.ts';
import { randomFunctions } from './random-functions.ts';

/** All functions that flows add to the expression language, by name. */
export function createFunctions(): ReadonlyMap<string, FunctionDef> {
  const all = [randomFunctions, encodingFunctions, outsideFunctions, comparisonFunctions, kindFunctions].flat();
  return new Map(all.map((definition) => [definition.name, definition]));
}
