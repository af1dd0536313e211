import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A service that takes its time: it does what it was asked also when nobody waits for the answer any more. */
export interface SlowRelay {
  readonly url: string;
  /** Resolves when it has done all that it was asked. */
  settle(): Promise<void>;
  close(): void;
}

/** Starts a relay in front of a service, which passes each request on after a while. */
export async function startSlowRelay(target: string, delayMs: number): Promise<SlowRelay> {
  const working = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      await sleep(delayMs);
      const answer = await fetch(new URL(request.url ?? '/', target), {
        method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      const { status, headers } = answer;
      response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' }).end(await answer.text());
    };
    // A request that broke off before its end is none, and a service that is away answers nothing.
    const work = pass()
      .catch(() => void response.destroy())
      .finally(() => working.delete(work));
    working.add(work);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async settle() {
      await Promise.all(working);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
