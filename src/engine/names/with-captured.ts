import { isMap, readKey, type Value } from '../../expr/index.ts';

/**
 * A step's result as its id gives it: what the step captured is reached through it too, behind the keys of the result. What
 * lists, compares or writes the result sees its own keys alone.
 */
export function withCaptured(result: Value, captured: Iterable<readonly [name: string, value: Value]>): Value {
  if (!isMap(result)) return result;
  const more = [...captured].filter(([name]) => readKey(result, name) === undefined);
  if (more.length === 0) return result;
  const named = { ...result };
  for (const [name, value] of more) Object.defineProperty(named, name, { value });
  return named;
}

/** The same of captures as a step has them. */
export function withCaptures(
  result: Value,
  captures: readonly { readonly name: string; readonly value: Value }[],
): Value {
  if (captures.length === 0) return result;
  return withCaptured(
    result,
    captures.map(({ name, value }) => [name, value]),
  );
}

/** What a step captured beside its result, as it is reached through its id. */
export function listCaptured(result: Value): readonly (readonly [name: string, value: Value])[] {
  if (!isMap(result)) return [];
  const hidden = Object.getOwnPropertyNames(result).filter(
    (name) => !Object.prototype.propertyIsEnumerable.call(result, name),
  );
  return hidden.map((name) => [name, result[name] ?? null]);
}
