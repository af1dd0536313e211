import { Worker } from 'node:worker_threads';

export interface LimitedServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Plain JavaScript, for a worker of Node 20 reads nothing else: what comes waits until all that came before has had its time. */
const SERVER = `
const { createServer } = require('node:http');
const { parentPort, workerData } = require('node:worker_threads');
let freeAt = 0;
const server = createServer((request, response) => {
  request.resume();
  const now = performance.now();
  freeAt = Math.max(now, freeAt) + 1000 / workerData.perSecond;
  const isFull = freeAt - now > workerData.longestMs;
  if (isFull) freeAt -= 1000 / workerData.perSecond;
  setTimeout(() => {
    response.writeHead(isFull ? 503 : 200, { 'content-type': 'application/json' });
    response.end('{}');
  }, isFull ? 0 : freeAt - now);
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** A server in a thread of its own that answers one request after another, so many a second; whoever would wait for longer is refused. */
export async function startLimitedServer(
  perSecond: number,
  longestMs = Number.POSITIVE_INFINITY,
): Promise<LimitedServer> {
  const worker = new Worker(SERVER, { eval: true, workerData: { perSecond, longestMs } });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { url: `http://127.0.0.1:${port}`, close: async () => void (await worker.terminate()) };
}
