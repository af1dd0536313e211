import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Stop } from '../../stop/stop.ts';
import { type HttpPool, type HttpPoolOptions, type HttpRequest, IDEMPOTENT } from './http.ts';
import { type Connect, type Connecting, createConnector } from './http-connect.ts';
import { HttpHandler, type HttpResponse } from './http-handler.ts';
import { exchange, Http2Broken, Http2Missing, writeHeaders } from './http2-stream.ts';
import { isTrusted, onceEventsAreIn } from './idle-rule.ts';

type Http2 = typeof import('node:http2');

const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;
const REFUSED = 'NGHTTP2_REFUSED_STREAM';
const LOST = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Opens a pool that speaks HTTP/2 and nothing else, over one connection for all requests at a time: chosen in the TLS
 * handshake for `https:`, and from the first byte on (prior knowledge) for `http:`.
 */
export async function openHttp2Pool({ origin, route = {}, isForOne = false, now }: HttpPoolOptions): Promise<HttpPool> {
  const http2 = await import('node:http2');
  const isTls = origin.startsWith('https:');
  // With 1.1 on offer too, a server that knows nothing else says so instead of breaking off.
  const protocols = ['h2', 'http/1.1'];
  const connect = await createConnector({ now, isTls, route, protocols, wantsTunnel: true });
  return new Http2Pool({ origin, http2, now, connect, isTls, isForOne });
}

interface PoolParts {
  readonly origin: string;
  readonly http2: Http2;
  readonly isTls: boolean;
  readonly isForOne: boolean;
  readonly connect: Connect;
  now(): number;
}

/** A connection and what it carries. */
interface Line {
  readonly session: ClientHttp2Session;
  activeCount: number;
  /** Since when it carries nothing, ms. */
  freeSince: number;
  isUsed: boolean;
  /** Whether the peer has said anything in HTTP/2. */
  hasSpoken: boolean;
}

/** A connection that is there, or is being opened. */
interface Way {
  readonly connecting: Connecting;
  readonly line: Promise<Line>;
  waitingCount: number;
}

class Http2Pool implements HttpPool {
  readonly #parts: PoolParts;
  readonly #sessions = new Set<ClientHttp2Session>();
  readonly #connecting = new Set<Connecting>();
  #current: Way | undefined;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** A request that a kept connection lost, or that the server refused unread, is sent once more. */
  async send(request: HttpRequest, stop: Stop): Promise<HttpResponse> {
    const first = new HttpHandler(this.#parts.now, stop, request);
    try {
      return await this.#dispatch(request, first);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const isLost = LOST.has(code) && first.isReused && IDEMPOTENT.has(request.method);
      if (first.hasAnswer || !(isLost || code === REFUSED)) throw error;
      return this.#dispatch(request, new HttpHandler(this.#parts.now, stop, request));
    }
  }

  async close(): Promise<void> {
    for (const connecting of this.#connecting) connecting.cancel();
    for (const session of this.#sessions) session.destroy();
  }

  #dispatch(request: HttpRequest, handler: HttpHandler): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      handler.start(resolve, reject);
      if (handler.isDone) return;
      this.#take(handler, IDEMPOTENT.has(request.method)).then(
        (line) => this.#begin(line, request, handler),
        (error: Error) => handler.onError(error),
      );
    });
  }

  /** The connection that is open, or a new one. */
  async #take(handler: HttpHandler, isRepeatable: boolean): Promise<Line> {
    for (;;) {
      const way = this.#current ?? this.#open();
      if (!this.#parts.isForOne) this.#current = way;
      way.waitingCount++;
      handler.onOpening(way.connecting.opening, () => this.#giveUp(way));
      try {
        const line = await way.line;
        way.waitingCount--;
        if (line.isUsed && !isRepeatable) await new Promise<void>(onceEventsAreIn);
        if (this.#isUsable(line, isRepeatable)) return line;
        // What it carries goes on to its end.
        line.session.close();
      } catch (error) {
        this.#leave(way);
        throw error;
      }
      this.#leave(way);
    }
  }

  #leave(way: Way): void {
    if (this.#current === way) this.#current = undefined;
  }

  /** A connection that did not come about in one request's time may never do: the next request opens its own. */
  #giveUp(way: Way): void {
    this.#leave(way);
    way.waitingCount--;
    if (way.waitingCount === 0) way.connecting.cancel();
  }

  #isUsable({ session, activeCount, freeSince, isUsed }: Line, isRepeatable: boolean): boolean {
    if (session.closed || session.destroyed) return false;
    const idleMs = isUsed && activeCount === 0 ? this.#parts.now() - freeSince : 0;
    return isTrusted({ idleMs, keptSeconds: undefined, isRepeatable });
  }

  #open(): Way {
    const { hostname, port } = new URL(this.#parts.origin);
    const connecting = this.#parts.connect({ hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port });
    this.#connecting.add(connecting);
    const line = this.#speak(connecting).finally(() => this.#connecting.delete(connecting));
    line.catch(() => undefined);
    return { connecting, line, waitingCount: 0 };
  }

  async #speak(connecting: Connecting): Promise<Line> {
    const { origin, http2, isTls, now } = this.#parts;
    const socket = await connecting.socket;
    if (isTls && !('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) {
      socket.destroy();
      throw new Http2Missing('it chose `http/1.1` in the TLS handshake');
    }
    const session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    });
    const line: Line = { session, activeCount: 0, freeSince: now(), isUsed: false, hasSpoken: isTls };
    this.#sessions.add(session);
    session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.once('remoteSettings', () => {
      line.hasSpoken = true;
    });
    // What breaks the session breaks its requests, which report it.
    session.on('error', () => undefined);
    session.once('close', () => this.#sessions.delete(session));
    return line;
  }

  #begin(line: Line, request: HttpRequest, handler: HttpHandler): void {
    if (handler.isDone) return;
    const { origin, http2, now } = this.#parts;
    let stream: ClientHttp2Stream | undefined;
    const abort = () => {
      stream?.close(http2.constants.NGHTTP2_CANCEL);
      this.#drop(line);
    };
    handler.onSend(abort, line.isUsed ? 'reused' : 'fresh');
    line.isUsed = true;
    try {
      stream = line.session.request(writeHeaders(request, origin), { endStream: request.body === undefined });
    } catch (error) {
      handler.onError(error);
      return;
    }
    line.activeCount++;
    stream.once('close', () => {
      line.activeCount--;
      line.freeSince = now();
      if (this.#parts.isForOne) line.session.close();
    });
    exchange(stream, {
      request,
      handler,
      constants: http2.constants,
      fail: (error) => handler.onError(this.#explain(line, error)),
    });
  }

  #explain(line: Line, error: Error): Error {
    const isAlien = !line.hasSpoken && !(error instanceof Http2Broken && error.code === REFUSED);
    return isAlien ? new Http2Missing('without TLS it is spoken from the first byte', error) : error;
  }

  /** After a request that was given up nobody knows what the connection is still good for. */
  #drop(line: Line): void {
    if (line.activeCount <= 1) line.session.destroy();
    else line.session.close();
  }
}
