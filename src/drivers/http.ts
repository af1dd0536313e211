import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import type { Pool } from 'undici';
import { HttpHandler, type HttpLink, type HttpResponse } from './http-handler.ts';
import type { Stopper } from './stopper.ts';

/** One request, as it goes over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values by turns. */
  readonly headers: string[];
  readonly body: string | undefined;
}

/** Connections to one origin, kept alive between requests. */
export interface HttpPool {
  /** @throws HttpStopped when `stop` ended it, else the client's error */
  send(request: HttpRequest, stop: Stopper): Promise<HttpResponse>;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 256 * 1024 * 1024;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const LOST = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Loads the client library. */
export function loadHttpClient() {
  return import('undici/lib/dispatcher/pool.js');
}

/** Opens a pool for an origin (`http://127.0.0.1:5003`); `now` gives ms that never go back. */
export async function openHttpPool(origin: string, now: () => number): Promise<HttpPool> {
  const link: HttpLink = { now, opening: new Map(), fresh: undefined };
  const { default: PoolClass } = await loadHttpClient();
  const pool = new PoolClass(origin, {
    connect: origin.startsWith('https:') ? await createTlsConnector(link) : createTcpConnector(link),
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_BODY_BYTES,
  });
  return {
    send: (request, stop) => send(pool, link, request, stop),
    async close() {
      for (const socket of link.opening.keys()) socket.destroy();
      await pool.destroy();
    },
  };
}

/**
 * A server may close a kept connection at the very moment it is used again; then nothing was handled and a request that
 * changes nothing is sent once more, as browsers do.
 */
async function send(pool: Pool, link: HttpLink, request: HttpRequest, stop: Stopper): Promise<HttpResponse> {
  const first = new HttpHandler(link, stop);
  try {
    return await dispatch(pool, request, first);
  } catch (error) {
    const isLost = error instanceof Error && 'code' in error && LOST.has(String(error.code));
    if (!isLost || !first.isReused || first.hasAnswer || !IDEMPOTENT.has(request.method)) throw error;
    return dispatch(pool, request, new HttpHandler(link, stop));
  }
}

function dispatch(pool: Pool, request: HttpRequest, handler: HttpHandler): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    handler.start(resolve, reject);
    const { method, path, headers, body } = request;
    if (!handler.isDone) pool.dispatch({ method, path, headers, body: body ?? null }, handler);
  });
}

interface Target {
  readonly hostname: string;
  readonly port: string;
  readonly servername?: string | undefined;
}
type Connected = (...result: [null, Socket] | [Error, null]) => void;

function createTcpConnector(link: HttpLink) {
  return (target: Target, callback: Connected): void => {
    const options = { host: target.hostname, port: Number(target.port || 80), highWaterMark: 65_536 };
    const socket = connectTcp(options);
    follow(socket, { link, readyEvent: 'connect', callback });
  };
}

async function createTlsConnector(link: HttpLink) {
  const { connect } = await import('node:tls');
  return (target: Target, callback: Connected): void => {
    const socket = connect({
      host: target.hostname,
      port: Number(target.port || 443),
      ...(target.servername ? { servername: target.servername } : {}),
      ALPNProtocols: ['http/1.1'],
    });
    follow(socket, { link, readyEvent: 'secureConnect', callback });
  };
}

function follow(socket: Socket, way: { link: HttpLink; readyEvent: string; callback: Connected }): void {
  const { link, readyEvent, callback } = way;
  const times = { startedAt: link.now(), lookedUpAt: undefined, connectedAt: undefined, readyAt: undefined };
  const opening: { -readonly [K in keyof typeof times]: number | undefined } = times;
  link.opening.set(socket, opening);
  let isTold = false;
  const tell = (error: Error | null) => {
    if (isTold) return;
    isTold = true;
    link.opening.delete(socket);
    if (error) {
      callback(error, null);
      return;
    }
    opening.readyAt = link.now();
    link.fresh = opening;
    callback(null, socket);
    link.fresh = undefined;
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  socket.once('lookup', () => {
    opening.lookedUpAt ??= link.now();
  });
  socket.once('connect', () => {
    opening.connectedAt = link.now();
  });
  socket.once(readyEvent, () => tell(null));
  socket.on('error', tell);
  socket.once('close', () => tell(new Error('the connection was closed')));
}
