import { createHash } from 'node:crypto';
import type { ActionIo } from '../../model/action/io.ts';
import type { Lifetime } from '../../model/action/resources.ts';

interface Closing {
  close(): Promise<void>;
}

export interface SharedSpec<T> {
  /** The same for all that may share it, and for nobody else. */
  readonly key: string;
  /** What it is called when it cannot be closed; nothing secret. */
  readonly name: string;
  create(): T | Promise<T>;
  /** How far it is shared; all flows of the run when absent. */
  readonly lifetime?: Lifetime | undefined;
}

/** Opens connections that all flows of the run share, or gives those that are open; `create` must not keep what is the step's. */
export function openShared<T extends Closing>(
  { resources }: Pick<ActionIo, 'resources'>,
  { key, name, create, lifetime = 'run' }: SharedSpec<T>,
): Promise<T> {
  const open = async () => {
    const value = await create();
    return { value, name, close: () => value.close() };
  };
  return resources.open(key, open, { lifetime });
}

/** A part of a key that stands for all that has to be equal (credentials, certificates; plain data), and gives nothing of it away. */
export function digestOf(identity: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
