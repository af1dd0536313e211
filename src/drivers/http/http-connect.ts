import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsParts } from '../tls.ts';
import type { HttpLink, Opening } from './http-handler.ts';
import { askForTunnel, ProxyFailure } from './http-tunnel.ts';

/** How an origin is reached, besides its address. */
export interface HttpRoute {
  readonly tls?: TlsParts | undefined;
  readonly proxy?: HttpProxy | undefined;
}

export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly isTls: boolean;
  /** A `proxy-authorization` header. */
  readonly authorization: string | undefined;
}

/** What connections to an origin are to be like. */
export interface ConnectPlan {
  readonly link: HttpLink;
  readonly isTls: boolean;
  readonly route: HttpRoute;
  /** Protocols to offer in the TLS handshake. */
  readonly protocols: readonly string[];
  /** Whether the proxy is to connect through, instead of being sent the requests themselves. */
  readonly wantsTunnel: boolean;
}

/** Whom to connect to; `servername` follows the request's Host header, when it has one. */
export interface HttpTarget {
  readonly hostname: string;
  readonly port: string;
  readonly servername?: string | null | undefined;
}

type Connected = (...result: [null, Socket] | [Error, null]) => void;
type Connect = (target: HttpTarget, callback: Connected) => void;

/** Makes the function that opens connections; it calls back once. @throws when the certificates cannot be used */
export async function createConnector(plan: ConnectPlan): Promise<Connect> {
  const { link, isTls, route, protocols } = plan;
  const { proxy } = route;
  if (!isTls && !proxy?.isTls) {
    const connect = proxy ? createProxyConnector(plan, proxy) : openPlain;
    return (target, callback) => connect(target, new Attempt(link, callback));
  }
  const tls = await import('node:tls');
  const { ca, cert, key, passphrase } = route.tls ?? {};
  const secureContext = route.tls && tls.createSecureContext(withoutUndefined({ ca, cert, key, passphrase }));
  const ways: TlsWays = {
    toTarget: ({ hostname, servername }, below) =>
      tls.connect({
        ...below,
        host: hostname,
        ...nameServer(route.tls?.servername || servername || hostname),
        ...(secureContext && { secureContext }),
        ...(route.tls?.isInsecure ? { rejectUnauthorized: false } : {}),
        ALPNProtocols: [...protocols],
      }),
    toProxy: ({ host, port }) => {
      // A proxy is no party to what was agreed with the service: its certificate is always checked, and it gets none.
      const trusted = ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] };
      return tls.connect({ host, port, ...nameServer(host), ...trusted, ALPNProtocols: ['http/1.1'] });
    },
  };
  const connect = proxy ? createProxyConnector(plan, proxy, ways) : createTlsConnector(ways);
  return (target, callback) => connect(target, new Attempt(link, callback));
}

interface TlsWays {
  toTarget(target: HttpTarget, below: { readonly socket: Socket } | { readonly port: number }): TLSSocket;
  toProxy(proxy: HttpProxy): TLSSocket;
}

type Open = (target: HttpTarget, attempt: Attempt) => void;

function openPlain({ hostname, port }: HttpTarget, attempt: Attempt): void {
  const socket = openTcp(hostname, Number(port || 80));
  attempt.follow(socket);
  socket.once('connect', () => {
    attempt.mark('connectedAt');
    attempt.succeed(socket);
  });
}

function createTlsConnector(ways: TlsWays): Open {
  return (target, attempt) => {
    const socket = ways.toTarget(target, { port: Number(target.port || 443) });
    tune(socket);
    attempt.follow(socket);
    socket.once('connect', () => attempt.mark('connectedAt'));
    socket.once('secureConnect', () => {
      attempt.mark('readyAt');
      attempt.succeed(socket);
    });
  };
}

function createProxyConnector({ isTls, wantsTunnel }: ConnectPlan, proxy: HttpProxy, ways?: TlsWays): Open {
  return (target, attempt) => {
    attempt.isAtProxy = true;
    const way = proxy.isTls && ways ? tune(ways.toProxy(proxy)) : openTcp(proxy.host, proxy.port);
    attempt.follow(way);
    const arrive = () => {
      attempt.isAtProxy = false;
      attempt.mark('connectedAt');
      if (!isTls || !ways) {
        attempt.succeed(way);
        return;
      }
      const socket = ways.toTarget(target, { socket: way });
      attempt.follow(socket);
      socket.once('secureConnect', () => {
        attempt.mark('readyAt');
        attempt.succeed(socket);
      });
    };
    way.once(proxy.isTls ? 'secureConnect' : 'connect', () => {
      attempt.mark('proxyAt');
      if (!wantsTunnel) arrive();
      else
        askForTunnel(way, { target: nameTarget(target, isTls), authorization: proxy.authorization }, (failure) =>
          failure ? attempt.fail(failure) : arrive(),
        );
    });
  };
}

/** One connection being opened: its times, and that its end is told once. */
class Attempt {
  readonly #link: HttpLink;
  readonly #callback: Connected;
  readonly #sockets: Socket[] = [];
  readonly #opening: { -readonly [K in keyof Opening]: Opening[K] };
  #isTold = false;
  /** Whether what goes wrong is between us and the proxy. */
  isAtProxy = false;

  constructor(link: HttpLink, callback: Connected) {
    this.#link = link;
    this.#callback = callback;
    const startedAt = link.now();
    this.#opening = {
      startedAt,
      lookedUpAt: undefined,
      proxyAt: undefined,
      connectedAt: undefined,
      readyAt: undefined,
    };
  }

  follow(socket: Socket): void {
    this.#sockets.push(socket);
    this.#link.opening.set(socket, this.#opening);
    socket.once('lookup', () => {
      this.#opening.lookedUpAt ??= this.#link.now();
    });
    socket.on('error', (error) => this.fail(error));
    socket.once('close', () => this.fail(new Error('the connection was closed')));
  }

  /** What is connected is ready, unless a TLS handshake follows. */
  mark(time: 'proxyAt' | 'connectedAt' | 'readyAt'): void {
    this.#opening[time] = this.#link.now();
    if (time === 'connectedAt') this.#opening.readyAt = this.#opening.connectedAt;
  }

  succeed(socket: Socket): void {
    if (!this.#end()) return;
    this.#link.fresh = this.#opening;
    this.#callback(null, socket);
    this.#link.fresh = undefined;
  }

  fail(error: Error): void {
    if (!this.#end()) return;
    for (const socket of this.#sockets) socket.destroy();
    const isWrapped = !this.isAtProxy || error instanceof ProxyFailure;
    this.#callback(isWrapped ? error : new ProxyFailure(error.message, { cause: error }), null);
  }

  #end(): boolean {
    if (this.#isTold) return false;
    this.#isTold = true;
    for (const socket of this.#sockets) this.#link.opening.delete(socket);
    return true;
  }
}

function openTcp(host: string, port: number): Socket {
  const options = { host, port, highWaterMark: 65_536 };
  return tune(connectTcp(options));
}

function tune<T extends Socket>(socket: T): T {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

/** An address in numbers is no name to ask for. */
function nameServer(name: string): { servername?: string } {
  return isIP(name) === 0 ? { servername: name } : {};
}

function nameTarget({ hostname, port }: HttpTarget, isTls: boolean): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || (isTls ? 443 : 80)}`;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
