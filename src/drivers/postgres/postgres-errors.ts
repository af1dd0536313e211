import type { Stage } from '../../stop/stop-error.ts';
import { describeNetworkFailure, describeTimeout, type Failure, findErrorCode } from '../failure.ts';
import { describeForeign, ForeignAnswer } from '../foreign-answer.ts';
import { namePeer } from '../peer.ts';
import { nameDatabase, type PostgresAddress } from './postgres-address.ts';

/** An error as a Postgres server reports it. */
export interface ServerError extends ErrorObjects {
  readonly message: string;
  /** SQLSTATE. */
  readonly code: string;
  readonly severity: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Characters into the statement, from 1. */
  readonly position?: string | undefined;
  readonly where?: string | undefined;
}

/** What in the database an error is about. */
export interface ErrorObjects {
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/** Whether the server itself said it. */
export function isServerError(error: unknown): error is ServerError {
  return typeof error === 'object' && error !== null && 'severity' in error && 'code' in error;
}

/** Describes an error of connecting or of the connection; undefined for what the server says about the SQL itself. */
export function describePostgresFailure(error: unknown, address: PostgresAddress): Failure | undefined {
  if (isServerError(error)) return describeRefusal(error, address);
  const peer = namePeer(address);
  const text = error instanceof Error ? error.message : String(error);
  const unread = /received invalid response/.test(text) ? new ForeignAnswer() : undefined;
  const foreign = error instanceof ForeignAnswer ? error : unread;
  if (foreign) return describeForeign(foreign, { peer, server: 'a Postgres server', setting: 'connection' });
  const network = describeNetworkFailure(error, peer, 'connection');
  if (network) {
    const isUntrusted = /is not trusted/.test(network.message);
    return isUntrusted ? { ...network, hints: ['name the authority that signed it: `sslrootcert=ca.pem`'] } : network;
  }
  const about = { kind: 'connection', code: findErrorCode(error) } as const;
  if (/Connection terminated/.test(text))
    return {
      ...about,
      message: `${nameDatabase(address)} closed the connection before it answered`,
      hints: ["check the database's log; is it a Postgres server?"],
    };
  if (/does not support SSL/.test(text))
    return { ...about, message: `${peer} does not speak TLS`, hints: ['write `sslmode=disable` or `sslmode=prefer`'] };
  if (/password must be/.test(text))
    return {
      ...about,
      message: `${peer} wants a password for the user \`${address.user}\`, but \`connection\` has none`,
      hints: ['write `postgres://user:password@host:port/database`'],
    };
  return { ...about, message: `the connection to ${nameDatabase(address)} failed: ${text}`, hints: [] };
}

/** Describes work whose time was over. */
export function describePostgresTimeout(
  stage: Stage | undefined,
  address: PostgresAddress,
  timeoutMs: number,
): Failure {
  return describeTimeout(stage, timeoutMs, {
    peer: namePeer(address),
    server: 'a Postgres server',
    work: 'the query',
    where: nameDatabase(address),
    end: ' and was cancelled',
    hint: 'another transaction may hold a lock (see `pg_stat_activity`), or raise `timeout`',
  });
}

function describeRefusal(error: ServerError, address: PostgresAddress): Failure | undefined {
  const { code } = error;
  const about = { kind: 'connection', code } as const;
  const where = nameDatabase(address);
  if (code === '28P01' || code === '28000') {
    const wantsTls = /no encryption|SSL off/i.test(error.message);
    return {
      ...about,
      message: `${where} refused the user \`${address.user}\`: ${error.message}`,
      hints: [wantsTls ? 'add `?sslmode=require` to `connection`' : 'check the user and password in `connection`'],
    };
  }
  if (code === '3D000')
    return {
      ...about,
      message: `${namePeer(address)} has no database \`${address.database}\``,
      hints: ['check the name after the last `/` of `connection`'],
    };
  if (code === '53300')
    return {
      ...about,
      message: `${where} has too many connections: ${error.message}`,
      hints: ['raise `max_connections`, or run fewer flows at once'],
    };
  if (code.startsWith('08') || code.startsWith('57P'))
    return {
      ...about,
      message: `${where} closed the connection: ${error.message}`,
      hints: ["check the database's log"],
    };
  return undefined;
}
