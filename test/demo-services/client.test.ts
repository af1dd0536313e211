import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { askService } from '../../demo-services/shared/client.ts';
import { readTrace } from '../../demo-services/shared/trace.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('askService', () => {
  test('passes the trace on and returns status and body', async () => {
    const url = await serve((request, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ error: 'x', traceparent: request.headers['traceparent'] }));
    });
    const trace = readTrace({ traceparent: '00-aa-bb-01', cookie: 'a=b' });
    expect(trace).toEqual({ traceparent: '00-aa-bb-01' });
    expect(await askService('user-service', url, trace)).toEqual({
      status: 404,
      body: { error: 'x', traceparent: '00-aa-bb-01' },
    });
  });

  test.each([
    { case: 'fails', status: 500, reason: 'it answers 500' },
    { case: 'is starting', status: 503, reason: 'it answers 503' },
  ])('is a 503 problem when the service $case', async ({ status, reason }) => {
    const url = await serve((_request, response) => response.writeHead(status).end('{}'));
    const message = `user-service cannot be reached: ${reason}`;
    await expect(askService('user-service', url, {})).rejects.toMatchObject({ status: 503, message });
  });

  test('is a 503 problem when nothing listens', async () => {
    const url = await serve(() => {});
    servers.splice(0).forEach((server) => void server.close());
    const problem = {
      status: 503,
      message: expect.stringMatching(/^user-service cannot be reached: connect ECONNREFUSED/),
    };
    await expect(askService('user-service', url, {})).rejects.toMatchObject(problem);
  });

  test('is a 503 problem when the answer does not come', async () => {
    const url = await serve(() => {});
    const message = 'user-service cannot be reached: no answer within 3000 ms';
    await expect(askService('user-service', url, {})).rejects.toMatchObject({ status: 503, message });
  });
});
