import type { Value } from '../values/value.ts';
import type { Env, MissingName } from './frame.ts';

/** Puts values in front of other names. */
export function layerOver(values: Readonly<Record<string, Value>>, env: Env): Env {
  return new LayeredEnv(values, env);
}

class LayeredEnv implements Env {
  readonly #values: Readonly<Record<string, Value>>;
  readonly #env: Env;

  constructor(values: Readonly<Record<string, Value>>, env: Env) {
    this.#values = values;
    this.#env = env;
  }

  get(name: string): Value | undefined {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : this.#env.get(name);
  }

  keys(): Iterable<string> {
    return new Set([...Object.keys(this.#values), ...this.#env.keys()]);
  }

  explainMissing(name: string, key?: string): MissingName | undefined {
    return this.#env.explainMissing?.(name, key);
  }
}
