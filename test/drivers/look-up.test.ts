import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../demo-services/stack/ports.ts';
import { httpRequest } from '../../src/actions/http_request.ts';
import { tcpConnect } from '../../src/actions/tcp_connect.ts';
import { describeNoConnection } from '../../src/drivers/failure.ts';
import { lookUp } from '../../src/drivers/look-up.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { failAction, runAction } from '../support/run-action.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** A server at one address alone; undefined where the machine does not have it. */
async function startAt(address: string): Promise<number | undefined> {
  const server = createServer((request, response) => response.end(request.headers.host));
  const isThere = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, address, () => resolve(true));
  });
  if (!isThere) return undefined;
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('a name of this machine', () => {
  it.each([
    ['localhost', '127.0.0.1'],
    ['localhost', '::1'],
    ['app.localhost', '127.0.0.1'],
    ['app.localhost', '::1'],
    ['A.B.LocalHost', '127.0.0.1'],
    ['app.localhost.', '127.0.0.1'],
  ])('%s leads to a service on %s alone', async (host, address) => {
    const port = await startAt(address);
    if (port === undefined) {
      process.stderr.write(`left out a service on ${address}: this machine does not have it\n`);
      return;
    }
    const io = createFakeIo();
    closing.unshift(() => io.close());
    const { result } = await runAction(httpRequest, { url: `http://${host}:${port}/` }, io);
    expect(result).toMatchObject({ status: 200, body: `${host.toLowerCase()}:${port}` });
    await runAction(tcpConnect, { host, port }, io);
  });

  it('is refused as one address is', async () => {
    const io = createFakeIo();
    const port = await findFreePort();
    const { problem } = await failAction(httpRequest, { url: `http://app.localhost:${port}/` }, io);
    const message = `nothing listens at app.localhost:${port} (connection refused)`;
    expect(problem).toMatchObject({ code: 'ECONNREFUSED', message });
  });

  it.each([
    ['localhost', {}, '::1'],
    ['localhost', { family: 4 }, '127.0.0.1'],
    ['x.localhost', { all: true, family: 6 }, [{ address: '::1', family: 6 }]],
    ['127.0.0.2', {}, '127.0.0.2'],
  ])('%s with %j is %j', async (name, options, expected) => {
    const found = await new Promise((resolve) => lookUp(name, options, (error, address) => resolve(error ?? address)));
    expect(found).toEqual(expected);
  });

  it.each(['notlocalhost.invalid', 'localhost.invalid'])('is not %s', async (name) => {
    const found = await new Promise((resolve) => lookUp(name, {}, (error) => resolve(error)));
    expect(found).toBeInstanceOf(Error);
  });
});

describe('a name that name servers do not answer about', () => {
  // They cannot be silenced here: what matters is whether the question is still open when the time is over.
  it('is named as the cause while its lookup is under way, and no longer than that', async () => {
    const host = 'Slow.Invalid';
    const describeNow = () => describeNoConnection(`${host}:80`, 'within 2 s');
    const lookups = [1, 2].map(() => new Promise((resolve) => lookUp(host, {}, resolve)));
    expect(describeNow()).toMatchObject({
      kind: 'timeout',
      message: 'no name server said within 2 s where `Slow.Invalid` is',
      hints: ['check the network, a VPN, and the name servers of this machine'],
    });
    await Promise.all(lookups);
    expect(describeNow().message).toBe('no connection to Slow.Invalid:80 was made within 2 s');
  });
});
