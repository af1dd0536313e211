import { type Budget, type FunctionDef, isList, isMap, type Value } from '../expr/index.ts';
import { compileIRegexp } from './i-regexp.ts';

/** To compile a pattern takes about this many times as long per character as to look at an item. */
const COMPILE_STEPS = 100;

/** The functions of RFC 9535 that take values, for conditions that our own language evaluates. */
export const VALUE_FUNCTIONS: ReadonlyMap<string, FunctionDef> = new Map([
  ['length', define('length', 1, ([value = null], budget) => measureValue(value, budget) ?? null)],
  ['match', define('match', 2, (args, budget) => findsPattern(args, true, budget))],
  ['search', define('search', 2, (args, budget) => findsPattern(args, false, budget))],
]);

/** How many characters, items or keys a value has; undefined for one that has none. */
export function measureValue(value: Value, budget: Budget): number | undefined {
  if (isList(value)) return value.length;
  if (typeof value === 'string') {
    budget.spend(value.length);
    return value.length - (value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
  }
  if (value === null || !isMap(value)) return undefined;
  const { length } = Object.keys(value);
  budget.spend(length);
  return length;
}

/** Charges the compiling of a pattern. */
export function chargePattern(source: string, budget: Budget): void {
  budget.spend(COMPILE_STEPS * (1 + source.length));
}

function findsPattern([text, pattern]: readonly Value[], isWhole: boolean, budget: Budget): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') return false;
  chargePattern(pattern, budget);
  return compileIRegexp(pattern, isWhole).test(text, budget);
}

function define(name: string, count: number, call: (args: readonly Value[], budget: Budget) => Value): FunctionDef {
  const summary = `RFC 9535’s \`${name}\``;
  return {
    name,
    minArgs: count,
    maxArgs: count,
    pure: true,
    summary,
    call: (args, _host, budget) => call(args, budget),
  };
}
