import type { Client } from 'pg';
import { LinkPool } from '../link-pool.ts';
import { type Stopper, WorkStopped } from '../stopper.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { cancelQuery, closeLink, openLink, type PostgresLink } from './postgres-client.ts';
import { ParameterInquiry, type Statement, type StatementResult, StatementRun } from './postgres-statement.ts';

/** Connections to one database, kept open between steps. */
export interface PostgresPool {
  /**
   * Gives the work a connection for itself. A transaction that it leaves open is rolled back, by closing the connection.
   * @throws WorkStopped when `stop` ended it, else the server's or the network's error
   */
  use<T>(stop: Stopper, work: (session: PostgresSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One connection while it is somebody's. */
export interface PostgresSession {
  run(statement: Statement): Promise<StatementResult>;
  isInTransaction(): boolean;
}

/** Makes a pool; nothing is contacted before its first use. `directory` is where TLS files are looked for. */
export function createPostgresPool(address: PostgresAddress, directory: string): PostgresPool {
  const pool = new LinkPool<PostgresLink>({
    open: (stop) => openLink(address, directory, stop),
    isReusable: (link) => !link.isBroken && link.client.getTransactionStatus() === 'I',
    close: closeLink,
  });
  const createSession = (link: PostgresLink, stop: Stopper): PostgresSession => {
    const halt = () => {
      link.isBroken = true;
      pool.track(cancelQuery(address, link).then(() => void link.client.connection.stream.destroy()));
    };
    return {
      run: (statement) => runStatement(link.client, statement, { stop, halt }),
      isInTransaction: () => link.client.getTransactionStatus() !== 'I',
    };
  };
  return {
    use: (stop, work) => pool.use(stop, (link) => work(createSession(link, stop))),
    close: () => pool.close(),
  };
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
      reject(new WorkStopped(stop.reason, 'connecting'));
      return;
    }
    stop.call = (reason) => {
      stop.call = undefined;
      halt();
      reject(new WorkStopped(reason, 'running'));
    };
    hand((error, value) => {
      stop.call = undefined;
      if (value === undefined) reject(error);
      else resolve(value);
    });
  });
}
