import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import { safeParse } from 'zod/v4/core';
import { ExactNumber } from '../../expr/index.ts';
import { type Path, valueAt } from '../read/issues.ts';

/** Checks a value by a schema. A number that its spelling alone sets apart (`1.50`) is a plain one where a setting wants one. */
export function checkShape(schema: $ZodType, value: unknown): ReturnType<typeof safeParse> {
  const parsed = safeParse(schema, value);
  if (parsed.success) return parsed;
  const paths = parsed.error.issues.flatMap((issue) => listPaths(issue, []));
  const plain = paths.reduce(replaceSpelled, value);
  return plain === value ? parsed : safeParse(schema, plain);
}

function listPaths(issue: $ZodIssue, prefix: Path): readonly Path[] {
  const path = [...prefix, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().flatMap((one) => listPaths(one, path)) : [];
  return [path, ...inner];
}

/** The value with the double in the place of a spelled number at the path; itself when there is none. */
function replaceSpelled(root: unknown, path: Path): unknown {
  const found = valueAt(root, path);
  return found instanceof ExactNumber && found.double !== undefined ? replaceAt(root, path, found.double) : root;
}

function replaceAt(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root)) return root.with(Number(key), replaceAt(root[Number(key)], rest, value));
  const map = root as Readonly<Record<string, unknown>>;
  return { ...map, [key]: replaceAt(map[key], rest, value) };
}
