import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { findK6, type LoadServer, measureGenerator, startLoadServer } from './load-generators.ts';
import { measureUsers } from './load-memory.ts';
import { findBare, TESTMESH } from './processes.ts';
import { median, pairRatios, spread } from './statistics.ts';

const USERS = 50;
const ROUNDS = 5;

/** Iterations of two requests with six assertions and all metrics, against a loop over undici that does the same; and what virtual users weigh. */
export const load: Figure = {
  name: 'load',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startLoadServer();
    try {
      return [
        await compareWith(server, folder, { connections: 'kept', limit: 1.4, iterations: 60_000 }),
        await compareWith(server, folder, { connections: 'new', limit: 1.2, iterations: 10_000 }),
        ...(await measureUsers(server, folder)),
      ];
    } finally {
      server.close();
    }
  },
};

interface Way {
  readonly connections: 'kept' | 'new';
  readonly limit: number;
  readonly iterations: number;
}

/** CPU per request in pairs, one after the other; a `k6` on the PATH has its place in the detail. */
async function compareWith(
  server: LoadServer,
  folder: string,
  { connections, limit, iterations }: Way,
): Promise<Reading> {
  writeFileSync(join(folder, 'load.yaml'), describeFlow(server.url, connections));
  const size = ['--vus', String(USERS), '--iterations', String(iterations)];
  const command = [process.execPath, TESTMESH, 'load', 'load.yaml', ...size, '-q', '--summary-mode', 'disabled'];
  const loop = [process.execPath, findBare('load'), server.url, String(USERS), String(iterations), connections];
  const count = iterations * 2;
  const run = { server, folder, count, warmCount: count / 2 };
  const ours: number[] = [];
  const bare: number[] = [];
  const k6: number[] = [];
  const findOne = findK6(folder, { url: server.url, users: USERS, iterations, connections });
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await measureGenerator(loop, run));
    ours.push(await measureGenerator(command, run));
    if (findOne) k6.push(await measureGenerator(findOne, run));
  }
  const ratios = pairRatios(ours, bare);
  const beside = k6.length > 0 ? `, k6 ${spread(k6)} µs` : '';
  return {
    figure: `load on ${connections} connections / bare undici, CPU`,
    value: median(ratios),
    limit,
    unit: '×',
    detail: `${spread(ratios)} ×, ${spread(ours)} µs a request against ${spread(bare)} µs${beside}`,
  };
}

export function describeFlow(url: string, connections: Way['connections']): string {
  const headers = connections === 'new' ? ', headers: { connection: close }' : '';
  return `name: load
steps:
  - id: get_user
    action: http_request
    config: { url: "${url}/users/{{VU}}?n={{ITERATION}}"${headers} }
    assert:
      - status == 200
      - body.active == true
      - len(body.name) > 0
    output: { user_id: $.body.id }
  - id: place_order
    action: http_request
    config:
      method: POST
      url: "${url}/orders"
      body: { user_id: "{{user_id}}", quantity: "{{ITERATION}}", note: "order {{VU}}-{{ITERATION}}" }${
        connections === 'new' ? '\n      headers: { connection: close }' : ''
      }
    assert:
      - status == 200
      - body.total == 59.98
      - len(body.items) == 1
`;
}
