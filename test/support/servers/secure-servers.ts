import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type SecureServerOptions,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { TestServer } from './http-server.ts';

/** Starts a server that speaks HTTP/1.1 over TLS. */
export function startHttpsServer(options: TlsOptions, handle: RequestListener): Promise<TestServer> {
  return listen(createHttpsServer(options, handle), 'https');
}

export interface Http2TestServer extends TestServer {
  /** Those that were opened, the first one first. */
  readonly sessions: readonly Http2Session[];
  /** Cuts all connections without a word. */
  cut(): void;
}

/** Starts a server that speaks HTTP/2: over TLS with `options`, without it when there are none. */
export async function startHttp2Server(
  options: SecureServerOptions | undefined,
  handle: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Promise<Http2TestServer> {
  const server = options ? createSecureServer(options, handle) : createHttp2Server(handle);
  const sessions: Http2Session[] = [];
  server.on('session', (session: Http2Session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  return { ...(await listen(server, options ? 'https' : 'http')), sessions };
}

export interface TestProxy extends TestServer {
  /** `CONNECT host:port`, `GET http://host/path`; with the credentials that came along. */
  readonly asked: string[];
  readonly sockets: ReadonlySet<Socket>;
}

export interface ProxyOptions {
  /** `user:password`; others get 407. */
  readonly credentials?: string;
  readonly tls?: TlsOptions;
  /** What it answers instead of doing what it is asked for. */
  readonly answer?: (request: IncomingMessage, socket: Socket) => void;
}

/** Starts a proxy that connects through and hands requests on. */
export async function startProxy({ credentials, tls, answer }: ProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const isKnown = ({ headers }: IncomingMessage) =>
    credentials === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
  const handle: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (answer) answer(request, request.socket);
    else if (!isKnown(request)) response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end('who are you?');
    else
      void handOn(request).then(async (theirs) => {
        response
          .writeHead(theirs.status, Object.fromEntries(theirs.headers))
          .end(Buffer.from(await theirs.arrayBuffer()));
      });
  };
  const server = tls ? createHttpsServer(tls, handle) : createHttpServer(handle);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined);
    if (answer) answer(request, socket);
    else if (!isKnown(request))
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
    else connectThrough(request.url ?? '', socket);
  });
  return { ...(await listen(server, tls ? 'https' : 'http')), asked, sockets };
}

async function handOn(request: IncomingMessage): Promise<Response> {
  const { 'proxy-authorization': _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
  const more: Record<string, string> = { ...(headers as Record<string, string>), 'x-was-asked-for': request.url ?? '' };
  return fetch(request.url ?? '', { method: request.method ?? 'GET', redirect: 'manual', headers: more, ...body });
}

function connectThrough(target: string, socket: Socket): void {
  const { hostname, port } = new URL(`http://${target}`);
  const other = connect(Number(port), hostname.replace(/^\[(.*)\]$/, '$1'));
  other.once('connect', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    other.pipe(socket);
    socket.pipe(other);
  });
  other.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  socket.on('close', () => other.destroy());
}

async function listen(server: Server, scheme: string): Promise<TestServer & { cut(): void }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, peer: `127.0.0.1:${port}`, url: `${scheme}://127.0.0.1:${port}`, close, cut };
}
