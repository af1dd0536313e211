import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutput } from '../../../../src/load/outputs/registry.ts';
import { makeCertificate } from '../../../support/servers/certificates.ts';
import type { TestServer } from '../../../support/servers/http-server.ts';
import { startHttpsServer } from '../../../support/servers/secure-servers.ts';
import { aboutOf, makeWorld, removeTestFolders } from '../made-samples.ts';

afterAll(removeTestFolders);

const authority = makeCertificate({ name: 'authority', isAuthority: true });
const own = makeCertificate({ name: 'server', hosts: ['127.0.0.1', 'localhost'], authority });
const client = makeCertificate({ name: 'ada', authority });

let server: TestServer;
let names: (string | undefined)[];

/** Lets in who has a certificate of the authority. */
beforeEach(async () => {
  names = [];
  const options = { cert: own.cert, key: own.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  server = await startHttpsServer(options, (request, response) => {
    names.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    request.resume();
    response.end();
  });
});
afterEach(() => server.close());

async function start(out: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const world = makeWorld(env);
  const files = { 'ca.pem': authority.cert, 'ada.pem': client.cert, 'ada.key': client.key };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(world.folder, name), text);
  const output = await createOutput(out.replace('SERVER', `127.0.0.1:${server.port}`), world);
  await output.start(aboutOf('run-1'));
  await output.close();
}

describe('an output whose server asks for a certificate', () => {
  const ada = { CLIENT_CERTIFICATE: 'ada.pem', CLIENT_CERTIFICATE_KEY: 'ada.key', INSECURE_SKIP_TLS_VERIFY: 'true' };
  const variables = (prefix: string, of: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [`${prefix}${name}`, value]));

  it.each([
    ['of the variables of k6', 'prometheus-rw=https://SERVER', variables('K6_PROMETHEUS_RW_', ada)],
    [
      'of the address',
      'prometheus-rw=https://SERVER?insecure=true&clientCertificate=ada.pem&clientCertificateKey=ada.key',
      {},
    ],
    [
      'and its own authority, of the variables of OpenTelemetry',
      'opentelemetry=https://SERVER',
      variables('OTEL_EXPORTER_OTLP_', { CERTIFICATE: 'ca.pem', CLIENT_CERTIFICATE: 'ada.pem', CLIENT_KEY: 'ada.key' }),
    ],
  ])('shows the one %s', async (_, out, env) => {
    await start(out, env);
    expect(names).toEqual(['ada']);
  });

  it('is refused without one', async () => {
    await expect(start('prometheus-rw=https://SERVER?insecure=true')).rejects.toThrow('--out prometheus-rw: ');
    expect(names).toEqual([]);
  });
});
