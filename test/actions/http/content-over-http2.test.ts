import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { runAction } from '../../support/run-action.ts';
import { startHttp2Server } from '../../support/servers/secure-servers.ts';

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

it('sends files, keeps cookies and saves bytes as over HTTP/1.1', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'testmesh-content-'));
  writeFileSync(join(directory, 'all.bin'), EVERY_BYTE);
  const seen: { cookie: string | undefined; body: Buffer }[] = [];
  const server = await startHttp2Server(undefined, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ cookie: request.headers.cookie, body: Buffer.concat(chunks) });
    response.writeHead(200, { 'set-cookie': ['a=1', 'b=2; Path=/'], 'content-type': 'image/png' }).end(EVERY_BYTE);
  });
  const io = createFakeIo({ directory });
  try {
    const settings = { method: 'PUT', url: `${server.url}/x`, http2: true, multipart: { f: { file: 'all.bin' } } };
    const send = () => runAction(httpRequest, { ...settings, save_to: 'got.bin' }, io);
    await send();
    await send();
    expect(seen.map(({ cookie }) => cookie)).toEqual([undefined, 'a=1; b=2']);
    expect(seen.every(({ body }) => body.includes(EVERY_BYTE))).toBe(true);
    expect(readFileSync(join(directory, 'got.bin')).equals(EVERY_BYTE)).toBe(true);
  } finally {
    await io.close();
    await server.close();
    rmSync(directory, { recursive: true });
  }
});
