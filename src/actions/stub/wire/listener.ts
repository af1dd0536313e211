import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2Server, Http2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { listenOn } from '../../../drivers/listen.ts';

/** Who hears of what comes in. */
export interface Callers {
  onRequest(message: IncomingMessage, response: ServerResponse): void;
  /** Of HTTP/2: names and values of the headers in turn, those that begin with a colon too. */
  onStream(stream: ServerHttp2Stream, rawHeaders: readonly string[]): void;
}

/** What a client that speaks HTTP/2 sends first. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Letters of it that no request of HTTP/1.1 begins with. */
const TELLING = 3;
const MOST_STREAMS = 1_000;

/** Listens on one port for HTTP/1.1 and HTTP/2: chosen in the TLS handshake, and without TLS by what a connection begins with. */
export class Listener {
  readonly #server: Server;
  readonly #serveHttp1: (socket: Socket) => void;
  /** Every connection, by the port at its other end: what is encrypted over it does not lead back to it. */
  readonly #connections = new Map<number, Socket>();
  readonly #sockets = new WeakMap<Http2Session, Socket>();
  #http2: Promise<Http2Server> | undefined;
  #onStream: Callers['onStream'] = () => undefined;

  /** `event` is that by which the server says that a connection can be read. */
  constructor(server: Server, event: 'connection' | 'secureConnection') {
    this.#server = server;
    const [serve] = server.listeners(event);
    this.#serveHttp1 = (socket) => serve?.call(server, socket);
    server.removeAllListeners(event);
    server.on('connection', (socket: Socket) => this.#keep(socket));
    server.on(event, (socket: Socket) => {
      if (event === 'connection') this.#tellApart(socket);
      else if ((socket as TLSSocket).alpnProtocol === 'h2') void this.#serveHttp2(socket);
      else this.#serveHttp1(socket);
    });
  }

  /** Listens on a port of this machine, 0 for a free one; gives the port. @throws the network's error */
  listen(port: number, { onRequest, onStream }: Callers): Promise<number> {
    this.#onStream = onStream;
    this.#server.on('request', onRequest);
    this.#server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      onRequest(message, response);
    });
    return listenOn(this.#server, port);
  }

  /** Ends every connection; the port is free again. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#connections.values()) socket.destroy();
    });
  }

  /** The connection below a socket, which alone can be reset. */
  connectionOf(socket: Pick<Socket, 'remotePort'>): Socket | undefined {
    return this.#connections.get(socket.remotePort ?? 0);
  }

  /** The socket that a session writes to. */
  socketOf(session: Http2Session): Socket | undefined {
    return this.#sockets.get(session);
  }

  #keep(socket: Socket): void {
    const { remotePort = 0 } = socket;
    this.#connections.set(remotePort, socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#connections.get(remotePort) === socket) this.#connections.delete(remotePort);
    });
  }

  #tellApart(socket: Socket, before: Buffer = Buffer.alloc(0)): void {
    socket.once('readable', () => {
      const read: Buffer | null = socket.read();
      if (read === null) return void socket.destroy();
      const start = before.length === 0 ? read : Buffer.concat([before, read]);
      const isPreface = PREFACE.subarray(0, start.length).equals(start.subarray(0, PREFACE.length));
      if (isPreface && start.length < TELLING) return this.#tellApart(socket, start);
      socket.unshift(start);
      if (isPreface) void this.#serveHttp2(socket);
      else this.#serveHttp1(socket);
    });
  }

  async #serveHttp2(socket: Socket): Promise<void> {
    this.#http2 ??= this.#createHttp2();
    const server = await this.#http2;
    if (socket.destroyed) return;
    // The session is announced before `emit` returns.
    server.once('session', (session) => {
      this.#sockets.set(session, socket);
      session.on('error', () => undefined);
    });
    server.emit('connection', socket);
  }

  async #createHttp2(): Promise<Http2Server> {
    const { createServer } = await import('node:http2');
    const server = createServer({ settings: { maxConcurrentStreams: MOST_STREAMS } });
    server.on('sessionError', () => undefined);
    server.on('stream', (...given: unknown[]) => {
      // The names and values in turn come last, of which the types know nothing.
      const [stream, , , rawHeaders] = given as [ServerHttp2Stream, unknown, unknown, readonly string[]];
      stream.on('error', () => undefined);
      this.#onStream(stream, rawHeaders);
    });
    return server;
  }
}
