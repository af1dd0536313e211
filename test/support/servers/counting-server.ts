import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface CountingServer {
  readonly url: string;
  readonly requests: number;
  readonly statuses: ReadonlyMap<number, number>;
  /** May be emptied. */
  readonly paths: string[];
  /** Bytes of HTTP that came and went. */
  readonly bytes: { readonly received: number; readonly sent: number };
  readonly connections: number;
  close(): Promise<void>;
}

/** A server that counts what comes and goes; `answer` says what it answers, 200 when absent. */
export async function startCountingServer(
  answer: (request: IncomingMessage, count: number) => Promise<number> | number = () => 200,
): Promise<CountingServer> {
  const sockets: Socket[] = [];
  const statuses = new Map<number, number>();
  const paths: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for await (const _ of request);
    paths.push(request.url ?? '');
    const status = await answer(request, paths.length);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: paths.length, total: 5 }));
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sum = (key: 'bytesRead' | 'bytesWritten'): number => sockets.reduce((all, socket) => all + socket[key], 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return paths.length;
    },
    statuses,
    paths,
    get bytes() {
      return { received: sum('bytesRead'), sent: sum('bytesWritten') };
    },
    get connections() {
      return sockets.length;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
