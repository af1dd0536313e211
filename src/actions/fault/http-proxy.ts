import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Value } from '../../expr/index.ts';
import { isMatch, measure } from '../stub/request-rules.ts';
import { toBody } from '../stub/wire/send-answer.ts';
import type { ActiveFault, Direction } from './active-fault.ts';
import { carryBody, readLength } from './carry-body.ts';
import { changeHeaders } from './change-headers.ts';
import { FaultList } from './fault-list.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { Listener } from './listener.ts';
import { drawDelay, type PaceHost } from './pacer.ts';
import type { Met } from './tally.ts';

export interface HttpProxyOptions {
  readonly upstream: URL;
  readonly preservesHost: boolean;
}

/** A request with the faults that it meets. */
interface Call {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly faults: readonly ActiveFault[];
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
    this.faults = new FaultList(host, {
      getPort: () => this.port,
      countArrivals: () => this.#total.requests,
      apply: () => this.#apply(),
    });
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
    const faults = chooseFaults(this.faults.active, message);
    const note = (met: readonly ActiveFault[]): boolean => {
      for (const fault of met) fault.noteRequest(message);
      return met.length > 0;
    };
    if (note(faults.filter((fault) => fault.faults.reset === true))) {
      message.socket.resetAndDestroy();
      return;
    }
    if (note(faults.filter((fault) => fault.faults.timeout))) return;
    const refusing = faults.find((fault) => fault.faults.status && fault.takesRequest());
    if (refusing?.faults.status) {
      note([refusing]);
      const { code, body } = refusing.faults.status;
      const made = toBody(body as Value | undefined);
      response.writeHead(code, made.type === undefined ? {} : { 'content-type': made.type }).end(made.body);
      message.resume();
      return;
    }
    const call = { message, response, faults };
    const delay = this.#holdUp(call, 'up');
    if (delay > 0) this.#host.clock.after(delay, () => void this.#forward(call));
    else void this.#forward(call);
  }

  /** How long a request, or its answer, is held up as a whole. */
  #holdUp({ message, faults }: Call, direction: Direction): number {
    let sum = 0;
    for (const fault of faults) {
      const own = direction === 'down' ? (fault.faults.delay ?? 0) : 0;
      const delay = own + Math.max(0, drawDelay(fault.paceOf(direction) ?? {}, this.#host));
      if (delay > 0) fault.noteRequest(message);
      sum += delay;
    }
    return sum;
  }

  async #forward(call: Call): Promise<void> {
    const { message, response, faults } = call;
    const { upstream, preservesHost } = this.#options;
    const isSecure = upstream.protocol === 'https:';
    const send = isSecure ? (await import('node:https')).request : request;
    const path = `${upstream.pathname.replace(/\/$/, '')}${message.url ?? '/'}`;
    const headers = [...message.rawHeaders];
    if (!preservesHost) setHost(headers, upstream.host);
    const { hostname, port } = upstream;
    const out = send(
      { hostname, port, path, method: message.method, headers, ...(isSecure ? {} : { agent: this.#agent }) },
      (answer) => this.#answer(answer, call),
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
    carryBody(message, out, {
      request: message,
      direction: 'up',
      faults,
      host: this.#host,
      length: readLength(message, undefined),
      onBytes: () => undefined,
      cut(isReset) {
        if (isReset) message.socket.resetAndDestroy();
        else message.socket.destroySoon();
        out.destroy();
      },
    });
  }

  #answer(answer: IncomingMessage, call: Call): void {
    const delay = this.#holdUp(call, 'down');
    if (delay > 0) {
      answer.pause();
      this.#host.clock.after(delay, () => this.#pass(answer, call));
    } else this.#pass(answer, call);
  }

  #pass(answer: IncomingMessage, { message, response, faults }: Call): void {
    // An answer that waits for an earlier one on its connection has no socket of its own yet.
    const { socket } = message;
    if (socket.destroyed) return;
    const { headers, changing } = changeHeaders(answer.rawHeaders, faults);
    for (const fault of changing) fault.noteRequest(message);
    response.writeHead(answer.statusCode ?? 502, headers);
    carryBody(answer, response, {
      request: message,
      direction: 'down',
      faults,
      host: this.#host,
      length: readLength(answer, message.method),
      onBytes: (count) => {
        this.#total.bytes += count;
      },
      cut(isReset) {
        answer.destroy();
        if (isReset) socket.resetAndDestroy();
        else socket.destroySoon();
      },
    });
    answer.on('error', () => socket.destroy());
    answer.resume();
  }
}

/** Those of the faults that a request meets: it has to be as they say, and of their share. */
function chooseFaults(active: readonly ActiveFault[], message: IncomingMessage): readonly ActiveFault[] {
  if (active.length === 0) return active;
  const { method = 'GET', url: target = '/' } = message;
  const place = { method, path: target.split('?', 1)[0] ?? target };
  return active.filter((fault) => {
    const rules = fault.rules?.byPath ?? [];
    if (isMatch({ rules }, place)) return fault.chooses(message);
    fault.seen.notePassed({ name: `${method} ${place.path}`, ...measure({ rules }, place) });
    return false;
  });
}

function setHost(headers: string[], host: string): void {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (at === -1) headers.push('host', host);
  else headers[at + 1] = host;
}
