import type { ConnectionPool } from '@platformatic/kafka';
import { isClosed, walkErrors } from './error-parts.ts';
import { formatPeer } from './errors.ts';

/** Remembers why connections broke: what waited on them is reported only that they were closed. */
export class Breaks {
  readonly #causes = new Map<string, Error>();

  watch(pool: ConnectionPool): ConnectionPool {
    pool.on('connecting', ({ broker, connection }) => {
      this.#causes.delete(formatPeer(broker));
      connection.on('error', (error: Error) => this.#causes.set(formatPeer(broker), error));
    });
    return pool;
  }

  /** The reason behind a connection that was closed, when the other side gave one; else the error itself. */
  findCause(error: unknown, peers: readonly string[]): unknown {
    if (!isClosed([...walkErrors(error)])) return error;
    return peers.map((peer) => this.#causes.get(peer)).find((cause) => cause !== undefined) ?? error;
  }
}
