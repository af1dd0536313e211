import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { least, median, pairRatios, spread } from './statistics.ts';

/** The built command. */
export const TESTMESH = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url));

/** Plain programs that do by hand what a flow does. */
export function findBare(name: string): string {
  return fileURLToPath(new URL(`bare/${name}.mjs`, import.meta.url));
}

const LONGEST_MS = 120_000;

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

/** Runs a program to its end. @throws when it fails or takes minutes */
export async function run(
  command: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const [file = '', ...words] = command;
  const startedAt = performance.now();
  const child = spawn(file, words, { cwd: options.cwd, env: { ...process.env, ...options.env }, timeout: LONGEST_MS });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return { stdout, stderr, wallMs: performance.now() - startedAt };
}

/** How long whole processes took, from start to end. */
export interface WholeTimes {
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
}

/** Runs programs in turns, so that what else the machine does meets them all alike; the first round is not counted. */
export async function timeWhole(
  commands: readonly (readonly string[])[],
  rounds: number,
  cwd: string,
): Promise<readonly WholeTimes[]> {
  const times = commands.map(() => ({ wallMs: [] as number[], cpuMs: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const { wallMs, cpuMs } = await timeOne(command, cwd);
      if (round === 0) continue;
      times[index]?.wallMs.push(wallMs);
      times[index]?.cpuMs.push(cpuMs);
    }
  }
  return times;
}

/** The shell's own clock, for Node does not tell what a child process used. */
const TIMED = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>/dev/null || exit 1';

async function timeOne(command: readonly string[], cwd: string): Promise<{ wallMs: number; cpuMs: number }> {
  const { stderr } = await run(['bash', '-c', TIMED, 'bash', ...command], { cwd, env: { LC_ALL: 'C' } });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

/**
 * How many times as long a process takes as another: the greater of the fastest runs' wall times and the median pair's
 * processor times, which both hold on a busy machine.
 */
export function compareWhole(times: WholeTimes, base: WholeTimes): { value: number; detail: string } {
  const cpu = pairRatios(times.cpuMs, base.cpuMs);
  const fastest = least(times.wallMs) / least(base.wallMs);
  return {
    value: Math.max(fastest, median(cpu)),
    detail: `fastest ${fastest.toFixed(2)} ×, cpu ${spread(cpu)} ×, ${least(times.wallMs).toFixed(0)} ms against ${least(base.wallMs).toFixed(0)} ms`,
  };
}
