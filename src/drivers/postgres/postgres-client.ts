import { connect as connectPath, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Client } from 'pg';
import type { Stop } from '../../stop/stop.ts';
import type { Stage, StopError } from '../../stop/stop-error.ts';
import { ForeignAnswer, refuseForeign } from '../foreign-answer.ts';
import { lookUp } from '../look-up.ts';
import { boundPieces } from '../result-size.ts';
import { createLeanSocket, openTcp } from '../tcp.ts';
import { describeTls, type TlsTexts } from '../tls.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { encodeQuery } from './postgres-messages.ts';
import { SentAlong, StatementRun, type StatementRunOptions } from './postgres-statement.ts';

/** Bytes of the first message, which is short. */
const LONGEST_GREETING = 65_536;

/** One connection. */
export interface PostgresLink {
  readonly client: Client;
  /** What the server wants to see before it cancels this connection's query. */
  cancelKey: { processID: number; secretKey: number } | undefined;
  isBroken: boolean;
  /** Statements that make a session of the server one of ours. */
  readonly styles: string[];
  /** Called with each row, and at the end of a statement. */
  heard: () => void;
  /** The clearing of the session that was sent along with its only statement. */
  clearing: Promise<unknown> | undefined;
}

const CLEAR = 'DISCARD ALL';
const CLEAR_MESSAGE = encodeQuery(CLEAR);

/** Loads the client library. */
export function loadPostgresClient() {
  return import('pg');
}

/** Opens a connection; with `prefer`, a server without TLS gets a plain one. */
export async function openLink(address: PostgresAddress, texts: TlsTexts, stop: Stop): Promise<PostgresLink> {
  const tls = await describeTls(address, texts);
  try {
    return await connect(address, tls, stop);
  } catch (error) {
    const lacksTls = error instanceof Error && /does not support SSL/.test(error.message);
    if (address.tls !== 'prefer' || !lacksTls) throw error;
    return connect(address, false, stop);
  }
}

/** Ends what a session left behind: transactions, settings, roles, temporary tables, locks, prepared statements. */
export async function renewLink(link: PostgresLink): Promise<void> {
  const { clearing } = link;
  link.clearing = undefined;
  if (link.client.getTransactionStatus() !== 'I') await run(link, 'ROLLBACK');
  await (clearing ?? run(link, CLEAR));
  for (const statement of link.styles) await run(link, statement);
}

/** Runs the only statement of a session, and sends along what clears it: one way to the server and back in the place of two. */
export function runAlone(
  link: PostgresLink,
  text: string,
  values: readonly (string | null)[],
  options: StatementRunOptions,
): void {
  link.client.query(new StatementRun(text, values, { ...options, along: CLEAR_MESSAGE }));
  link.clearing = new Promise((resolve, reject) =>
    link.client.query(new SentAlong(CLEAR, [], forget(link, resolve, reject))),
  );
  // Whether it failed is of interest only where the connection is used again.
  link.clearing.catch(() => undefined);
}

/** Runs a statement whose answer is of no interest: cheaper than the client's own query, and there is one after each step. */
function run(link: PostgresLink, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => link.client.query(new StatementRun(text, [], forget(link, resolve, reject))));
}

function forget(
  { heard }: PostgresLink,
  resolve: (value: undefined) => void,
  reject: (error: unknown) => void,
): StatementRunOptions {
  const settle = (error: unknown) => (error === undefined ? resolve(undefined) : reject(error));
  return { maxRows: 0, settle, heard };
}

/** Says goodbye without waiting for an answer that may never come. */
export function closeLink(link: PostgresLink): void {
  const { connection } = link.client;
  if (connection.stream instanceof Socket) connection.stream.unref();
  // The client's own end breaks off what runs, and a session may still be clearing up.
  if (link.isBroken) connection.stream.destroy();
  else connection.end();
}

