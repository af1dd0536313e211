import { readdirSync } from 'node:fs';
import { afterAll, afterEach, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import type { MadeWorld } from '../../load/outputs/made-samples.ts';
import {
  aboutOf,
  batchOf,
  makeWorld,
  metricOf,
  removeTestFolders,
  requestsOf,
  tagsOf,
} from '../../load/outputs/made-samples.ts';
import { isFullRun, repeats } from '../../support/sample.ts';
import { askInflux, startInflux } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';

const inFullRun = it.runIf(repeats('further tests of an InfluxDB that is away', 1, 0) > 0);

afterAll(removeTestFolders);

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const SECONDS = isFullRun ? 20 : 4;
const PER_SECOND = isFullRun ? 5000 : 2000;

async function countAll(port: number): Promise<number> {
  const counts = await askInflux(port, 'SELECT count(value) FROM /.*/');
  return counts.reduce((sum, { values }) => sum + Number(values[0]?.[1]), 0);
}

describeWithPrograms('InfluxDB that is slow or away', ['influxd'], () => {
  const servers: OwnServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const start = async (options: Parameters<typeof startInflux>[0] = {}): Promise<OwnServer> => {
    const server = await startInflux(options);
    servers.push(server);
    return server;
  };
  const open = async (port: number, world: MadeWorld) => {
    const output = await createOutput(`influxdb=http://127.0.0.1:${port}/k6`, world);
    await output.start(aboutOf('run-1'));
    return output;
  };

  inFullRun(
    `takes ${PER_SECOND} requests a second over ${SECONDS} s without loss, of two threads whose times overlap`,
    async () => {
      const server = await start();
      const world = makeWorld();
      const output = await open(server.port, world);
      const threads = [0, 1].map((thread) =>
        batchOf(requestsOf(PER_SECOND / 2, START + thread / 1000, PER_SECOND / 2)),
      );
      const sent = SECONDS * threads.reduce((sum, { length }) => sum + length, 0);
      let longestMs = 0;
      for (let second = 0; second < SECONDS; second++) {
        const nextAt = performance.now() + 1000;
        for (const batch of threads) {
          const before = performance.now();
          output.takeBatch?.({ ...batch, atMs: batch.atMs.map((atMs) => atMs + second * 1000) });
          longestMs = Math.max(longestMs, performance.now() - before);
        }
        await world.clock.sleep(Math.max(0, nextAt - performance.now()));
      }
      expect(await output.close()).toEqual({ written: sent, lost: 0, notes: [] });
      expect(await countAll(server.port)).toBe(sent);
      expect(sent).toBeGreaterThan(PER_SECOND * SECONDS * 9);
      // It never waits for the server: what it takes is to write the lines.
      expect(longestMs).toBeLessThan(1000);
    },
  );

  inFullRun('keeps points of one series and one time apart', async () => {
    const server = await start();
    const output = await open(server.port, makeWorld());
    const same = { metric: metricOf('iterations', 'counter'), tags: tagsOf({ scenario: 'a' }), value: 1, atMs: START };
    for (let batch = 0; batch < 20; batch++) output.takeBatch?.(batchOf(Array.from({ length: 1000 }, () => same)));
    expect(await output.close()).toMatchObject({ written: 20_000, lost: 0 });
    expect(await countAll(server.port)).toBe(20_000);
  });

  inFullRun('loses nothing while a server that died is back by the end', async () => {
    const first = await start({ keepsFolder: true });
    const world = makeWorld();
    const output = await open(first.port, world);
    const samples = requestsOf(4000, START, 1000);
    const quarter = samples.length / 4;
    const give = (part: number) => output.takeBatch?.(batchOf(samples.slice(part * quarter, (part + 1) * quarter)));
    give(0);
    await expect.poll(() => countAll(first.port), { timeout: 20_000 }).toBe(quarter);
    await first.stop();
    give(1);
    give(2);
    const end = output.close();
    await start({ from: first });
    expect(await end).toEqual({ written: quarter * 3, lost: 0, notes: [] });
    expect(await countAll(first.port)).toBe(quarter * 3);
    expect(readdirSync(world.folder)).toEqual([]);
  });

  inFullRun('makes the database again for a server that comes back without its data', async () => {
    const port = await findFreePort();
    const first = await start({ from: { port, folder: makeWorld().folder } });
    const output = await open(port, makeWorld());
    await first.stop();
    output.takeBatch?.(batchOf(requestsOf(10, START, 10)));
    await start({ from: { port, folder: makeWorld().folder } });
    expect(await output.close()).toMatchObject({ written: 101, lost: 0 });
    expect(await countAll(port)).toBe(101);
  });

  it('says what it could not send to a server that stays away', async () => {
    const server = await start();
    const world = makeWorld();
    // Time that runs 20 times as fast, for the 28 s in which a server may still come back.
    const monotonic = () => world.clock.monotonic() * 20;
    const after = (ms: number, call: () => void) => world.clock.after(ms / 20, call);
    const output = await open(server.port, { ...world, clock: { ...world.clock, monotonic, after } });
    await server.stop();
    output.takeBatch?.(batchOf(requestsOf(100, START, 100)));
    const end = output.close();
    const where = `127.0.0.1:${server.port}`;
    expect(await end).toEqual({
      ...{ written: 0, lost: 1005 },
      notes: [`1005 could not be sent before the end: nothing listens at ${where} (connection refused)`],
    });
  });

  it('counts what the database refuses, and writes the rest', async () => {
    const server = await start();
    await askInflux(server.port, 'CREATE DATABASE k6');
    await fetch(`http://127.0.0.1:${server.port}/write?db=k6`, { method: 'POST', body: 'iterations value="text"' });
    const output = await open(server.port, makeWorld());
    const tags = tagsOf({});
    const one = { tags, value: 1, atMs: Date.now() };
    output.takeBatch?.(
      batchOf([
        { ...one, metric: metricOf('iterations', 'counter') },
        { ...one, metric: metricOf('vus', 'gauge') },
      ]),
    );
    const { written, lost, notes } = await output.close();
    expect({ written, lost }).toEqual({ written: 1, lost: 1 });
    expect(notes.join('\n')).toMatch(
      /^1 was refused: 127\.0\.0\.1:\d+ answered 400 \(partial write: field type conflict/,
    );
    expect(await askInflux(server.port, 'SELECT count(value) FROM vus')).toMatchObject([{ values: [[0, 1]] }]);
  });
});
