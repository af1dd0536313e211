import type { Client } from 'pg';
import type { PostgresAddress } from './postgres-address.ts';
import { cancelQuery, closeLink, openLink, type PostgresLink, PostgresStopped } from './postgres-client.ts';
import { ParameterInquiry, type Statement, type StatementResult, StatementRun } from './postgres-statement.ts';
import type { Stopper } from './stopper.ts';

/** Connections to one database, kept open between steps. */
export interface PostgresPool {
  /**
   * Gives the work a connection for itself. A transaction that it leaves open is rolled back, by closing the connection.
   * @throws PostgresStopped when `stop` ended it, else the server's or the network's error
   */
  use<T>(stop: Stopper, work: (session: PostgresSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One connection while it is somebody's. */
export interface PostgresSession {
  run(statement: Statement): Promise<StatementResult>;
  isInTransaction(): boolean;
}

const MAX_CONNECTIONS = 10;

/** Makes a pool; nothing is contacted before its first use. `directory` is where TLS files are looked for. */
export function createPostgresPool(address: PostgresAddress, directory: string): PostgresPool {
  return new Pool(address, directory);
}

class Pool implements PostgresPool {
  readonly #address: PostgresAddress;
  readonly #directory: string;
  readonly #idle: PostgresLink[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #cancels = new Set<Promise<void>>();
  #busy = 0;

  constructor(address: PostgresAddress, directory: string) {
    this.#address = address;
    this.#directory = directory;
  }

  async use<T>(stop: Stopper, work: (session: PostgresSession) => Promise<T>): Promise<T> {
    await this.#enter(stop);
    try {
      const link = this.#takeIdle() ?? (await openLink(this.#address, this.#directory, stop));
      try {
        return await work(this.#createSession(link, stop));
      } finally {
        this.#release(link);
      }
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#cancels);
    for (const link of this.#idle.splice(0)) closeLink(link);
  }

  #takeIdle(): PostgresLink | undefined {
    for (let link = this.#idle.pop(); link; link = this.#idle.pop()) {
      if (!link.isBroken) return link;
      closeLink(link);
    }
    return undefined;
  }

  #release(link: PostgresLink): void {
    if (link.isBroken || link.client.getTransactionStatus() !== 'I') closeLink(link);
    else this.#idle.push(link);
  }

  async #enter(stop: Stopper): Promise<void> {
    while (this.#busy >= MAX_CONNECTIONS) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        stop.call = (reason) => reject(new PostgresStopped(reason, 'connecting'));
      });
      stop.call = undefined;
    }
    this.#busy++;
  }

  #createSession(link: PostgresLink, stop: Stopper): PostgresSession {
    const halt = () => {
      link.isBroken = true;
      const cancel = cancelQuery(this.#address, link);
      this.#cancels.add(cancel);
      void cancel.then(() => {
        this.#cancels.delete(cancel);
        link.client.connection.stream.destroy();
      });
    };
    return {
      run: (statement) => runStatement(link.client, statement, { stop, halt }),
      isInTransaction: () => link.client.getTransactionStatus() !== 'I',
    };
  }
}

interface Halting {
  readonly stop: Stopper;
  halt(): void;
}

async function runStatement(client: Client, statement: Statement, halting: Halting): Promise<StatementResult> {
  const { text, parameters, maxRows } = statement;
  const values =
    typeof parameters === 'function'
      ? parameters(await submit(halting, (settle) => client.query(new ParameterInquiry(text, settle))))
      : parameters;
  return submit(halting, (settle) => client.query(new StatementRun(text, values, { maxRows, settle })));
}

/** Hands something to the client and waits for it, or for the stop. */
function submit<T>(
  { stop, halt }: Halting,
  hand: (settle: (error: unknown, value: T | undefined) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (stop.reason !== undefined) {
      reject(new PostgresStopped(stop.reason, 'connecting'));
      return;
    }
    stop.call = (reason) => {
      stop.call = undefined;
      halt();
      reject(new PostgresStopped(reason, 'running'));
    };
    hand((error, value) => {
      stop.call = undefined;
      if (value === undefined) reject(error);
      else resolve(value);
    });
  });
}
