import type { Pool } from 'undici';
import type { Stopper } from '../stopper.ts';
import { createConnector, type HttpRoute } from './http-connect.ts';
import { HttpHandler, type HttpLink, type HttpResponse } from './http-handler.ts';

/** One request, as it goes over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values by turns. */
  readonly headers: string[];
  readonly body: string | Uint8Array | undefined;
}

/** Connections to one origin, kept alive between requests. */
export interface HttpPool {
  /** @throws HttpStopped when `stop` ended it, else the client's error */
  send(request: HttpRequest, stop: Stopper): Promise<HttpResponse>;
  close(): Promise<void>;
}

export const MAX_BODY_BYTES = 256 * 1024 * 1024;
/** Methods that may be sent again when nothing was answered. */
export const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const LOST = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Loads the client library. */
export function loadHttpClient() {
  return import('undici/lib/dispatcher/pool.js');
}

/**
 * Opens a pool for an origin (`http://127.0.0.1:5003`); `now` gives ms that never go back.
 * Without TLS, requests are handed to a proxy as they are; with it, it connects through.
 */
export async function openHttpPool(origin: string, now: () => number, route: HttpRoute = {}): Promise<HttpPool> {
  const link: HttpLink = { now, opening: new Map(), fresh: undefined };
  const { default: PoolClass } = await loadHttpClient();
  const isTls = origin.startsWith('https:');
  const relay = isTls ? undefined : route.proxy && { origin, authorization: route.proxy.authorization };
  const pool = new PoolClass(origin, {
    connect: await createConnector({ link, isTls, route, protocols: ['http/1.1'], wantsTunnel: isTls }),
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_BODY_BYTES,
  });
  return {
    send: (request, stop) => send({ pool, link }, relay ? addressProxy(request, relay) : request, stop),
    async close() {
      for (const socket of link.opening.keys()) socket.destroy();
      await pool.destroy();
    },
  };
}

interface Line {
  readonly pool: Pool;
  readonly link: HttpLink;
}

/** A request as a proxy takes it: with the whole address, and who one is. */
function addressProxy(request: HttpRequest, relay: { origin: string; authorization: string | undefined }): HttpRequest {
  const { authorization } = relay;
  const more = authorization === undefined ? [] : ['proxy-authorization', authorization];
  return { ...request, path: `${relay.origin}${request.path}`, headers: [...request.headers, ...more] };
}

/**
 * A server may close a kept connection at the very moment it is used again; then nothing was handled and a request that
 * changes nothing is sent once more, as browsers do.
 */
async function send({ pool, link }: Line, request: HttpRequest, stop: Stopper): Promise<HttpResponse> {
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
