import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { lookUp } from '../look-up.ts';
import { openLeanTcp, openTcp, type Receive, tuneTcp } from '../tcp.ts';
import type { TlsParts } from '../tls.ts';
import type { Opening } from './http-handler.ts';
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
  /** Gives ms that never go back. */
  now(): number;
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
  readonly servername?: string | undefined;
}

/** A connection that is being opened. */
export interface Connecting {
  readonly opening: Opening;
  readonly socket: Promise<Socket>;
  /** Takes what comes over it, where that does not come through its stream. */
  readonly listen: ((receive: Receive) => void) | undefined;
  cancel(): void;
}

export type Connect = (target: HttpTarget) => Connecting;

/** Makes the function that opens connections. @throws when the certificates cannot be used */
export async function createConnector(plan: ConnectPlan): Promise<Connect> {
  const open = await chooseWay(plan);
  return (target) => {
    const attempt = new Attempt(() => plan.now());
    open(target, attempt);
    return attempt;
  };
}

async function chooseWay(plan: ConnectPlan): Promise<Open> {
  const { isTls, route, protocols } = plan;
  const { proxy } = route;
  if (!isTls && !proxy?.isTls)
    return proxy ? createProxyConnector(plan, proxy) : protocols.includes('h2') ? openPlain : openLean;
  const tls = await import('node:tls');
  const { ca, cert, key, passphrase } = route.tls ?? {};
  const secureContext = route.tls && tls.createSecureContext(withoutUndefined({ ca, cert, key, passphrase }));
  const ways: TlsWays = {
    toTarget: ({ hostname, servername }, below) =>
      tls.connect({
        ...below,
        host: hostname,
        lookup: lookUp,
        ...nameServer(route.tls?.servername || servername || hostname),
        ...(secureContext && { secureContext }),
        ...(route.tls?.isInsecure ? { rejectUnauthorized: false } : {}),
        ALPNProtocols: [...protocols],
      }),
    toProxy: ({ host, port }) => {
      // A proxy is no party to what was agreed with the service: its certificate is always checked, and it gets none.
      const trusted = ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] };
      return tls.connect({ host, port, lookup: lookUp, ...nameServer(host), ...trusted, ALPNProtocols: ['http/1.1'] });
    },
  };
  return proxy ? createProxyConnector(plan, proxy, ways) : createTlsConnector(ways);
}

interface TlsWays {
  toTarget(target: HttpTarget, below: { readonly socket: Socket } | { readonly port: number }): TLSSocket;
  toProxy(proxy: HttpProxy): TLSSocket;
}

type Open = (target: HttpTarget, attempt: Attempt) => void;

function openPlain({ hostname, port }: HttpTarget, attempt: Attempt): void {
  succeedOnceConnected(openTcp(hostname, Number(port || 80)), attempt);
}

function openLean({ hostname, port }: HttpTarget, attempt: Attempt): void {
  const { socket, listen } = openLeanTcp(hostname, Number(port || 80));
  attempt.listen = listen;
  succeedOnceConnected(socket, attempt);
}

function succeedOnceConnected(socket: Socket, attempt: Attempt): void {
  attempt.follow(socket);
  socket.once('connect', () => {
    attempt.mark('connectedAt');
    attempt.succeed(socket);
  });
}

function createTlsConnector(ways: TlsWays): Open {
  return (target, attempt) => {
    const socket = ways.toTarget(target, { port: Number(target.port || 443) });
    tuneTcp(socket);
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
    const way = proxy.isTls && ways ? tuneTcp(ways.toProxy(proxy)) : openTcp(proxy.host, proxy.port);
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

/** One connection being opened: its times, and that its end is reported once. */
class Attempt implements Connecting {
  readonly #now: () => number;
  readonly #sockets: Socket[] = [];
  #resolve: (socket: Socket) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  readonly opening: { -readonly [K in keyof Opening]: Opening[K] };
  readonly socket: Promise<Socket>;
  listen: Connecting['listen'];
  /** Whether what goes wrong is between us and the proxy. */
  isAtProxy = false;
  #isReported = false;

  constructor(now: () => number) {
    this.#now = now;
    const startedAt = now();
    this.opening = {
      startedAt,
      lookedUpAt: undefined,
      proxyAt: undefined,
      connectedAt: undefined,
      readyAt: undefined,
    };
    this.socket = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  follow(socket: Socket): void {
    this.#sockets.push(socket);
    socket.once('lookup', () => {
      this.opening.lookedUpAt ??= this.#now();
    });
    socket.on('error', (error) => this.fail(error));
    socket.once('close', () => this.fail(new Error('the connection was closed')));
  }

  /** What is connected is ready, unless a TLS handshake follows. */
  mark(time: 'proxyAt' | 'connectedAt' | 'readyAt'): void {
    this.opening[time] = this.#now();
    if (time === 'connectedAt') this.opening.readyAt = this.opening.connectedAt;
  }

  succeed(socket: Socket): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#resolve(socket);
  }

  cancel(): void {
    this.fail(new Error('the connection was given up'));
  }

  fail(error: Error): void {
    if (this.#isReported) return;
    this.#isReported = true;
    for (const socket of this.#sockets) socket.destroy();
    const isWrapped = !this.isAtProxy || error instanceof ProxyFailure;
    this.#reject(isWrapped ? error : new ProxyFailure(error.message, { cause: error }));
  }
}

/** An address in numbers is not a name to ask for. */
function nameServer(name: string): { servername?: string } {
  return isIP(name) === 0 ? { servername: name } : {};
}

function nameTarget({ hostname, port }: HttpTarget, isTls: boolean): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || (isTls ? 443 : 80)}`;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
