import type { Client } from 'pg';
import { type LinkKeeper, LinkPool } from '../link-pool.ts';
import { type Stopper, WorkStopped } from '../stopper.ts';
import type { TlsTexts } from '../tls.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { cancelQuery, closeLink, openLink, type PostgresLink, renewLink } from './postgres-client.ts';
import { isServerError } from './postgres-errors.ts';
import { ParameterInquiry, type Statement, type StatementResult, StatementRun } from './postgres-statement.ts';

/** Connections to one database, kept open between steps; whoever gets one finds a session that is as good as new. */
export interface PostgresPool {
  /**
   * Gives the work a session for itself, which ends with it. A transaction that it leaves open is rolled back.
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

export interface PostgresPoolOptions {
  readonly address: PostgresAddress;
  readonly tls: TlsTexts;
  /** Gives ms that never go back. */
  now(): number;
}

const ROLLBACK: Statement = { text: 'ROLLBACK', parameters: [], maxRows: 0 };
const TOO_MANY_CONNECTIONS = '53300';

/** Makes a pool; nothing is contacted before its first use. */
export function createPostgresPool({ address, tls, now }: PostgresPoolOptions): PostgresPool {
  const keeper: LinkKeeper<PostgresLink> = {
    open: (stop) => openLink(address, tls, stop),
    isAlive: (link) => !link.isBroken,
    renew: renewLink,
    check: async ({ client }) => void (await client.query('')),
    isCrowded: (error) => isServerError(error) && error.code === TOO_MANY_CONNECTIONS,
    close: closeLink,
  };
  const pool = new LinkPool(keeper, now);
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
    use: (stop, work) =>
      pool.use(stop, async (link) => {
        const session = createSession(link, stop);
        const result = await work(session);
        if (session.isInTransaction()) await session.run(ROLLBACK).catch((error: unknown) => loseLink(link, error));
        return result;
      }),
    close: () => pool.close(),
  };
}

/** A connection that is lost takes its transaction with it. @throws WorkStopped */
function loseLink(link: PostgresLink, error: unknown): void {
  if (error instanceof WorkStopped) throw error;
  link.isBroken = true;
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
