import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBare, run, TESTMESH } from './processes.ts';

const WATCH = fileURLToPath(new URL('step-watch.cjs', import.meta.url));

/** What the steps of a run took, from the start of the first to the end of the last. */
export interface StepsMeasured {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Bytes of the heap in use after 200 steps and at the end, when asked for. */
  readonly memoryAt200?: number;
  readonly memoryAtEnd?: number;
}

export interface StepsRun {
  readonly folder: string;
  readonly flow: string;
  readonly stepCount: number;
  readonly isMemoryWanted?: boolean;
}

/** Writes a flow of many authored steps. */
export function writeSteps(
  folder: string,
  options: { flow: string; count: number; step: (index: number) => string },
): void {
  const steps = Array.from({ length: options.count }, (_, index) => options.step(index + 1));
  writeFileSync(join(folder, options.flow), `name: many steps\nsteps:\n${steps.join('')}`);
}

/** Runs a flow and measures its steps inside of the process. */
export async function runSteps({ folder, flow, stepCount, isMemoryWanted = false }: StepsRun): Promise<StepsMeasured> {
  const figures = join(folder, 'figures.json');
  await run([process.execPath, TESTMESH, 'run', flow], {
    cwd: folder,
    env: {
      NODE_OPTIONS: `--require ${WATCH}`,
      BENCH_STEPS: String(stepCount),
      BENCH_MEMORY: isMemoryWanted ? '1' : '',
      BENCH_OUT: figures,
    },
  });
  return JSON.parse(readFileSync(figures, 'utf8')) as StepsMeasured;
}

/** Runs a program that does the same by hand and prints what its loop took. */
export async function runBare(name: string, words: readonly string[], folder: string): Promise<StepsMeasured> {
  const { stdout } = await run([process.execPath, findBare(name), ...words], { cwd: folder });
  return JSON.parse(stdout) as StepsMeasured;
}
