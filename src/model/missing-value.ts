import {
  describeMissingKey,
  type Env,
  type ExprError,
  isList,
  isMap,
  isOverBudget,
  type NameUse,
  readKey,
  type Value,
} from '../expr/index.ts';

/** The part of a value that a path leads to; undefined when it leads to nothing. */
export function followPath(start: Value, path: readonly (string | number)[]): Value | undefined {
  let value: Value | undefined = start;
  for (const key of path) {
    if (value === undefined) return undefined;
    if (isList(value)) value = value[Number(key)];
    else value = isMap(value) ? readKey(value, String(key)) : undefined;
  }
  return value;
}

/** The kind of the problem of an expression that cannot be evaluated; undefined when what it reads is missing, so that an answer may be to blame. */
export function rankMistake(error: ExprError, names: readonly NameUse[], env: Env): 'budget' | 'authoring' | undefined {
  if (isOverBudget(error)) return 'budget';
  return error.kind !== 'outside' && readsNothing(names, env) ? undefined : 'authoring';
}

/**
 * Whether an expression reads something that is missing or empty. When it cannot be evaluated then, an answer may have lacked
 * what it reads; when all is there, it is the expression that is wrong.
 */
export function readsNothing(names: readonly NameUse[], env: Env): boolean {
  return names.some(({ name, path }) => {
    const start = env.get(name);
    return start === undefined || isNothing(followPath(start, path));
  });
}

function isNothing(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isList(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

/** Why what is read is nil: the first key that is not there, with the nearest one; undefined when nothing is known. */
export function describeNothing(names: readonly NameUse[], env: Env): string | undefined {
  for (const { name, path } of names) {
    let text = name;
    let value = env.get(name);
    for (const [at, key] of path.entries()) {
      if (value === undefined || value === null) break;
      const rest = path.slice(at + 1);
      const end = rest.findIndex((one) => typeof one !== 'string');
      const behind = rest.slice(0, end < 0 ? rest.length : end).map(String);
      const missing = describeMissingKey({ object: value, text, key, behind });
      if (missing !== undefined) return missing;
      value = followPath(value, [key]);
      text += typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    }
    if (value === null) return `\`${text}\` is there, and it is nil (null)`;
  }
  return undefined;
}

/** The part of a value that a path leads to; the whole of what is there when it leads no further. */
export function readPath(value: Value, path: readonly (string | number)[]): Value {
  let part = value;
  for (const key of path) {
    const next = isMap(part)
      ? readKey(part, String(key))
      : isList(part) && typeof key === 'number'
        ? part[key]
        : undefined;
    if (next === undefined) return part;
    part = next;
  }
  return part;
}
