import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { passOn } from '../../../src/actions/stub/forward.ts';

let seen: { target: string | undefined; rawHeaders: readonly string[]; body: Buffer } | undefined;
const service = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seen = { target: request.url, rawHeaders: request.rawHeaders, body: Buffer.concat(chunks) };
    response.writeHead(201, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']).end(Buffer.from([0, 255, 10]));
  });
});
beforeAll(() => new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<unknown>((resolve) => service.close(resolve)));

it('asks what was asked, byte for byte, and gives the answer as it came', async () => {
  const { port } = service.address() as AddressInfo;
  const body = Buffer.from('{"price": 1.50, "x": "\u00e9"}', 'latin1');
  const arrival = {
    method: 'POST',
    target: '/a%2Fb?z=1&a=2&z=%20',
    rawHeaders: ['X-Twice', '1', 'X-Twice', '2', 'Content-Type', 'application/json', 'Connection', 'close'],
    body,
    atMs: 0,
  };
  const answer = await passOn(arrival, new URL(`http://127.0.0.1:${port}/base/`));
  expect(seen?.target).toBe('/base/a%2Fb?z=1&a=2&z=%20');
  expect(seen?.body.equals(body)).toBe(true);
  expect(seen?.rawHeaders.slice(0, 6)).toEqual(['X-Twice', '1', 'X-Twice', '2', 'Content-Type', 'application/json']);
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual(Buffer.from([0, 255, 10]));
  expect(answer.headers.slice(0, 2)).toEqual([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ]);
});
