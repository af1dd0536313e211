import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadSummary } from '../../src/load/metrics/load-summary.ts';
import { startCountingServer } from '../support/servers/counting-server.ts';
import { askInflux, startInflux } from '../support/servers/metric-servers.ts';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { run, TESTMESH } from './processes.ts';

const PER_SECOND = 5000;
const SECONDS = 20;
const FLOW =
  'name: One\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/things" }, assert: [status == 200] }\n';

/** Whether a real InfluxDB has each sample of a load that asks for 5,000 requests a second: those that this machine can make, the rest are dropped and counted. */
export const loadOutputs: Figure = {
  name: 'load-outputs',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const influx = await startInflux();
    const server = await startCountingServer();
    try {
      writeFileSync(join(folder, 'flow.yaml'), FLOW);
      const pace = ['--rate', `${PER_SECOND}/s`, '--duration', `${SECONDS}s`, '--pre-allocated-vus', '100'];
      const out = ['--out', `influxdb=http://127.0.0.1:${influx.port}/k6`, '--summary-export', 's.json'];
      const words = ['load', 'flow.yaml', '--var', `URL=${server.url}`, ...pace, ...out, '-q'];
      await run([process.execPath, TESTMESH, ...words], { cwd: folder });
      const summary = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
      const stored = async (q: string): Promise<number> =>
        Number((await askInflux(influx.port, q))[0]?.values[0]?.[1] ?? 0);
      const points = await askInflux(influx.port, 'SELECT count(value) FROM /.*/');
      const off = [
        server.requests - (await stored('SELECT count(value) FROM http_reqs')),
        server.requests - (await stored('SELECT sum(value) FROM http_reqs')),
        server.bytes.received - (await stored('SELECT sum(value) FROM data_sent')),
        server.bytes.sent - (await stored('SELECT sum(value) FROM data_received')),
        PER_SECOND * SECONDS - server.requests - (await stored('SELECT sum(value) FROM dropped_iterations')),
      ];
      const lost = off.reduce((sum, one) => sum + Math.abs(one), 0);
      const reached = Math.round(server.requests / SECONDS);
      const count = points.reduce((sum, { values }) => sum + Number(values[0]?.[1]), 0);
      const detail = `${reached} requests/s reached of ${PER_SECOND} over ${SECONDS} s, ${count} points stored; ${summary.generator.notes.join('; ') || 'the generator kept up'}`;
      return [{ figure: 'requests, bytes and drops not in InfluxDB', value: lost, limit: 0, unit: '', detail }];
    } finally {
      await server.close();
      await influx.stop();
    }
  },
};
