import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Value } from '../../expr/index.ts';
import { compilePath } from '../../util/path-pattern.ts';
import { toBody } from '../stub/wire/send-answer.ts';
import { type ActiveFault, findCut, type Met, takePart } from './active-fault.ts';
import { FaultList } from './fault-list.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { Listener } from './listener.ts';
import { drawDelay, type PaceHost, Pacer } from './pacer.ts';

export interface HttpProxyOptions {
  readonly upstream: URL;
  readonly preservesHost: boolean;
}

/** A proxy of requests: each goes through as it is, but for the faults that it meets. */
export class HttpProxy implements FaultProxy {
  readonly protocol = 'http';
  readonly #options: HttpProxyOptions;
  readonly #host: PaceHost;
  readonly faults: FaultList;
  readonly #listener: Listener<Server>;
  readonly #sockets = new Set<Socket>();
  readonly #agent = new Agent({ keepAlive: true });
  #total = { connections: 0, requests: 0, bytes: 0 };

  constructor(options: HttpProxyOptions, host: PaceHost) {
    this.#options = options;
    this.#host = host;
    this.faults = new FaultList(host, () => this.#apply());
    this.#listener = new Listener(() => this.#createServer());
  }

  get port(): number {
    return this.#listener.port;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get total(): Met {
    return { ...this.#total };
  }

  /** @throws the network's error */
  listen(port: number): Promise<void> {
    return this.#listener.open(port);
  }

  async close(): Promise<void> {
    await this.faults.clear();
    const closed = this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
    await closed;
  }

  #createServer(): Server {
    const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (message, response) =>
      this.#receive(message, response),
    );
    server.on('connection', (socket) => {
      this.#total.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  #apply(): Promise<unknown> {
    const down = this.faults.active.filter(({ faults }) => faults.down);
    return this.#listener.setDown(down.length > 0, () => {
      for (const socket of this.#sockets) {
        for (const fault of down) fault.noteConnection(socket);
        socket.resetAndDestroy();
      }
    });
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    this.#total.requests++;
    const faults = this.faults.active.filter((fault) => isMeant(fault, message) && fault.chooses(message));
    for (const fault of faults) fault.noteRequest();
    if (faults.some((fault) => fault.faults.reset === true)) {
      message.socket.resetAndDestroy();
      return;
    }
    if (faults.some((fault) => fault.faults.timeout)) return;
    const refusing = faults.find((fault) => fault.faults.status && fault.takesRequest());
    if (refusing?.faults.status) {
      const { code, body } = refusing.faults.status;
      const made = toBody(body as Value | undefined);
      response.writeHead(code, made.type === undefined ? {} : { 'content-type': made.type }).end(made.body);
      message.resume();
      return;
    }
    const delay = faults.reduce((sum, fault) => sum + waitOf(fault, 'up', this.#host), 0);
    if (delay > 0) this.#host.clock.after(delay, () => void this.#forward(message, response, faults));
    else void this.#forward(message, response, faults);
  }

  async #forward(message: IncomingMessage, response: ServerResponse, faults: readonly ActiveFault[]): Promise<void> {
    const { upstream, preservesHost } = this.#options;
    const isSecure = upstream.protocol === 'https:';
    const send = isSecure ? (await import('node:https')).request : request;
    const path = `${upstream.pathname.replace(/\/$/, '')}${message.url ?? '/'}`;
    const headers = [...message.rawHeaders];
    if (!preservesHost) setHost(headers, upstream.host);
    const { hostname, port } = upstream;
    const out = send(
      { hostname, port, path, method: message.method, headers, ...(isSecure ? {} : { agent: this.#agent }) },
      (answer) => this.#answer(answer, response, faults),
    );
    out.on('error', (error) => {
      if (response.headersSent) response.socket?.destroy();
      else
        response
          .writeHead(502, { 'content-type': 'text/plain' })
          .end(`the upstream did not answer: ${error.message}\n`);
    });
    response.once('close', () => {
      if (!response.writableFinished) out.destroy();
    });
    message.pipe(out);
  }

  #answer(answer: IncomingMessage, response: ServerResponse, faults: readonly ActiveFault[]): void {
    const delay = faults.reduce((sum, fault) => sum + (fault.faults.delay ?? 0) + waitOf(fault, 'down', this.#host), 0);
    const go = (): void => this.#pass(answer, response, faults);
    if (delay > 0) {
      answer.pause();
      this.#host.clock.after(delay, go);
    } else go();
  }

  #pass(answer: IncomingMessage, response: ServerResponse, faults: readonly ActiveFault[]): void {
    const { socket } = response;
    if (!socket || socket.destroyed) return;
    response.writeHead(answer.statusCode ?? 502, changeHeaders(answer.rawHeaders, faults));
    const cut = findCut(faults);
    let passed = 0;
    const pacer = new Pacer(this.#host, (bytes) => {
      if (!response.write(bytes)) answer.pause();
    });
    const paces = faults
      .flatMap((fault) => fault.paceOf('down') ?? [])
      .map(({ bandwidth, slice }) => ({ bandwidth, slice }))
      .filter(({ bandwidth, slice }) => bandwidth !== undefined || slice !== undefined);
    response.on('drain', () => answer.resume());
    answer.on('data', (bytes: Buffer) => {
      this.#total.bytes += bytes.length;
      for (const fault of faults) fault.noteBytes(bytes.length);
      const { part, isLast } = takePart(bytes, passed, cut);
      passed += part.length;
      if (part.length > 0) pacer.add(part, paces);
      if (!cut || !isLast) return;
      answer.destroy();
      pacer.whenEmpty(() => {
        if (cut.isReset) socket.resetAndDestroy();
        else socket.destroySoon();
      });
    });
    answer.on('end', () => pacer.whenEmpty(() => response.end()));
    answer.on('error', () => socket.destroy());
    answer.resume();
  }
}

function isMeant({ match }: ActiveFault, { method, url = '/' }: IncomingMessage): boolean {
  if (!match) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  return match.path === undefined || compilePath(match.path).match(url.split('?', 1)[0] ?? '/') !== undefined;
}

/** How long a request, or its answer, is held up. */
function waitOf(fault: ActiveFault, direction: 'up' | 'down', host: PaceHost): number {
  return Math.max(0, drawDelay(fault.paceOf(direction) ?? {}, host));
}

function setHost(headers: string[], host: string): void {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (at === -1) headers.push('host', host);
  else headers[at + 1] = host;
}

/** The headers of an answer with those changed that faults name; null takes one away. */
function changeHeaders(raw: readonly string[], faults: readonly ActiveFault[]): string[] {
  const changes = new Map(
    faults.flatMap(({ faults: { header = {} } }) =>
      Object.entries(header).map(([name, value]) => [name.toLowerCase(), [name, value]] as const),
    ),
  );
  const headers: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!changes.has(name.toLowerCase())) headers.push(name, raw[at + 1] ?? '');
  }
  for (const [name, value] of changes.values()) if (value !== null) headers.push(name, value);
  return headers;
}
