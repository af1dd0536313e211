import type { ActionIo } from '../../model/action/io.ts';
import { changesSomething } from './check.ts';
import type { DatabaseSettings } from './database-settings.ts';

/** Hears of the queries of its flow that change something, and may look before and after them. */
export interface OwnChangeListener {
  around<T>(query: OwnQuery, work: () => Promise<T>): Promise<T>;
}

/** A query of the flow, and what its step works with. */
export interface OwnQuery {
  readonly connection: string;
  readonly io: Pick<ActionIo, 'resources' | 'stop' | 'clock' | 'step'>;
}

const KEY = 'database:own changes';

/** Lets somebody hear of the flow's own changes, until the function that it gives is called. */
export async function listenToOwnChanges(
  listener: OwnChangeListener,
  { resources }: Pick<ActionIo, 'resources'>,
): Promise<() => void> {
  const listeners = await resources.open(KEY, async () => ({
    value: new Set<OwnChangeListener>(),
    close: async () => undefined,
  }));
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs a query of the flow; whoever listens hears of one that changes something. */
export function runAsOwn<T>(settings: DatabaseSettings, io: OwnQuery['io'], work: () => Promise<T>): Promise<T> {
  const listeners = io.resources.find<Set<OwnChangeListener>>(KEY);
  if (!listeners?.size || !changesSomething(settings)) return work();
  const query = { connection: settings.connection, io };
  return [...listeners].reduce((inner, listener) => () => listener.around(query, inner), work)();
}
