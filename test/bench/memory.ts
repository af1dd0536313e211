import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { ORDER, startJsonServer } from './json-server.ts';
import { TESTMESH } from './processes.ts';
import { median } from './statistics.ts';

const ROWS = 10_000;
const EARLY = 1000;
const LOOK_MS = 20;
/** How many rows count as the 1,000th and as the end: V8's heap goes up and down between two collections. */
const NEAR = 500;

/** A flow with one request, run for 10,000 rows in one process: what it keeps, how its time grows, and what the record takes. */
export const memory: Figure = {
  name: 'memory',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startJsonServer(() => ORDER);
    try {
      writeFileSync(join(folder, 'rows.csv'), `n\n${Array.from({ length: ROWS }, (_, row) => row + 1).join('\n')}\n`);
      writeFileSync(join(folder, 'rows.yaml'), describeFlow(server.url));
      const looks = await watchRows(folder);
      return [readMemory(looks), readTime(looks), readRecord(folder)];
    } finally {
      server.close();
    }
  },
};

function describeFlow(url: string): string {
  return `name: one request
data: rows.csv
steps:
  - id: get
    action: http_request
    config: { url: "${url}/orders/{{n}}" }
    assert: [status == 200]
`;
}

/** The process from outside, while it runs. */
interface Look {
  readonly rows: number;
  readonly residentMb: number;
  readonly cpuMs: number;
}

async function watchRows(folder: string): Promise<readonly Look[]> {
  const child = spawn(process.execPath, [TESTMESH, 'run', 'rows.yaml', '--reporter', 'ndjson'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rows = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    rows += text.split('"type":"flow_finished"').length - 1;
  });
  const looks: Look[] = [];
  const timer = setInterval(() => looks.push(...look(child.pid, rows)), LOOK_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  if (code !== 0) throw new Error(`the run of ${ROWS} rows ended with ${code}`);
  return looks;
}

/** Nothing once the process has ended. */
function look(pid: number | undefined, rows: number): Look[] {
  try {
    const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
    const cpuMs = ticks.reduce((sum, count) => sum + count, 0) * 10;
    return residentKb > 0 ? [{ rows, residentMb: residentKb / 1024, cpuMs }] : [];
  } catch {
    return [];
  }
}

function readMemory(looks: readonly Look[]): Reading {
  const near = (row: number): number =>
    median(looks.filter(({ rows }) => rows > row - NEAR && rows <= row).map(({ residentMb }) => residentMb));
  const early = near(EARLY);
  const end = near(ROWS);
  const most = Math.max(...looks.map(({ residentMb }) => residentMb));
  return {
    figure: `memory after ${ROWS} rows / after ${EARLY}`,
    value: end / early,
    limit: 1.2,
    unit: '×',
    detail: `${end.toFixed(0)} MB resident against ${early.toFixed(0)} MB, ${most.toFixed(0)} MB at most`,
  };
}

function readTime(looks: readonly Look[]): Reading {
  const at = (row: number): number => looks.find(({ rows }) => rows >= row)?.cpuMs ?? Number.NaN;
  const early = (at(4000) - at(EARLY)) / (4000 - EARLY);
  const end = (at(ROWS - NEAR) - at(ROWS - NEAR - 3000)) / 3000;
  return {
    figure: 'CPU of a row, last 3000 / first 3000',
    value: end / early,
    limit: 1.5,
    unit: '×',
    detail: `${end.toFixed(2)} ms against ${early.toFixed(2)} ms`,
  };
}

function readRecord(folder: string): Reading {
  const files = readdirSync(join(folder, '.testmesh'), { recursive: true, encoding: 'utf8' });
  const bytes = files
    .map((name) => statSync(join(folder, '.testmesh', name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
  return {
    figure: 'kilobytes of the record for each row',
    value: bytes / ROWS / 1000,
    limit: 4,
    unit: '',
    detail: `${(bytes / 1e6).toFixed(1)} MB for ${ROWS} rows`,
  };
}
