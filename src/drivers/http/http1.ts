import { isIP } from 'node:net';
import type { Stop } from '../../stop/stop.ts';
import { type HttpPool, type HttpPoolOptions, type HttpRequest, IDEMPOTENT } from './http.ts';
import { type Connect, type Connecting, createConnector, type HttpRoute } from './http-connect.ts';
import { HttpHandler, type HttpResponse } from './http-handler.ts';
import { Http1Line, type LineOwner } from './http1-line.ts';
import { isTrusted, onceEventsAreIn, onceTurnIsOver } from './idle-rule.ts';
import { type WrittenRequest, writeRequest } from './request-writer.ts';

const LOST = new Set(['ECONNRESET', 'EPIPE']);

/** Opens a pool of HTTP/1.1. Without TLS, requests are handed to a proxy as they are; with it, it connects through. */
export async function openHttp1Pool({ origin, route = {}, isForOne = false, now }: HttpPoolOptions): Promise<HttpPool> {
  const isTls = origin.startsWith('https:');
  const plan = { now, isTls, route, protocols: ['http/1.1'], wantsTunnel: isTls };
  return new Http1Pool({ origin, route, isForOne, now, connect: await createConnector(plan) });
}

interface PoolParts {
  readonly origin: string;
  readonly route: HttpRoute;
  readonly isForOne: boolean;
  readonly connect: Connect;
  now(): number;
}

/** A request with what its attempts share. */
interface Errand {
  readonly written: WrittenRequest;
  readonly isRepeatable: boolean;
  /** The name that the TLS handshake asks for, where the request names another host than its address. */
  readonly servername: string;
}

class Http1Pool implements HttpPool, LineOwner {
  readonly #parts: PoolParts;
  readonly #url: URL;
  readonly #isTls: boolean;
  readonly #free: Http1Line[] = [];
  readonly #lines = new Map<Http1Line, string>();
  readonly #connecting = new Set<Connecting>();

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#url = new URL(parts.origin);
    this.#isTls = this.#url.protocol === 'https:';
  }

  now(): number {
    return this.#parts.now();
  }

  onFree(line: Http1Line): void {
    this.#free.push(line);
  }

  onGone(line: Http1Line): void {
    this.#lines.delete(line);
    const at = this.#free.indexOf(line);
    if (at !== -1) this.#free.splice(at, 1);
  }

  /**
   * A server may close a kept connection at the very moment it is used again; then nothing was handled and a request that
   * changes nothing is sent once more, over a connection of its own.
   */
  send(request: HttpRequest, stop: Stop): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const errand = this.#prepare(request);
      const first = new HttpHandler(this.#parts.now, stop, request);
      first.start(resolve, (error) => {
        const isLost = error instanceof Error && 'code' in error && LOST.has(String(error.code));
        if (!isLost || !first.isReused || first.hasAnswer || !errand.isRepeatable) return reject(error);
        const second = new HttpHandler(this.#parts.now, stop, request);
        second.start(resolve, reject);
        this.#run(errand, second, 'fresh');
      });
      this.#run(errand, first, 'any');
    });
  }

  async close(): Promise<void> {
    for (const connecting of this.#connecting) connecting.cancel();
    for (const line of this.#lines.keys()) line.destroy();
  }

  #prepare(request: HttpRequest): Errand {
    const { origin, route, isForOne } = this.#parts;
    const isRelayed = route.proxy !== undefined && !this.#isTls;
    const addressed = isRelayed ? addressProxy(request, origin, route) : request;
    const sent = isForOne ? sayItIsLast(addressed) : addressed;
    return {
      written: writeRequest(sent, this.#url.host),
      isRepeatable: IDEMPOTENT.has(request.method),
      servername: this.#isTls ? findServername(request) : '',
    };
  }

  #run(errand: Errand, handler: HttpHandler, wanted: 'any' | 'fresh'): void {
    if (handler.isDone) return;
    const line = wanted === 'any' ? this.#take(errand) : undefined;
    if (!line) this.#open(errand, handler);
    else if (errand.isRepeatable) onceTurnIsOver(() => this.#sendCarefully(line, errand, handler));
    else onceEventsAreIn(() => this.#sendCarefully(line, errand, handler));
  }

  /** What may not be sent twice goes over no connection whose end is known already, or about to be. */
  #sendCarefully(line: Http1Line, errand: Errand, handler: HttpHandler): void {
    if (handler.isDone) {
      if (!line.isGone) this.#free.push(line);
    } else if (line.isGone) this.#open(errand, handler);
    else line.send(errand.written, handler);
  }

  /** The connection that was used last; one that was idle for too long is closed, and another opened in its place. */
  #take({ isRepeatable, servername }: Errand): Http1Line | undefined {
    const line = this.#takeFree(servername);
    if (!line) return undefined;
    const idleMs = this.now() - line.freeSince;
    if (isTrusted({ idleMs, keptSeconds: line.keptSeconds, isRepeatable })) return line;
    line.destroy();
    return undefined;
  }

  #takeFree(servername: string): Http1Line | undefined {
    const last = this.#free.at(-1);
    // Mostly all are for one name.
    if (last && this.#lines.get(last) === servername) return this.#free.pop();
    const at = this.#free.findLastIndex((line) => this.#lines.get(line) === servername);
    return at === -1 ? undefined : this.#free.splice(at, 1)[0];
  }

  #open({ written, servername }: Errand, handler: HttpHandler): void {
    const { hostname, port } = this.#url;
    const target = { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, servername };
    const connecting = this.#parts.connect(target);
    this.#connecting.add(connecting);
    handler.onOpening(connecting.opening, () => connecting.cancel());
    connecting.socket
      .finally(() => this.#connecting.delete(connecting))
      .then(
        (socket) => {
          const line = new Http1Line(socket, this, connecting.listen);
          this.#lines.set(line, servername);
          if (handler.isDone) line.destroy();
          else line.send(written, handler);
        },
        (error: unknown) => handler.onError(error),
      );
  }
}

/** A request as a proxy takes it: with the whole address, and who one is. */
function addressProxy(request: HttpRequest, origin: string, { proxy }: HttpRoute): HttpRequest {
  const authorization = proxy?.authorization;
  const more = authorization === undefined ? [] : ['proxy-authorization', authorization];
  return { ...request, path: `${origin}${request.path}`, headers: [...request.headers, ...more] };
}

function sayItIsLast(request: HttpRequest): HttpRequest {
  const { headers } = request;
  const saysSo = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'connection');
  return saysSo ? request : { ...request, headers: [...headers, 'connection', 'close'] };
}

function findServername({ headers }: HttpRequest): string {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== 'host') continue;
    const name = (headers[at + 1] ?? '').replace(/:\d+$/, '');
    return isIP(name) === 0 && !name.startsWith('[') ? name : '';
  }
  return '';
}
