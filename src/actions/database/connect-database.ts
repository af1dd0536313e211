import type { SqlAddress } from '../../drivers/database-url.ts';
import type { Failure } from '../../drivers/failure.ts';
import { LARGEST_RESULT, ResultTooLarge } from '../../drivers/result-size.ts';
import { readTlsFiles, type TlsTexts } from '../../drivers/tls.ts';
import type { PrepareIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { StopError } from '../../stop/stop-error.ts';
import { countOf } from '../../util/count.ts';
import { formatDataSize } from '../../util/data-size.ts';
import { describeStopped } from '../settings/deadline.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import type { Database } from './database.ts';

/** What a kind of database does in a way of its own when it is reached. */
export interface DatabaseKind<Address extends SqlAddress, Pool> {
  readonly dialect: Database['dialect'];
  /** `localhost:5432/orders`. */
  nameOf(address: Address): string;
  /** `localhost:5432`. */
  peerOf(address: Address): string;
  /** The Unix socket that takes the place of host and port. */
  socketOf(address: Address): string | undefined;
  createPool(address: Address, tls: TlsTexts, how: PoolTerms): Pool;
  /** Of connecting, or of the connection. */
  describeFailure(error: unknown, address: Address): Failure | undefined;
  describeTimeout(stage: StopError['stage'], address: Address, timeoutMs: number): Failure;
  /** What the server says about the SQL itself: its SQLSTATE, and the text. */
  readServerError(error: unknown): { readonly code: string; readonly message: string } | undefined;
}

export interface PoolTerms {
  /** Gives ms that never go back. */
  now(): number;
  /** How many connections stay open that nobody uses; absent: some. */
  readonly mostIdle: number | undefined;
}

/** What opening a database takes of a step. */
export interface DatabaseIo extends Pick<PrepareIo, 'resources' | 'clock' | 'report'> {
  readonly facts: Pick<PrepareIo['facts'], 'directory' | 'turn'>;
}

/** A database, as far as all kinds are alike. */
export interface ConnectedDatabase<Pool> extends Pick<Database, 'dialect' | 'about' | 'peer' | 'describeFailure'> {
  readonly pool: Pool;
}

/** Opens the connections to a database, which all flows of the run share; nothing is contacted before the first query. */
export async function connectDatabase<Address extends SqlAddress, Pool extends { close(): Promise<void> }>(
  kind: DatabaseKind<Address, Pool>,
  address: Address,
  io: DatabaseIo,
): Promise<ConnectedDatabase<Pool>> {
  const { dialect } = kind;
  const name = kind.nameOf(address);
  const { host, port, database, user, password, tls, tlsFiles } = address;
  const socket = kind.socketOf(address);
  const describe = (error: unknown, timeoutMs: number): unknown => describeFailure(kind, error, { address, timeoutMs });
  const texts = await readTlsFiles(address, io.facts.directory).catch((error: unknown) => {
    throw describe(error, 0);
  });
  const mostIdle = io.facts.turn?.wire.links.pool;
  const pool = await openShared(io, {
    key: `${dialect}:${digestOf([{ ...address, ignored: [] }, texts])}`,
    name: `database ${name}`,
    create: () => kind.createPool(address, texts, { now: () => io.clock.monotonic(), mostIdle }),
  });
  const server = { host, port, socket, database, user, hasPassword: password !== '', tls, ca: tlsFiles.ca };
  return { pool, dialect, about: { dialect, name, ...server }, peer: kind.peerOf(address), describeFailure: describe };
}

function describeFailure<Address extends SqlAddress, Pool>(
  kind: DatabaseKind<Address, Pool>,
  error: unknown,
  { address, timeoutMs }: { address: Address; timeoutMs: number },
): unknown {
  const { host, port, database } = address;
  const peer = kind.peerOf(address);
  const more = { data: { peer, host, port, database }, cause: error };
  if (error instanceof StopError) {
    const describe = () => kind.describeTimeout(error.stage, address, timeoutMs);
    return new ActionError(describeStopped(error, peer, describe), more);
  }
  if (error instanceof ResultTooLarge) return new ActionError(describeTooLarge(error, kind.nameOf(address)), more);
  const described = kind.describeFailure(error, address);
  if (described) return new ActionError(described, more);
  const said = kind.readServerError(error);
  return said ? new ActionError({ kind: 'sql', ...said, hints: [] }, more) : error;
}

function describeTooLarge({ rows }: ResultTooLarge, name: string): Failure {
  const where = rows === 0 ? 'in one row' : `after ${countOf(rows, 'row')}`;
  return {
    kind: 'budget',
    code: 'SQL_RESULT_TOO_LARGE',
    message: `the answer of ${name} takes more than ${formatDataSize(LARGEST_RESULT)} of memory (${where})`,
    hints: ['read less: fewer rows (`LIMIT`, `max_rows`) or columns, or count and sum in SQL'],
  };
}
