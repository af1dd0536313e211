import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openKafka } from '../../../src/drivers/kafka/connection.ts';
import { createClock } from '../../../src/engine/lifetimes/clock.ts';

describe('something else than a broker', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it.each<[string, (data: Buffer) => Buffer | string, string]>([
    ['a web server', () => 'HTTP/1.1 400 Bad Request\r\n\r\n', 'it begins with "HTTP/1.1 400 Bad Request"'],
    ['Redis', () => '-ERR unknown command\r\n', 'it begins with "-ERR unknown command"'],
    ['lengths that no answer has', () => Buffer.from([0x7f, 255, 255, 255, 1]), 'it begins with the bytes 7fffffff01'],
    ['nothing but zeros', () => Buffer.alloc(8), 'it begins with the bytes 0000000000000000'],
    [
      'an answer to another question',
      () => Buffer.from([0, 0, 0, 4, 0, 0, 0, 99]),
      'it begins with the bytes 0000000400000063',
    ],
    ['an echo', (data) => data, 'it begins with the bytes 000000'],
  ])('is recognized at once: %s', async (_what, answer, begin) => {
    server = createServer((socket) =>
      socket.on('error', () => undefined).on('data', (data) => socket.write(answer(data))),
    );
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connection = openKafka({ brokers: [{ host: '127.0.0.1', port }] }, createClock());
    const startedAt = performance.now();
    const armed = connection.arm(['t'], { signal: new AbortController().signal, timeoutMs: 60_000 });
    await expect(armed).rejects.toMatchObject({
      kind: 'kafka',
      code: 'UNREADABLE_ANSWER',
      isTransient: false,
      message: expect.stringContaining(`the answer from \`127.0.0.1:${port}\` is not Kafka's protocol: ${begin}`),
    });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    await connection.close();
  });
});
