import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { describeOrderStep } from './http-steps.ts';
import { ORDER, startJsonServer } from './json-server.ts';
import { findBare, run, TESTMESH, timeWhole } from './processes.ts';
import { median, pairRatios, spread } from './statistics.ts';
import { writeSteps } from './steps.ts';

const PEAK_WATCH = fileURLToPath(new URL('peak-watch.cjs', import.meta.url));
const FILES = 200;
const STEPS_A_FILE = 10;
const STEPS = 1000;
const ROUNDS = 7;
const PEAK_ROUNDS = 5;

/** Many files and a long one, whole processes, against a bare `node:http` loop with the same requests and checks. */
export const size: Figure = {
  name: 'size',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startJsonServer(() => ORDER);
    try {
      writeFlows(folder, server.url);
      return [...(await measureCpu(folder, server.url)), await measurePeak(folder)];
    } finally {
      server.close();
    }
  },
};

function writeFlows(folder: string, url: string): void {
  const step = (index: number): string => describeOrderStep(url, index);
  writeSteps(folder, { flow: 'long.yaml', count: STEPS, step });
  mkdirSync(join(folder, 'many'));
  for (let file = 1; file <= FILES; file++)
    writeSteps(folder, { flow: `many/flow-${file}.yaml`, count: STEPS_A_FILE, step });
}

async function measureCpu(folder: string, url: string): Promise<readonly Reading[]> {
  const testmesh = [process.execPath, TESTMESH, 'run'];
  const bare = [process.execPath, findBare('node-http'), url];
  const commands = [
    [...bare, String(FILES * STEPS_A_FILE)],
    [...testmesh, 'many'],
    [...testmesh, 'many', '-j', '8'],
    [...bare, String(STEPS)],
    [...testmesh, 'long.yaml'],
  ];
  const times = await timeWhole(commands, ROUNDS, folder);
  const [bareMany = [], many = [], manyAtOnce = [], bareLong = [], long = []] = times.map(({ cpuMs }) => cpuMs);
  const files = `${FILES} files of ${STEPS_A_FILE} steps`;
  return [
    { figure: `${files} / bare node:http, CPU`, limit: 2.5, ...compareCpu(many, bareMany) },
    { figure: `${files}, 8 workers / the same, CPU`, limit: 2.5, ...compareCpu(manyAtOnce, bareMany) },
    { figure: `${STEPS} steps in a file / bare node:http, CPU`, limit: 2.6, ...compareCpu(long, bareLong) },
  ];
}

function compareCpu(ours: readonly number[], bare: readonly number[]): Pick<Reading, 'value' | 'unit' | 'detail'> {
  const ratios = pairRatios(ours, bare);
  return {
    value: median(ratios),
    unit: '×',
    detail: `${spread(ratios)} ×, ${spread(ours)} ms against ${spread(bare)} ms`,
  };
}

async function measurePeak(folder: string): Promise<Reading> {
  const figures = join(folder, 'peak');
  const env = { NODE_OPTIONS: `--require ${PEAK_WATCH}`, BENCH_OUT: figures };
  const peaks: number[] = [];
  for (let round = 0; round < PEAK_ROUNDS; round++) {
    await run([process.execPath, TESTMESH, 'run', 'long.yaml'], { cwd: folder, env });
    peaks.push(Number(readFileSync(figures, 'utf8')) / 1024);
  }
  return {
    figure: `memory for ${STEPS} steps in a file, at most`,
    value: median(peaks),
    limit: 110,
    unit: 'MB',
    detail: `${spread(peaks)} MB resident`,
  };
}
