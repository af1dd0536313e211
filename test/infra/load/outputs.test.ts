import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { makeTestFolder, removeTestFolders } from '../../load/outputs/made-samples.ts';
import { isFullRun, repeats } from '../../support/sample.ts';
import { startHttpServer, type TestServer } from '../../support/servers/http-server.ts';
import { askInflux, startInflux } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';
import { type CliEnd, runCli, startCli } from '../../support/stack/cli.ts';

const inFullRun = it.runIf(repeats('further tests of outputs of a load', 1, 0) > 0);

afterAll(removeTestFolders);

// as fast as it can in a full run
const FLOW = `
name: Things
steps:
  - id: list
    action: http_request
    config: { method: GET, url: "{{URL}}/things?of=1,2" }
    assert: [status == 200]
  - id: make
    action: http_request
    config: { method: POST, url: "{{URL}}/things", body: { name: x } }
    assert: [status == 201]
teardown:
  - { id: leave, action: http_request, config: { method: DELETE, url: "{{URL}}/things" } }
${isFullRun ? '' : 'load: { think: 25ms }'}
`;

describeWithPrograms('testmesh load, its outputs', ['influxd'], () => {
  let influx: OwnServer;
  let service: TestServer;
  const asked = { GET: 0, POST: 0, DELETE: 0, failed: 0 };

  beforeAll(async () => {
    influx = await startInflux({ keepsFolder: true });
    service = await startHttpServer((request, response) => {
      request.resume();
      const count = ++asked[request.method as 'GET' | 'POST' | 'DELETE'];
      const isBad = request.method === 'POST' && count % 10 === 0;
      if (isBad) asked.failed += 1;
      response.writeHead(isBad ? 502 : request.method === 'POST' ? 201 : 200).end('{}');
    });
  });
  afterAll(async () => {
    await service?.close();
    await influx?.stop();
  });

  const prepare = (): { folder: string; start: (...words: string[]) => string[] } => {
    Object.assign(asked, { GET: 0, POST: 0, DELETE: 0, failed: 0 });
    const folder = makeTestFolder();
    writeFileSync(join(folder, 'flow.yaml'), FLOW);
    const start = (...words: string[]) => ['load', 'flow.yaml', '--var', `URL=${service.url}`, '--vus', '5', ...words];
    return { folder, start };
  };

  inFullRun('lose nothing when InfluxDB dies in the middle and comes back, and do not change the load', async () => {
    const { folder, start } = prepare();
    const running = startCli(
      start(
        '--duration',
        '4s',
        '--out',
        `influxdb=http://127.0.0.1:${influx.port}/died`,
        '--out',
        'json=samples.ndjson',
      ),
      { cwd: folder },
    );
    await expect.poll(() => countRequests(influx.port, 'died'), { timeout: 20_000 }).toBeGreaterThan(0);
    await influx.stop();
    const before = asked.GET;
    await expect.poll(() => asked.GET, { timeout: 20_000 }).toBeGreaterThan(before + 20);
    influx = await startInflux({ from: influx });
    const end = await running.ended;
    expect(end.code).toBe(99);
    expect(end.output).not.toContain('lost');
    expect(asked.DELETE).toBe(1);
    expect(end.stdout).toContain('█ STEPS');
    expect(await countRequests(influx.port, 'died')).toBe(asked.GET + asked.POST + 1);
  });

  inFullRun('that wait for a server that is away are given up with Ctrl-C, and say what is lost', async () => {
    const { folder, start } = prepare();
    const own = await startInflux();
    const out = ['--out', `influxdb=http://127.0.0.1:${own.port}/away`];
    const { child, stderr, ended } = startCli(start('--duration', '3s', ...out), { cwd: folder });
    await expect.poll(() => asked.GET, { timeout: 20_000 }).toBeGreaterThan(0);
    await own.stop();
    await expect.poll(stderr, { timeout: 20_000 }).toContain('influxdb may take up to 30 s for what waits');
    const before = performance.now();
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(code).toBe(99);
    expect(output).toMatch(
      /note: the output influxdb lost (\d+) of \d+ points: \1 could not be sent before the end: nothing listens/,
    );
  });

  inFullRun('that would write to one file end the command', async () => {
    const { folder, start } = prepare();
    const end = await runCli(start('--iterations', '5', '--out', 'json=a.out', '--out', 'csv=./a.out'), {
      cwd: folder,
    });
    expect([end.code, end.stderr]).toEqual([
      2,
      'testmesh: --out json and --out csv would both write to the file `./a.out`\n  = give each a file of its own: --out csv=other\n',
    ]);
  });

  it('that can never work end the command before it begins, without a password in what it says', async () => {
    const { folder, start } = prepare();
    const port = await findFreePort();
    const end: CliEnd = await runCli(
      start('--duration', '2s', '--out', `influxdb=http://ada:hunter2@127.0.0.1:${port}/x`),
      { cwd: folder },
    );
    expect([end.code, end.output]).toEqual([2, expect.stringContaining(`nothing listens at 127.0.0.1:${port}`)]);
    expect(end.output).not.toContain('hunter2');
    expect(asked).toEqual({ GET: 0, POST: 0, DELETE: 0, failed: 0 });
  });
});

async function countRequests(port: number, database: string): Promise<number> {
  const [found] = await askInflux(port, 'SELECT count(value) FROM http_reqs', database).catch(() => []);
  return Number(found?.values[0]?.[1] ?? 0);
}
