import { Socket } from 'node:net';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { Stop } from '../../stop/stop.ts';
import type { Stage } from '../../stop/stop-error.ts';
import { refuseForeign, refuseSilent } from '../foreign-answer.ts';
import { boundPieces } from '../result-size.ts';
import { openTcp } from '../tcp.ts';
import { type TlsTexts, verifiesAuthority } from '../tls.ts';
import type { MysqlAddress } from './mysql-address.ts';

/** One connection. */
export interface MysqlLink {
  readonly connection: Connection;
  /** The server's status flags, as last reported. */
  status: number;
  isBroken: boolean;
  /** Whether its session was moved in a way that the server does not undo. */
  isMoved: boolean;
  /** Called with each row. */
  heard: () => void;
}

/** How one gets into a server. */
export interface MysqlWay {
  readonly address: MysqlAddress;
  readonly tls: TlsTexts;
}

/** A status flag of the protocol. */
export const IN_TRANSACTION = 1;

/**
 * What makes a session one of ours. TIMESTAMP columns come in the session's zone: in any but UTC, two moments of the year would
 * look the same. The rest is what the library asks for in the handshake.
 */
const SETTINGS =
  "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, SESSION time_zone = '+00:00', SESSION sql_mode = CONCAT(@@sql_mode, ',IGNORE_SPACE')";

/** Versions of the greeting, and the mark of an error. */
const FIRST_BYTES: ReadonlySet<number> = new Set([9, 10, 0xff]);

/** How long the server has to hear of a cancellation. */
const CANCEL_TIMEOUT_MS = 2000;

/** Loads the client library. */
export async function loadMysqlClient() {
  return (await import('mysql2')).default;
}

/** Opens a connection; with `prefer`, a server without TLS gets a plain one. */
export async function openMysqlLink(way: MysqlWay, stop: Stop): Promise<MysqlLink> {
  const options = chooseOptions(way);
  try {
    return await connect(options, stop);
  } catch (error) {
    const lacksTls = error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (way.address.tls !== 'prefer' || !lacksTls) throw error;
    const { ssl: _, ...plain } = options;
    return connect(plain, stop);
  }
}

/** Ends what a session left behind: transactions, settings, variables, temporary tables, locks, prepared statements. */
export async function renewMysqlLink(link: MysqlLink): Promise<void> {
  const { connection } = link;
  await settle((done) => connection.reset(done));
  link.status = 0;
  await settle((done) => connection.query(SETTINGS, done));
}

/** Asks for a sign of life. */
export function pingMysqlLink({ connection }: MysqlLink): Promise<void> {
  return settle((done) => connection.ping(done));
}

function settle(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

/** Says goodbye without waiting for an answer that may never come. */
export function closeMysqlLink(link: MysqlLink): void {
  if (link.isBroken) link.connection.destroy();
  else link.connection.end(() => undefined);
  findSocket(link.connection)?.unref();
}

/** Asks the server, over a connection of its own, to end what the link's connection runs; resolves when it has heard. */
export async function killQuery(way: MysqlWay, link: MysqlLink): Promise<void> {
  const { threadId } = link.connection;
  if (!threadId) return;
  const mysql = await loadMysqlClient();
  const connection = mysql.createConnection({ ...chooseOptions(way), connectTimeout: CANCEL_TIMEOUT_MS });
  findSocket(connection)?.unref();
  await new Promise<void>((resolve) => {
    connection.on('error', () => resolve());
    connection.query({ sql: `KILL QUERY ${threadId}`, timeout: CANCEL_TIMEOUT_MS }, () => resolve());
  });
  connection.destroy();
}

/** The socket below a connection, which the library's types leave out. */
function findSocket(connection: object): Socket | undefined {
  return 'stream' in connection && connection.stream instanceof Socket ? connection.stream : undefined;
}

function chooseOptions({ address, tls: texts }: MysqlWay): ConnectionOptions {
  const { tls, tlsFiles } = address;
  const ssl = {
    rejectUnauthorized: verifiesAuthority(tls, tlsFiles),
    verifyIdentity: tls === 'verify-full',
  };
  return {
    ...(address.socket === undefined
      ? {
          host: address.host,
          port: address.port,
          stream: () => {
            const open = () => openTcp(address.host, address.port);
            return refuseSilent(refuseForeign(open(), mayBeMysql), open);
          },
        }
      : { socketPath: address.socket }),
    user: address.user,
    password: address.password,
    ...(address.database === '' ? {} : { database: address.database }),
    ...(tls === 'disable' ? {} : { ssl: { ...ssl, ...texts } }),
    // The work's own deadline stands for it.
    connectTimeout: 0,
    connectAttributes: { program_name: 'testmesh' },
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
    disableEval: true,
    typeCast: (field, next) => (field.type === 'GEOMETRY' ? field.buffer() : next()),
    maxPreparedStatements: 100,
  };
}

/** A server begins with a packet of number 0: its greeting, or an error. */
function mayBeMysql(bytes: Buffer): boolean {
  return bytes.length < 5 || (bytes[3] === 0 && FIRST_BYTES.has(bytes[4] ?? 0));
}

async function connect(options: ConnectionOptions, stop: Stop): Promise<MysqlLink> {
  const mysql = await loadMysqlClient();
  stop.throwIfEnded({ at: 'connecting' });
  const connection = mysql.createConnection(options);
  const link: MysqlLink = { connection, status: 0, isBroken: false, isMoved: false, heard: () => undefined };
  const markBroken = () => {
    link.isBroken = true;
  };
  connection.on('error', markBroken);
  connection.on('end', markBroken);
  await waitForReady(link, stop);
  const socket = findSocket(connection);
  if (socket) link.heard = boundPieces(socket);
  return link;
}

function waitForReady(link: MysqlLink, stop: Stop): Promise<void> {
  const { connection } = link;
  return new Promise((resolve, reject) => {
    let stage: Stage = { at: 'connecting' };
    const fail = (error: unknown) => {
      leave();
      link.isBroken = true;
      connection.destroy();
      reject(error);
    };
    const leave = stop.onEnd((reason) => fail(reason.in(stage)));
    findSocket(connection)?.once('connect', () => {
      stage = { at: 'greeting' };
    });
    connection.connect((error) => {
      if (error) {
        fail(error);
        return;
      }
      connection.query(SETTINGS, (refusal) => {
        if (refusal) {
          fail(refusal);
          return;
        }
        leave();
        resolve();
      });
    });
  });
}
