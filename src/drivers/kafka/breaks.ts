import type { Socket } from 'node:net';
import type { ConnectionPool } from '@platformatic/kafka';
import { ForeignAnswerError, isClosed, walkErrors } from './error-parts.ts';
import { formatPeer } from './errors.ts';

const SHORTEST_ANSWER = 4;
const LONGEST_ANSWER = 256 * 1024 * 1024;
const TLS_ALERT = 0x15;
const TLS_MAJOR = 3;

/** Remembers why connections broke: what waited on them is reported only that they were closed. */
export class Breaks {
  readonly #causes = new Map<string, Error>();

  watch(pool: ConnectionPool): ConnectionPool {
    pool.on('connecting', ({ broker, connection }) => {
      this.#causes.delete(formatPeer(broker));
      // The socket is made right after this.
      queueMicrotask(() => connection.socket?.once('data', (data: Buffer) => refuseStranger(connection.socket, data)));
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

/** An answer begins with its length: of what is not Kafka's it is one that no answer has, and the rest would be waited for in vain. */
function refuseStranger(socket: Socket, data: Buffer): void {
  const length = data.length < 4 ? SHORTEST_ANSWER : data.readInt32BE();
  const isForeign = length < SHORTEST_ANSWER || length > LONGEST_ANSWER;
  // A listener that wants TLS says so with an alert, and closes.
  const isAlert = data[0] === TLS_ALERT && data[1] === TLS_MAJOR;
  if (isForeign && !isAlert) socket.destroy(new ForeignAnswerError(data));
}
