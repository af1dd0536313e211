import { setKey, type Value } from '../../expr/index.ts';

/** Names that a list of steps inside a control made or was given: its cleanups still see them when the flow goes on without. */
export interface Locals {
  set(name: string, value: Value): void;
  /** All of them, with those of the lists around. */
  toRecord(): Readonly<Record<string, Value>>;
}

/** Makes the names of one list of steps. */
export function createLocals(outer: Locals | undefined, bindings: Readonly<Record<string, Value>> = {}): Locals {
  const own: { [name: string]: Value } = {};
  for (const [name, value] of Object.entries(bindings)) setKey(own, name, value);
  return {
    set: (name, value) => setKey(own, name, value),
    toRecord: () => ({ ...outer?.toRecord(), ...own }),
  };
}
