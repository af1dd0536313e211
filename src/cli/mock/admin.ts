import { createServer, type Server, type ServerResponse } from 'node:http';
import type { StubView } from '../../actions/stub/stub-view.ts';
import { listenOn } from '../../drivers/listen.ts';
import { stringifyJson, type Value } from '../../expr/index.ts';

/** What the admin port is about. */
export interface Administered {
  readonly view: StubView;
  /** PEM text of the authority to trust, where it is the stub's own. */
  readonly ca: string | undefined;
  /** Has requests forgotten and routes begin again; gives how many requests there were. */
  reset(): number;
  mask(text: string): string;
}

const USAGE = 'GET /requests, GET /routes, GET /ca, POST /reset';

/** Says in JSON what a stub was asked and what it answers with, and has it begin again. */
export class AdminServer {
  readonly #server: Server;

  constructor(about: Administered) {
    this.#server = createServer(({ method = 'GET', url = '/' }, response) => {
      const [path = '/'] = url.split('?');
      const isKnown = ['/requests', '/routes', '/ca', '/reset'].includes(path);
      const wanted = path === '/reset' ? 'POST' : 'GET';
      if (!isKnown) send(response, 404, { error: `there is no ${path}; there are ${USAGE}` });
      else if (method !== wanted) send(response, 405, { error: `${path} takes ${wanted}, not ${method}` });
      else sendText(response, 200, about.mask(stringifyJson(read(path, about))));
    });
  }

  /** Listens on a port of this machine; gives the port. @throws the network's error */
  listen(port: number): Promise<number> {
    return listenOn(this.#server, port);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function read(path: string, { view, ca, reset }: Administered): Value {
  const { log, routes, unmatched } = view;
  if (path === '/ca') return { ca: ca ?? null };
  if (path === '/reset') return { forgotten: reset() };
  if (path === '/routes')
    return { routes: routes.map(({ name, used }) => ({ name, answered: used })), unmatched: unmatched.count };
  return { count: log.total, dropped: log.dropped, requests: [...log.list()] };
}

function send(response: ServerResponse, status: number, value: Value): void {
  sendText(response, status, stringifyJson(value));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${text}\n`);
}
