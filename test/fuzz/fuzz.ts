import { createDraws } from './draws.ts';
import type { FuzzTarget } from './targets.ts';

export interface FuzzOptions {
  readonly seed: string;
  readonly count: number;
  /** Ends earlier after so long, ms. */
  readonly timeMs: number;
  /** What one input may take, ms. */
  readonly inputMs: number;
  /** Told before each input; for a watch over inputs that never end. */
  readonly begin?: (index: number) => void;
}

export interface FuzzFinding {
  readonly index: number;
  readonly input: string;
  readonly problem: string;
}

export interface FuzzResult {
  readonly done: number;
  readonly worst: { readonly ms: number; readonly index: number; readonly input: string };
  readonly findings: readonly FuzzFinding[];
}

const MOST_FINDINGS = 20;

/** The input of this number: the same seed gives the same. */
export function makeInput(target: FuzzTarget, seed: string, index: number): string {
  return target.make(createDraws(`${seed}/${target.name}/${index}`));
}

/** Gives a target one input after another; tells those that threw or took too long. */
export function fuzz(target: FuzzTarget, options: FuzzOptions): FuzzResult {
  const { seed, count, timeMs, inputMs, begin } = options;
  const findings: FuzzFinding[] = [];
  const startedAt = performance.now();
  let worst = { ms: 0, index: 0, input: '' };
  let done = 0;
  for (; done < count && performance.now() - startedAt < timeMs && findings.length < MOST_FINDINGS; done++) {
    const input = makeInput(target, seed, done);
    begin?.(done);
    const found = runOnce(target, input);
    // A busy machine makes anything slow once.
    const ms = found.ms > inputMs ? Math.min(found.ms, runOnce(target, input).ms, runOnce(target, input).ms) : found.ms;
    if (ms > worst.ms) worst = { ms, index: done, input };
    const problem = found.problem ?? (ms > inputMs ? `it takes ${ms.toFixed(0)} ms` : undefined);
    if (problem) findings.push({ index: done, input, problem });
  }
  return { done, worst, findings };
}

/** The time is that of the processor where the machine is busy with others. */
function runOnce(target: FuzzTarget, input: string): { ms: number; problem?: string } {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const measure = (): number => {
    const { user, system } = process.cpuUsage(usedBefore);
    return Math.min(performance.now() - startedAt, (user + system) / 1000);
  };
  try {
    target.run(input);
    return { ms: measure() };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ms: measure(), problem: stack.split('\n').slice(0, 6).join('\n') };
  }
}
