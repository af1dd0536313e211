import type { Value } from '../values/value.ts';
import type { Env } from './frame.ts';

/** Puts values in front of other names. */
export function layerOver(values: Readonly<Record<string, Value>>, env: Env): Env {
  return {
    get: (name) => (Object.hasOwn(values, name) ? values[name] : env.get(name)),
    keys: () => new Set([...Object.keys(values), ...env.keys()]),
    explainMissing: (name, key) => env.explainMissing?.(name, key),
  };
}
