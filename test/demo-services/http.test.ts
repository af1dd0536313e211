import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createServer } from '../../demo-services/shared/http.ts';

test('each request stands in the log with its trace, health apart', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const app = createServer(pino({}, stream));
  app.get('/health', async () => 'ok');
  app.get('/orders', async () => []);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await app.inject({ url: '/health', headers: { traceparent } });
  await app.inject({ url: '/orders?page=1', headers: { traceparent } });
  await app.inject({ url: '/none' });
  await app.close();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'answered', method: 'GET', url: '/orders?page=1', status: 200, traceparent },
    { msg: 'answered', method: 'GET', url: '/none', status: 404 },
  ]);
});
