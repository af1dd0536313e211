import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { makeCertificate } from '../../support/servers/certificates.ts';
import type { Http2TestServer } from '../../support/servers/secure-servers.ts';
import { startHttp2Server } from '../../support/servers/secure-servers.ts';
import { expectNoCrash, runCli, useWorkspace } from '../../support/stack/cli.ts';

const timeout = 60_000;
const FLOWS = repeats('flows that share connections', 200, 20);

/** Flows that make three requests each; the second changes something. */
describe('connections of a run', () => {
  const workspace = useWorkspace();
  const sockets = new Set<Socket>();
  let openedCount = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"a":1}'));
  });
  server.on('connection', (socket: Socket) => {
    openedCount++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const authority = makeCertificate({ name: 'test authority', isAuthority: true });
  const { cert, key } = makeCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'], authority });
  let http2: Http2TestServer;

  const writeFlows = (folder: string, config: string) => {
    for (let number = 0; number < FLOWS; number++) {
      const step = (id: string, method: string) =>
        `  - { id: ${id}, action: http_request, config: { method: ${method}, ${config} }, assert: [status == 200] }\n`;
      const steps = `${step('look', 'GET')}${step('change', 'POST')}${step('look_again', 'GET')}`;
      workspace.write(`${folder}/f${number}.yaml`, `name: f${number}\nsteps:\n${steps}`);
    }
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http2 = await startHttp2Server({ cert, key }, (_, response) => response.end('{}'));
    writeFileSync(join(workspace.path, 'ca.pem'), authority.cert);
    writeFlows('plain', `url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/x"`);
    writeFlows('two', `url: "${http2.url}/x", http2: true, tls: { ca: ../ca.pem }`);
  });
  afterAll(async () => {
    await http2.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(sample('numbers of workers', [4, 1, 8], { count: 1 }))(
    'are as many as workers, not as flows: -j %i',
    { timeout },
    async (workers) => {
      openedCount = 0;
      const ended = await runCli(['run', 'plain', '-j', String(workers)], { cwd: workspace.path });
      expectNoCrash(ended);
      expect(ended.code, ended.output).toBe(0);
      expect(ended.stdout).toContain(`steps: ${3 * FLOWS} passed`);
      expect(openedCount).toBeGreaterThanOrEqual(1);
      expect(openedCount).toBeLessThanOrEqual(workers + 1);
      await expect.poll(() => sockets.size).toBe(0);
    },
  );

  test('of HTTP/2 are one', { timeout }, async () => {
    const ended = await runCli(['run', 'two', '-j', '8'], { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    expect(http2.sessions).toHaveLength(1);
  });
});
