import { afterEach, describe, expect, it } from 'vitest';
import { openHttp1Pool } from '../../../src/drivers/http/http1.ts';
import { addMoments, createWireMeasure } from '../../../src/drivers/http/wire-measure.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';

describe('what a request takes', () => {
  it.each([
    [
      'answered',
      { sentAt: 10, writtenAt: 12, headAt: 30, endedAt: 35 },
      { blockedMs: 10, sendMs: 2, waitMs: 18, receiveMs: 5 },
    ],
    [
      'never sent',
      { sentAt: undefined, writtenAt: undefined, headAt: undefined, endedAt: 35 },
      { blockedMs: 35, sendMs: 0, waitMs: 0, receiveMs: 0 },
    ],
    [
      'never answered',
      { sentAt: 10, writtenAt: 12, headAt: undefined, endedAt: 35 },
      { blockedMs: 10, sendMs: 2, waitMs: 23, receiveMs: 0 },
    ],
    [
      'answered before all was sent',
      { sentAt: 10, writtenAt: 20, headAt: 15, endedAt: 35 },
      { blockedMs: 10, sendMs: 5, waitMs: 0, receiveMs: 20 },
    ],
    [
      'ended while it was sent',
      { sentAt: 10, writtenAt: undefined, headAt: undefined, endedAt: 35 },
      { blockedMs: 10, sendMs: 0, waitMs: 25, receiveMs: 0 },
    ],
  ])('%s', (_, moments, parts) => {
    const measure = createWireMeasure();
    addMoments(measure, { startedAt: 0, ...moments });
    expect(measure).toMatchObject(parts);
    const { blockedMs, sendMs, waitMs, receiveMs } = measure;
    expect(blockedMs + sendMs + waitMs + receiveMs).toBe(moments.endedAt);
  });
});

describe('the bytes and times of real requests', () => {
  let server: CountingServer | undefined;
  afterEach(() => server?.close());

  it('are those that the server sees; only a new connection is opened', async () => {
    server = await startCountingServer();
    const pool = await openHttp1Pool({ origin: server.url, now: () => performance.now() });
    const measures = [createWireMeasure(), createWireMeasure()];
    for (const measure of measures) {
      const request = { method: 'POST', path: '/x', headers: ['x-a', 'b'], body: 'größer'.repeat(50), measure };
      await pool.send(request, new Stop());
    }
    const sum = (key: 'sentBytes' | 'receivedBytes'): number => measures.reduce((all, one) => all + one[key], 0);
    expect(sum('sentBytes')).toBe(server.bytes.received);
    expect(sum('receivedBytes')).toBe(server.bytes.sent);
    const [fresh, reused] = measures;
    expect(fresh?.connectMs).toBeGreaterThan(0);
    expect(fresh?.blockedMs).toBeGreaterThanOrEqual(fresh?.connectMs ?? 0);
    expect([reused?.connectMs, reused?.dnsMs, reused?.tlsMs]).toEqual([0, 0, 0]);
    expect(reused?.waitMs).toBeGreaterThan(0);
    await pool.close();
  });

  it('are told of one that nobody takes', async () => {
    const pool = await openHttp1Pool({ origin: 'http://127.0.0.1:1', now: () => performance.now() });
    const measure = createWireMeasure();
    const sent = pool.send({ method: 'GET', path: '/', headers: [], body: undefined, measure }, new Stop());
    await expect(sent).rejects.toThrow();
    expect(measure.blockedMs).toBeGreaterThan(0);
    expect(measure).toMatchObject({ sentBytes: 0, receivedBytes: 0, waitMs: 0 });
    await pool.close();
  });
});
