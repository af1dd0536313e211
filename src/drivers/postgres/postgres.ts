import type { LinkKeeper } from '../link-pool.ts';
import { ResultTooLarge } from '../result-size.ts';
import {
  createSqlPool,
  type Ending,
  orCancelled,
  type SqlPool,
  type SqlSession,
  type SqlSpeaker,
} from '../sql-pool.ts';
import type { TlsTexts } from '../tls.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { cancelQuery, closeLink, openLink, type PostgresLink, renewLink, runAlone } from './postgres-client.ts';
import { isServerError } from './postgres-errors.ts';
import { ParameterInquiry, type Statement, type StatementResult, StatementRun } from './postgres-statement.ts';

/** Connections to one Postgres database. */
export type PostgresPool = SqlPool<PostgresSession>;
export type PostgresSession = SqlSession<Statement, StatementResult>;

export interface PostgresPoolOptions {
  readonly address: PostgresAddress;
  readonly tls: TlsTexts;
  /** How many connections stay open that nobody uses. */
  readonly mostIdle?: number | undefined;
  /** Gives ms that never go back. */
  now(): number;
}

const ROLLBACK: Statement = { text: 'ROLLBACK', parameters: [], maxRows: 0 };
const TOO_MANY_CONNECTIONS = '53300';

/** Makes a pool; nothing is contacted before its first use. */
export function createPostgresPool({ address, tls, mostIdle, now }: PostgresPoolOptions): PostgresPool {
  const keeper: LinkKeeper<PostgresLink> = {
    open: (stop) => openLink(address, tls, stop),
    isAlive: (link) => !link.isBroken,
    renew: renewLink,
    check: async ({ client }) => void (await client.query('')),
    isCrowded: (error) => isServerError(error) && error.code === TOO_MANY_CONNECTIONS,
    close: closeLink,
  };
  const speaker: SqlSpeaker<PostgresLink, Statement, StatementResult> = {
    rollback: ROLLBACK,
    run: runStatement,
    isInTransaction: ({ client }) => client.getTransactionStatus() !== 'I',
    async cancel(link) {
      await cancelQuery(address, link);
      link.client.connection.stream.destroy();
    },
  };
  return createSqlPool(keeper, speaker, now, mostIdle);
}

async function runStatement(link: PostgresLink, statement: Statement, ending: Ending): Promise<StatementResult> {
  const { client, heard } = link;
  const { text, parameters, maxRows, isAlone = false } = statement;
  const values =
    typeof parameters === 'function'
      ? parameters(await submit(ending, (settle) => client.query(new ParameterInquiry(text, settle))))
      : parameters;
  return submit(ending, (settle) => {
    const options = { maxRows, settle, heard };
    if (isAlone) runAlone(link, text, values, options);
    else client.query(new StatementRun(text, values, options));
  });
}

/** Hands something to the client and waits for it, or for the stop. */
function submit<T>(ending: Ending, hand: (settle: (error: unknown, value: T | undefined) => void) => void): Promise<T> {
  return orCancelled(ending, (resolve, reject) => {
    hand((error, value) => {
      if (error instanceof ResultTooLarge) ending.cancel();
      if (value === undefined) reject(error);
      else resolve(value);
    });
    return undefined;
  });
}
