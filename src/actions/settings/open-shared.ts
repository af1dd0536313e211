import { createHash } from 'node:crypto';
import type { ActionIo } from '../../model/action/io.ts';

interface Closing {
  close(): Promise<void>;
}

export interface SharedSpec<T> {
  readonly kind: string;
  /** All that has to be equal for two steps to share it: address, credentials, certificates. Plain data. */
  readonly identity: readonly unknown[];
  /** What it is called when it cannot be closed; nothing secret. */
  readonly name: string;
  create(): T | Promise<T>;
}

/** Opens connections that all flows of the run share, or gives those that are open; `create` must not keep what is the step's. */
export function openShared<T extends Closing>(
  { resources }: Pick<ActionIo, 'resources'>,
  { kind, identity, name, create }: SharedSpec<T>,
): Promise<T> {
  const key = `${kind}:${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}`;
  const open = async () => {
    const value = await create();
    return { value, name, close: () => value.close() };
  };
  return resources.open(key, open, { lifetime: 'run' });
}
