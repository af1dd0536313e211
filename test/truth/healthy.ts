import { type ChildProcess, spawn } from 'node:child_process';
import { judgeHealthy } from './judge.ts';
import { runExample, type Target } from './run-example.ts';

export interface HealthyPart {
  name: string;
  green: number;
  runs: number;
  /** What each red run said. */
  reds: string[];
}

interface HealthyOptions {
  flows: readonly string[];
  target: Target;
  note(text: string): void;
  signal: AbortSignal;
}

/** Flows that cannot run beside themselves in another process. */
const loners = [
  // one e-mail address for all its runs, any message, and sleeps
  '07-order-journey-as-the-guide-tells-it.yaml',
  // every change of their tables counts, whoever makes it
  '24-redelivery-changes-nothing.yaml',
  '26-what-an-order-changes.yaml',
];
const busyLimitMs = 10 * 60_000;

/** Runs the examples `count` times against healthy services: half alone, a quarter four at once, a quarter so under load. */
export async function runHealthy(count: number, options: HealthyOptions): Promise<HealthyPart[]> {
  const quarter = Math.floor(count / 4);
  const sociable = { ...options, flows: options.flows.filter((flow) => !loners.includes(flow)) };
  const alone = await runPart('alone', { ...options, count: count - 2 * quarter, atOnce: 1 });
  const together = await runPart('four at once', { ...sociable, count: quarter, atOnce: 4 });
  const reversed = { ...sociable, flows: sociable.flows.toReversed() };
  const busy = [startBusyLoop(), startBusyLoop()];
  try {
    return [alone, together, await runPart('four at once under load', { ...reversed, count: quarter, atOnce: 4 })];
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
}

async function runPart(
  name: string,
  { flows, target, note, signal, count, atOnce }: HealthyOptions & { count: number; atOnce: number },
): Promise<HealthyPart> {
  const part: HealthyPart = { name, green: 0, runs: 0, reds: [] };
  for (let round = 0; part.runs < count; round++) {
    signal.throwIfAborted();
    const flow = flows[round % flows.length] ?? '';
    const size = Math.min(atOnce, count - part.runs);
    const runs = await Promise.all(Array.from({ length: size }, () => runExample(flow, target)));
    for (const run of runs) {
      const verdict = judgeHealthy(run);
      part.runs += 1;
      if (verdict.isTrue) part.green += 1;
      else part.reds.push(`${flow}: ${verdict.text}\n${run.output}`);
    }
    note(`healthy, ${name}: ${part.green} of ${part.runs} green, ${flow}`);
  }
  return part;
}

/** Takes a processor's whole time, and ends by itself when nobody ends it. */
function startBusyLoop(): ChildProcess {
  const source = `const end = Date.now() + ${busyLimitMs}; while (Date.now() < end && process.ppid === ${process.pid});`;
  return spawn(process.execPath, ['-e', source], { stdio: 'ignore' });
}
