import type { Stop } from '../../stop/stop.ts';
import type { Stage } from '../../stop/stop-error.ts';
import { ForeignAnswer } from '../foreign-answer.ts';
import { type LinkKeeper, LinkPool } from '../link-pool.ts';
import { lookUp } from '../look-up.ts';
import type { RedisAddress } from './redis-address.ts';

/** Connections to one server, kept open between steps; each command has one for itself, for some of them wait. */
export interface RedisPool {
  /** @throws StopError when `stop` ended it, else the server's or the network's error */
  run(command: readonly string[], stop: Stop): Promise<RedisReply>;
  close(): Promise<void>;
}

/** An answer: texts as bytes, whole numbers as digits (a string); a script's list may have an error as an item. */
export type RedisReply = null | string | Buffer | Error | readonly RedisReply[];

/** That the server answered a command with an error, whose text a script may choose. */
export class RedisRefusal extends Error {}

/** Numbers of the protocol's types, as the library keys its mappings. */
const NUMBER = 58;
const SIMPLE_STRING = 43;
const BLOB_STRING = 36;
const TYPES = { [NUMBER]: String, [SIMPLE_STRING]: Buffer, [BLOB_STRING]: Buffer };

/** Commands that leave their connection in another state: nobody else may have it then. */
const CHANGES_STATE = new Set(
  `ASKING AUTH CLIENT EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE RESET SELECT SSUBSCRIBE
  SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE WATCH`.split(/\s+/),
);

type Client = Awaited<ReturnType<typeof makeClient>>;

interface RedisLink {
  readonly client: Client;
  /** The library's own class of errors that the server answered with. */
  readonly Refusal: Awaited<ReturnType<typeof loadRedisClient>>['ErrorReply'];
  isBroken: boolean;
  /** Ends the command that runs, for what came is no answer. */
  refuse: ((error: unknown) => void) | undefined;
}

/** Makes a pool; nothing is contacted before its first use. `now` gives ms that never go back. */
export function createRedisPool(address: RedisAddress, now: () => number): RedisPool {
  const keeper: LinkKeeper<RedisLink> = {
    open: (stop) => openLink(address, stop),
    isAlive: (link) => !link.isBroken && link.client.isReady,
    check: async ({ client }) => void (await client.ping()),
    isCrowded: (error) => error instanceof Error && /max number of clients/.test(error.message),
    close: (link) => link.client.destroy(),
  };
  const pool = new LinkPool(keeper, now);
  return {
    run: (command, stop) => pool.use(stop, (link) => runCommand(link, command, stop)),
    close: () => pool.close(),
  };
}

/** Loads the client library. */
export function loadRedisClient() {
  return import('@redis/client');
}

async function makeClient(address: RedisAddress, signal: AbortSignal) {
  const { createClient } = await loadRedisClient();
  const { host, port, user, password, database, isTls } = address;
  const socket = { host, port, lookup: lookUp, connectTimeout: 0, reconnectStrategy: false as const, signal };
  return createClient({
    RESP: 2,
    socket: isTls ? { ...socket, tls: true, servername: host } : socket,
    ...(user === '' ? {} : { username: user }),
    ...(password === '' ? {} : { password }),
    database,
    disableClientInfo: true,
  });
}

/** The first letter of an answer of HTTP: of what it cannot read the library tells no more. */
function readFirst({ message }: Error): Buffer | undefined {
  return /RESP type 72\b/.test(message) ? Buffer.from('H') : undefined;
}

async function openLink(address: RedisAddress, stop: Stop): Promise<RedisLink> {
  // The library forgets a socket that is being opened; it ends by this.
  const opening = new AbortController();
  const client = await makeClient(address, opening.signal);
  stop.throwIfEnded({ at: 'connecting' });
  const { ErrorReply: Refusal } = await loadRedisClient();
  const link: RedisLink = { client, Refusal, isBroken: false, refuse: undefined };
  client.on('error', (error: unknown) => {
    link.isBroken = true;
    // The library drops what it cannot read, and goes on waiting.
    if (error instanceof Error && /RESP type/.test(error.message)) link.refuse?.(new ForeignAnswer(readFirst(error)));
  });
  let stage: Stage = { at: 'connecting' };
  client.on('connect', () => {
    stage = { at: 'greeting' };
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown) => {
      leave();
      reject(error);
      opening.abort();
      client.destroy();
    };
    const leave = stop.onEnd((reason) => fail(reason.in(stage)));
    link.refuse = fail;
    client.connect().then(() => {
      leave();
      resolve();
    }, fail);
  });
  return link;
}

function runCommand(link: RedisLink, command: readonly string[], stop: Stop): Promise<RedisReply> {
  const { client } = link;
  if (CHANGES_STATE.has(command[0]?.toUpperCase() ?? '')) link.isBroken = true;
  return new Promise((resolve, reject) => {
    stop.throwIfEnded({ at: 'connecting' });
    const settle = (done: () => void) => {
      leave();
      done();
    };
    const fail = (error: unknown) =>
      settle(() => {
        reject(error);
        client.destroy();
      });
    const leave = stop.onEnd((reason) => fail(reason.in({ at: 'running' })));
    link.refuse = fail;
    client.sendCommand<RedisReply>([...command], { typeMapping: TYPES }).then(
      (reply) => settle(() => resolve(reply)),
      (error: unknown) => settle(() => reject(error instanceof link.Refusal ? new RedisRefusal(error.message) : error)),
    );
  });
}
