import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FuzzResult, makeInput } from './fuzz.ts';
import { type FuzzTarget, targets } from './targets.ts';
import type { FuzzOrder } from './worker.ts';

/** Throws made-up texts at everything that takes a text: `npm run fuzz -- --count 100000 --time 600 --seed 7 yaml path`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100000' },
    time: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const INPUT_MS = 250;
const HANG_MS = 20_000;

process.stdout.write(`seed ${values.seed}, ${values.count} inputs each, ${values.time} s each at most\n`);
for (const target of targets) {
  if (positionals.length > 0 && !positionals.includes(target.name)) continue;
  if (values.only !== undefined) showInput(target, Number(values.only));
  else if (!(await runTarget(target))) process.exitCode = 1;
}

function showInput(target: FuzzTarget, index: number): void {
  const input = makeInput(target, values.seed, index);
  process.stdout.write(`${target.name} ${index}: ${JSON.stringify(input)}\n`);
  target.run(input);
}

async function runTarget(target: FuzzTarget): Promise<boolean> {
  const startedAt = performance.now();
  const result = await watchWorker(target);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if ('hangsAt' in result) {
    const input = JSON.stringify(makeInput(target, values.seed, result.hangsAt));
    process.stdout.write(`✗ ${target.name}: input ${result.hangsAt} does not end: ${input}\n`);
    return false;
  }
  const { done, worst, findings } = result;
  const slowest = `slowest ${worst.ms.toFixed(1)} ms (input ${worst.index})`;
  process.stdout.write(
    `${findings.length > 0 ? '✗' : '✓'} ${target.name}: ${done} inputs in ${seconds} s, ${slowest}\n`,
  );
  for (const { index, input, problem } of findings)
    process.stdout.write(`  input ${index}: ${JSON.stringify(input).slice(0, 2000)}\n  ${problem}\n`);
  return findings.length === 0;
}

/** Runs the target in a process of its own, so that an input that never ends is found. */
async function watchWorker(target: FuzzTarget): Promise<FuzzResult | { readonly hangsAt: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-fuzz-'));
  const progressPath = join(folder, 'progress');
  const worker = fork(new URL('./worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const { seed, count, time } = values;
  const options = { seed, count: Number(count), timeMs: Number(time) * 1000, inputMs: INPUT_MS };
  let last = '';
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      watch = setInterval(() => {
        const index = existsSync(progressPath) ? readFileSync(progressPath, 'utf8') : '';
        if (index !== '' && index === last) resolve({ hangsAt: Number(index) });
        last = index;
      }, HANG_MS);
      worker.once('message', (result) => resolve(result as FuzzResult));
      worker.once('exit', (code) => reject(new Error(`the process of ${target.name} ended with ${code}`)));
      worker.send({ name: target.name, options, progressPath } satisfies FuzzOrder);
    });
  } finally {
    clearInterval(watch);
    worker.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
