import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Stopper } from '../stopper.ts';
import { type HttpPool, type HttpRequest, IDEMPOTENT } from './http.ts';
import { createConnector, type HttpRoute } from './http-connect.ts';
import { HttpHandler, type HttpLink, type HttpResponse, HttpStopped, type Opening } from './http-handler.ts';
import { exchange, Http2Broken, Http2Missing, writeHeaders } from './http2-stream.ts';

type Http2 = typeof import('node:http2');

const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;
const PEER_GONE = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'NGHTTP2_REFUSED_STREAM']);

/**
 * Opens a pool that speaks HTTP/2 and nothing else, over one connection for all requests at a time: chosen in the TLS
 * handshake for `https:`, and from the first byte on (prior knowledge) for `http:`.
 */
export async function openHttp2Pool(origin: string, now: () => number, route: HttpRoute = {}): Promise<HttpPool> {
  const http2 = await import('node:http2');
  const link: HttpLink = { now, opening: new Map(), fresh: undefined };
  const isTls = origin.startsWith('https:');
  // With 1.1 on offer too, a server that knows nothing else says so instead of breaking off.
  const protocols = ['h2', 'http/1.1'];
  const connect = await createConnector({ link, isTls, route, protocols, wantsTunnel: true });
  const target = new URL(origin);
  const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const openSocket = () =>
    new Promise<Fresh>((resolve, reject) => {
      connect({ hostname, port: target.port }, (error, socket) =>
        error ? reject(error) : resolve({ socket, opening: link.fresh }),
      );
    });
  return new Http2Pool({ origin, http2, link, openSocket, isTls });
}

interface Fresh {
  readonly socket: Socket;
  readonly opening: Opening | undefined;
}

interface PoolParts {
  readonly origin: string;
  readonly http2: Http2;
  readonly link: HttpLink;
  readonly isTls: boolean;
  openSocket(): Promise<Fresh>;
}

/** A connection and what it carries. */
interface Line {
  readonly session: ClientHttp2Session;
  /** Taken by the first request alone. */
  opening: Opening | undefined;
  activeCount: number;
  /** Whether the peer has said anything in HTTP/2. */
  hasSpoken: boolean;
}

class Http2Pool implements HttpPool {
  readonly #parts: PoolParts;
  readonly #sessions = new Set<ClientHttp2Session>();
  #current: Promise<Line> | undefined;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** A request that a kept connection lost, or that the server refused unread, is sent once more. */
  async send(request: HttpRequest, stop: Stopper): Promise<HttpResponse> {
    const first = new HttpHandler(this.#parts.link, stop);
    try {
      return await this.#dispatch(request, first);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const isRefused = code === 'NGHTTP2_REFUSED_STREAM';
      const isLost = PEER_GONE.has(code) && first.isReused && IDEMPOTENT.has(request.method);
      if (first.hasAnswer || !(isRefused || isLost)) throw error;
      return this.#dispatch(request, new HttpHandler(this.#parts.link, stop));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#parts.link.opening.keys()) socket.destroy();
    for (const session of this.#sessions) session.destroy();
  }

  #dispatch(request: HttpRequest, handler: HttpHandler): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      handler.start(resolve, (error) => {
        if (isLeftOpening(error)) this.#current = undefined;
        reject(error);
      });
      if (handler.isDone) return;
      this.#take().then(
        (line) => this.#begin(line, request, handler),
        (error: Error) => handler.onError(error),
      );
    });
  }

  /** The connection that is open, or a new one. */
  async #take(): Promise<Line> {
    for (;;) {
      const current = this.#current ?? this.#open();
      this.#current = current;
      try {
        const line = await current;
        if (isUsable(line)) return line;
      } catch (error) {
        if (this.#current === current) this.#current = undefined;
        throw error;
      }
      if (this.#current === current) this.#current = undefined;
    }
  }

  async #open(): Promise<Line> {
    const { origin, http2, isTls, openSocket } = this.#parts;
    const { socket, opening } = await openSocket();
    if (isTls && !('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) {
      socket.destroy();
      throw new Http2Missing('it chose `http/1.1` in the TLS handshake');
    }
    const session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    });
    const line: Line = { session, opening, activeCount: 0, hasSpoken: isTls };
    this.#sessions.add(session);
    session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.once('remoteSettings', () => {
      line.hasSpoken = true;
    });
    // What breaks the session breaks its requests, which tell of it.
    session.on('error', () => undefined);
    session.once('close', () => this.#sessions.delete(session));
    return line;
  }

  #begin(line: Line, request: HttpRequest, handler: HttpHandler): void {
    if (handler.isDone) return;
    const { link, origin, http2 } = this.#parts;
    link.fresh = line.opening;
    line.opening = undefined;
    let stream: ClientHttp2Stream | undefined;
    handler.onConnect(() => {
      stream?.close(http2.constants.NGHTTP2_CANCEL);
      this.#drop(line);
    });
    link.fresh = undefined;
    try {
      stream = line.session.request(writeHeaders(request, origin), { endStream: request.body === undefined });
    } catch (error) {
      handler.onError(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    line.activeCount++;
    stream.once('close', () => {
      line.activeCount--;
    });
    exchange(stream, {
      request,
      handler,
      constants: http2.constants,
      fail: (error) => handler.onError(this.#explain(line, error)),
    });
  }

  #explain(line: Line, error: Error): Error {
    const isAlien = !line.hasSpoken && !(error instanceof Http2Broken && error.code === 'NGHTTP2_REFUSED_STREAM');
    return isAlien ? new Http2Missing('without TLS it is spoken from the first byte on', error) : error;
  }

  /** After a request that was given up nobody knows what the connection is still good for. */
  #drop(line: Line): void {
    if (line.activeCount <= 1) line.session.destroy();
    else line.session.close();
  }
}

/** A connection that did not come about in one request's time may never do: the next request opens its own. */
function isLeftOpening(error: unknown): boolean {
  return error instanceof HttpStopped && error.stage.at !== 'waiting' && error.stage.at !== 'receiving';
}

function isUsable({ session }: Line): boolean {
  return !session.closed && !session.destroyed;
}
