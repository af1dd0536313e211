import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on 127.0.0.1 that answers every request with JSON. */
export interface JsonServer {
  readonly url: string;
  close(): void;
}

/** Starts a server; `answer` is given how many requests came, this one included. */
export async function startJsonServer(answer: (count: number) => unknown): Promise<JsonServer> {
  let count = 0;
  const server = createServer((_request, response) => {
    count++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(count)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An order as services answer it. */
export const ORDER = { id: 'o-1', status: 'paid', total: 59.98, items: [{ sku: 'A1', price: 29.99, quantity: 2 }] };
