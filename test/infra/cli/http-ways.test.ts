import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { makeCertificate } from '../../support/servers/certificates.ts';
import type { TestServer } from '../../support/servers/http-server.ts';
import {
  startHttp2Server,
  startHttpsServer,
  startProxy,
  type TestProxy,
} from '../../support/servers/secure-servers.ts';
import { expectNoCrash, runCli, startCli, useWorkspace } from '../../support/stack/cli.ts';

const inFullRun = it.runIf(repeats('further tests of ways of requests', 1, 0) > 0);

const authority = makeCertificate({ name: 'test authority', isAuthority: true });
const { cert, key } = makeCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'], authority });

/** The built command loads TLS, HTTP/2 and proxies from its own chunks: what it was bundled with has to be enough. */
describe('the ways of requests', () => {
  const workspace = useWorkspace();
  let https: TestServer;
  let http2: TestServer;
  let proxy: TestProxy;
  let hasCome = 0;

  beforeAll(async () => {
    https = await startHttpsServer({ cert, key }, (request, response) => response.end(request.url));
    http2 = await startHttp2Server({ cert, key }, (request, response) => {
      hasCome += 1;
      if (request.url !== '/never') response.end(request.httpVersion);
    });
    const answer = (_: unknown, socket: import('node:net').Socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy');
    };
    proxy = await startProxy({ answer });
    writeFileSync(join(workspace.path, 'ca.pem'), authority.cert);
    workspace.write('certs/ca.pem', authority.cert);
  });
  afterAll(() => Promise.all([https.close(), http2.close(), proxy.close()]));

  const run = (config: string, { env = {}, words = [], expected = '"x" != body' }: RunOptions = {}) => {
    const name = workspace.nextName('flow');
    const step = `{ id: ask, action: http_request, config: { ${config} }, assert: ['status == 200', '${expected}'] }`;
    workspace.write(`${name}.yaml`, `name: n\nsteps:\n  - ${step}\n`);
    return { words: ['run', `${name}.yaml`, ...words], options: { cwd: workspace.path, env } };
  };
  interface RunOptions {
    readonly env?: Record<string, string>;
    readonly words?: readonly string[];
    readonly expected?: string;
  }
  const finish = async (...given: Parameters<typeof run>) => {
    const { words, options } = run(...given);
    const end = await runCli(words, options);
    expectNoCrash(end);
    return end;
  };

  it('trusts an authority beside the flow, and one of NODE_EXTRA_CA_CERTS', async () => {
    const url = `url: "${https.url}/a"`;
    expect((await finish(`${url}, tls: { ca: certs/ca.pem }`)).code).toBe(0);
    const env = { NODE_EXTRA_CA_CERTS: join(workspace.path, 'ca.pem') };
    expect((await finish(url, { env })).code).toBe(0);
    const without = await finish(url);
    expect(without.code).toBe(3);
    expect(without.output).toContain(`the TLS certificate of ${https.peer} is not trusted`);
    expect(without.output).toContain('name the authority that signed it: `tls: {ca: ca.pem}`');
  });

  it('says that a certificate was not checked', async () => {
    const { code, output } = await finish(`url: "${https.url}", tls: { insecure: true }`);
    expect(code).toBe(0);
    expect(output).toContain('the certificate was not checked (`tls.insecure`)');
  });

  it('speaks HTTP/2', async () => {
    const config = `url: "${http2.url}", tls: { ca: ca.pem }, http2: true`;
    expect((await finish(config, { expected: 'body == "2.0"' })).code).toBe(0);
  });

  inFullRun('ends soon when it is interrupted in a request of HTTP/2', async () => {
    const before = hasCome;
    const { words, options } = run(`url: "${http2.url}/never", tls: { ca: ca.pem }, http2: true`);
    const cli = startCli(words, options);
    await expect.poll(() => hasCome, { timeout: 15_000 }).toBe(before + 1);
    cli.child.kill('SIGINT');
    expect((await cli.ended).code).toBe(130);
  });

  inFullRun('goes through the proxy of the environment, and says so', async () => {
    const env = { HTTP_PROXY: proxy.url.replace('//', '//ada:pr0xy-pass@'), NO_PROXY: 'inside.invalid' };
    const { code, output } = await finish('url: "http://outside.invalid/x"', { env, expected: 'body == "proxy"' });
    expect(code).toBe(0);
    expect(output).toContain(`through the proxy ${proxy.peer} (\`HTTP_PROXY\`)`);
    const inside = await finish('url: "http://api.inside.invalid/x"', { env });
    expect([inside.code, inside.output]).toEqual([
      3,
      expect.stringContaining('the host `api.inside.invalid` is not known'),
    ]);
    const off = await finish('url: "http://outside.invalid/x", proxy: false', { env });
    expect([off.code, off.output]).toEqual([3, expect.stringContaining("curl --noproxy '*' http://outside.invalid/x")]);
    expect(workspace.readAll('.testmesh') + output + inside.output + off.output).not.toContain('pr0xy-pass');
  });

  it('never goes to this machine through the proxy of the environment', async () => {
    const asked = proxy.asked.length;
    const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url };
    expect((await finish(`url: "${https.url}", tls: { ca: ca.pem }`, { env })).code).toBe(0);
    expect(proxy.asked.length).toBe(asked);
  });
});