/** Asks the server, over a connection of its own, to cancel what the link's connection runs; resolves when it has heard. */
export function cancelQuery(address: PostgresAddress, link: PostgresLink): Promise<void> {
  const { cancelKey } = link;
  if (!cancelKey) return Promise.resolve();
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(cancelKey.processID, 8);
  message.writeInt32BE(cancelKey.secretKey, 12);
  return new Promise((resolve) => {
    const socket = address.host.startsWith('/')
      ? connectPath(`${address.host}/.s.PGSQL.${address.port}`)
      : openTcp(address.host, address.port);
    socket.once('connect', () => socket.end(message));
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
    socket.unref();
  });
}

async function connect(address: PostgresAddress, tls: false | ConnectionOptions, stop: Stop): Promise<PostgresLink> {
  const { default: pg } = await loadPostgresClient();
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    password: () => address.password,
    ssl: tls,
    stream: () => createStream(tls === false),
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
    application_name: address.applicationName,
    ...(address.options === undefined ? {} : { options: address.options }),
  });
  const link: PostgresLink = {
    client,
    cancelKey: undefined,
    isBroken: false,
    styles: [],
    heard: () => undefined,
    clearing: undefined,
  };
  const markBroken = () => {
    link.isBroken = true;
  };
  client.on('error', markBroken);
  client.on('end', markBroken);
  const settings = followHandshake(link);
  await waitForReady(link, stop);
  const { stream } = client.connection;
  if (stream instanceof Socket) link.heard = boundPieces(stream);
  link.styles.push(...chooseStyles(settings));
  for (const statement of link.styles) await run(link, statement);
  return link;
}

/** The library names a host, or the path of a Unix socket, and takes no lookup of ours. */
function createStream(isPlain: boolean): Socket {
  const socket = refuseForeign(isPlain ? createLeanSocket() : new Socket(), mayBePostgres);
  const connect = socket.connect.bind(socket);
  return Object.assign(socket, {
    connect: (place: number | string, host = 'localhost') =>
      typeof place === 'number' ? connect({ port: place, host, lookup: lookUp }) : connect(place),
  });
}

/** A server answers with a request for a password, an error or a notice; to the question for TLS with one letter. */
function mayBePostgres(bytes: Buffer): boolean {
  const code = String.fromCharCode(bytes[0] ?? 0);
  if (bytes.length === 1) return 'RENSv'.includes(code);
  if (!'RENv'.includes(code)) return false;
  return bytes.length < 5 || (bytes.readInt32BE(1) >= 4 && bytes.readInt32BE(1) <= LONGEST_GREETING);
}

function waitForReady(link: PostgresLink, stop: Stop): Promise<void> {
  const { client } = link;
  return new Promise((resolve, reject) => {
    let stage: Stage = { at: 'connecting' };
    stop.throwIfEnded(stage);
    const leave = stop.onEnd((reason: StopError) => {
      link.isBroken = true;
      client.connection.stream.destroy();
      reject(reason.in(stage));
    });
    client.connection.once('connect', () => {
      stage = { at: 'greeting' };
    });
    client.connect().then(
      () => {
        leave();
        resolve();
      },
      (error: unknown) => {
        leave();
        const { stream } = client.connection;
        stream.destroy();
        // What is not Postgres the library may read before the socket says so.
        reject(stream instanceof Socket && stream.errored instanceof ForeignAnswer ? stream.errored : error);
      },
    );
  });
}

function followHandshake(link: PostgresLink): Map<string, string> {
  const { connection } = link.client;
  const settings = new Map<string, string>();
  connection.on('backendKeyData', (message: { processID: number; secretKey: number }) => {
    link.cancelKey = { processID: message.processID, secretKey: message.secretKey };
  });
  connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    settings.set(message.parameterName, message.parameterValue);
  });
  return settings;
}

/** Times are read in the server's default styles; a server that was reported others is asked for these. */
function chooseStyles(settings: ReadonlyMap<string, string>): string[] {
  const statements: string[] = [];
  if (!(settings.get('DateStyle') ?? 'ISO').startsWith('ISO')) statements.push('SET DateStyle TO ISO');
  const intervals = settings.get('IntervalStyle') ?? 'postgres';
  if (intervals !== 'postgres' && intervals !== 'iso_8601') statements.push('SET IntervalStyle TO iso_8601');
  return statements;
}
