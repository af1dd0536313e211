import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { type LoadServer, passMs, readResidentKb, spawnOn, startLoadServer } from './load-generators.ts';
import { TESTMESH } from './processes.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
const FEW = 100;
const MANY = 2100;
const WORKING = 1000;
/** After the first iteration of all. */
const IDLE_MS = 2000;
const WORKING_MS = 10_000;
const LOOK_MS = 50;
const SOAK_MINUTES = 10;
const SOAK_FROM = 2;

/** What an idle virtual user weighs, and what a thousand with think time do. */
export async function measureUsers(server: LoadServer, folder: string): Promise<readonly Reading[]> {
  const idle: number[] = [];
  const working: number[] = [];
  const idling = { thinkMs: 600_000, lookMs: [IDLE_MS] };
  const thinking = { thinkMs: 1000, lookMs: [WORKING_MS] };
  for (let round = 0; round < ROUNDS; round++) {
    const [few = Number.NaN] = await watchResident({ server, folder, users: FEW, ...idling });
    const [many = Number.NaN] = await watchResident({ server, folder, users: MANY, ...idling });
    idle.push((many - few) / (MANY - FEW));
    const [all = Number.NaN] = await watchResident({ server, folder, users: WORKING, ...thinking });
    working.push(all / 1024);
  }
  return [
    {
      figure: 'an idle virtual user, KB resident',
      value: median(idle),
      limit: 60,
      unit: '',
      detail: `${MANY} users against ${FEW}, each after an iteration: ${idle.map(Math.round).join(', ')} KB`,
    },
    {
      figure: `${WORKING} users that think 1 s, resident`,
      value: median(working),
      limit: 120,
      unit: 'MB',
      detail: `${working.map(Math.round).join(', ')} MB`,
    },
  ];
}

/** How memory grows over ten minutes of load; run only when it is named. */
export const loadSoak: Figure = {
  name: 'load-soak',
  needsStack: false,
  isOnlyNamed: true,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startLoadServer();
    try {
      const minutes = Array.from({ length: SOAK_MINUTES }, () => 60_000);
      const kb = await watchResident({ server, folder, users: 50, thinkMs: 50, lookMs: minutes });
      const late = kb.slice(SOAK_FROM - 1).map((value) => value / 1024);
      return [
        {
          figure: `memory a minute, the last ${SOAK_MINUTES - SOAK_FROM} of ${SOAK_MINUTES}`,
          value: slopeOf(late),
          limit: 1,
          unit: 'MB',
          detail: `${kb.map((value) => (value / 1024).toFixed(1)).join(', ')} MB at the end of each minute`,
        },
      ];
    } finally {
      server.close();
    }
  },
};

interface Watch {
  readonly server: LoadServer;
  readonly folder: string;
  readonly users: number;
  readonly thinkMs: number;
  /** Lengths, one after the other, at whose ends it is looked at; from when all have run an iteration. */
  readonly lookMs: readonly number[];
}

/** Resident memory of a load at the ends of spans of time, KB. */
async function watchResident({ server, folder, users, thinkMs, lookMs }: Watch): Promise<number[]> {
  writeFileSync(join(folder, 'think.yaml'), describeThinking(server.url, thinkMs));
  const words = ['think.yaml', '--vus', String(users), '--duration', '1h', '-q', '--summary-mode', 'disabled'];
  const child = spawnOn(0, [process.execPath, TESTMESH, 'load', ...words], folder);
  const ended = once(child, 'close');
  const looks: number[] = [];
  const from = await server.count();
  while ((await server.count()) - from < users * 2 && child.exitCode === null) await passMs(LOOK_MS);
  for (const ms of lookMs) {
    await passMs(ms);
    looks.push(readResidentKb(child));
  }
  child.kill('SIGKILL');
  await ended;
  return looks;
}

function describeThinking(url: string, thinkMs: number): string {
  return `name: thinking
load: { think: ${thinkMs}ms }
steps:
  - id: get_user
    action: http_request
    config: { url: "${url}/users/{{VU}}?n={{ITERATION}}" }
    assert: [status == 200, body.active == true, len(body.name) > 0]
    output: { user_id: $.body.id }
  - id: place_order
    action: http_request
    config: { method: POST, url: "${url}/orders", body: { user_id: "{{user_id}}", quantity: "{{ITERATION}}" } }
    assert: [status == 200, body.total == 59.98, len(body.items) == 1]
`;
}

/** Of the straight line through values at equal distances. */
function slopeOf(values: readonly number[]): number {
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const middle = (values.length - 1) / 2;
  const average = mean(values);
  let above = 0;
  let below = 0;
  for (const [at, value] of values.entries()) {
    above += (at - middle) * (value - average);
    below += (at - middle) ** 2;
  }
  return above / below;
}
