import { type Env, isList, isMap, type Value } from '../../expr/index.ts';
import { isMasked } from '../../model/event-table/masked.ts';
import type { Problem } from '../../model/events.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { readPath } from '../../model/missing-value.ts';
import type { CapturePlan, NameRef } from '../../model/plan.ts';
import type { TextAt } from '../../model/source-file.ts';
import { MASK } from '../../util/hidden-fields.ts';

/** Stands for a secret that no record keeps: known as one, so that it and what is made of it are masked as the secret was. */
export const SECRET_STAND_IN = 'testmesh-keeps-no-secret-in-its-records-7f3a91c4';

/** A path to a value that a name stands for. */
type Read = Pick<NameRef, 'name' | 'path'>;

/** Whether a secret stood in a value, so that it is not what the run worked with. */
export function isHidden(value: Value): boolean {
  if (isMasked(value)) return true;
  if (typeof value === 'string') return value.includes(SECRET_STAND_IN);
  if (typeof value !== 'object' || value === null) return false;
  const parts: Iterable<Value> = value instanceof Map ? [...value].flat() : Object.values(value);
  for (const part of parts) if (isHidden(part)) return true;
  return false;
}

/** The problem of a condition that reads what no record keeps; undefined for any other. */
export function refuseHidden({ expression, text }: ExpressionAt, env: Env): Problem | undefined {
  const read = findHidden(expression.names, env);
  return read === undefined ? undefined : describeHidden(read, text);
}

/** The problem of a capture into which something secret went that does not show in it; undefined for any other. */
export function refuseTaken(
  plan: CapturePlan,
  value: Value,
  { result, env, isSecret }: { readonly result: Value; readonly env: Env; readonly isSecret: boolean },
): Problem | undefined {
  if (isSecret || isHidden(value)) return undefined;
  const read = findReadFor(plan, env, result);
  return read === undefined ? undefined : describeHidden(read, plan.text);
}

/** The problem of values that were computed anew, each by its condition, where something secret went into one that does not show in it. */
export function refuseComputed(
  conditions: readonly { readonly setting: string; readonly at: ExpressionAt }[],
  values: Readonly<Record<string, Value>>,
  env: Env,
): Problem | undefined {
  const lost = conditions.filter(({ setting }) => !isHidden(values[setting] ?? null));
  return lost.map(({ at }) => refuseHidden(at, env)).find((problem) => problem);
}

function findReadFor({ reads, text }: CapturePlan, env: Env, result: Value): string | undefined {
  if (reads) return findHidden(reads.names, env);
  // What a plain path leads to is what it reads; a pattern and a filter read more.
  const isPlainPath = /^\s*\$?[\w.[\]'"-]*\s*$/.test(text.text);
  return !isPlainPath && isHidden(result) ? 'its result' : undefined;
}

function findHidden(reads: readonly Read[], env: Env): string | undefined {
  for (const { name, path } of reads) {
    const value = env.get(name);
    if (value !== undefined && isHidden(readPath(value, path))) return [name, ...path].join('.');
  }
  return undefined;
}

function describeHidden(read: string, text: TextAt): Problem {
  return {
    outcome: 'errored',
    kind: 'authoring',
    message: `\`${text.text.trim()}\` cannot be judged offline: ${read === 'its result' ? read : `\`${read}\``} is not in the record, which keeps no secrets, and no time is measured anew`,
    location: toLocation(text.span),
    hints: ['leave the step out with `--skip`, or run it without `--offline`'],
  };
}

/** A secret that was masked, as what stands for it: it can be sent, and no more. */
export function standIn(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll(MASK, SECRET_STAND_IN);
  if (isList(value)) return value.map(standIn);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, standIn(part)]));
}
