import { keyOfFlow } from '../failed-flows.ts';
import type { HistoryEntry, HistoryFlow, HistoryStep } from './entry.ts';

/** One pass of a flow, and the run that it was part of. */
export interface Pass {
  readonly run: HistoryEntry;
  readonly flow: HistoryFlow;
}

/** A flow that did not pass when it last ran. */
export interface Broken {
  readonly last: Pass;
  readonly step: HistoryStep | undefined;
  /** The first pass of those in a row that did not pass, and how many these are. */
  readonly since: Pass;
  readonly passCount: number;
  /** When it last passed; undefined: never, as far as is known. */
  readonly green: Pass | undefined;
}

/** A flow that passes and fails though nothing changed. */
export interface Flaky {
  readonly last: Pass;
  readonly passCount: number;
  /** How often it passed only when it was tried again. */
  readonly retried: number;
  /** How often it did not pass on a commit on which it passed, too. */
  readonly failed: number;
  /** How often, where no commit is known, it did not pass between two runs in which it did: nobody knows what changed meanwhile. */
  readonly failedBetween: number;
}

/** A step that takes longer than it did. */
export interface Slower {
  readonly last: Pass;
  readonly address: string;
  /** Medians, ms. */
  readonly beforeMs: number;
  readonly nowMs: number;
  /** The first of the slow ones. */
  readonly since: Pass;
}

/** A flow that passed when it last ran, and did not the time before. */
export interface Mended {
  readonly last: Pass;
  readonly failed: Pass;
}

export interface Changes {
  readonly broken: readonly Broken[];
  readonly flaky: readonly Flaky[];
  readonly slower: readonly Slower[];
  readonly mended: readonly Mended[];
}

/** What became of flows over runs, oldest first: what broke when, what is flaky, what became slow, what was mended last. */
export function findChanges(entries: readonly HistoryEntry[]): Changes {
  const passes = [...groupPasses(entries).values()];
  return {
    broken: passes.flatMap((one) => findBroken(one) ?? []),
    flaky: passes.flatMap((one) => findFlaky(one) ?? []),
    slower: passes.flatMap(findSlower).sort((a, b) => b.nowMs - b.beforeMs - (a.nowMs - a.beforeMs)),
    mended: passes.flatMap((one) => findMended(one) ?? []),
  };
}

function groupPasses(entries: readonly HistoryEntry[]): ReadonlyMap<string, readonly Pass[]> {
  const groups = new Map<string, Pass[]>();
  for (const run of entries) {
    for (const flow of run.flows) {
      const key = keyOfFlow(flow);
      const known = groups.get(key);
      if (known) known.push({ run, flow });
      else groups.set(key, [{ run, flow }]);
    }
  }
  return groups;
}

function hasPassed({ flow }: Pass): boolean {
  return flow.outcome === 'passed';
}

function findBroken(passes: readonly Pass[]): Broken | undefined {
  const last = passes.at(-1);
  if (!last || hasPassed(last)) return undefined;
  const greenAt = passes.findLastIndex(hasPassed);
  const since = passes[greenAt + 1] ?? last;
  const step = last.flow.steps.find(({ cause }) => cause !== undefined);
  return { last, step, since, passCount: passes.length - greenAt - 1, green: passes[greenAt] };
}

function findFlaky(passes: readonly Pass[]): Flaky | undefined {
  const last = passes.at(-1);
  if (!last) return undefined;
  const greenCommits = new Set(passes.filter(hasPassed).flatMap(({ run }) => run.commit ?? []));
  const retried = passes.filter(({ flow }) => flow.isFlaky).length;
  const failures = passes.map((pass, at) => (hasPassed(pass) ? 'none' : placeFailure(pass, at, passes, greenCommits)));
  const failed = failures.filter((one) => one === 'same commit').length;
  const failedBetween = failures.filter((one) => one === 'between').length;
  return retried + failed + failedBetween === 0
    ? undefined
    : { last, passCount: passes.length, retried, failed, failedBetween };
}

/** Whether the commit of a failure passed, too; where no commit is known, whether the runs around it passed. */
function placeFailure(
  { run }: Pass,
  at: number,
  passes: readonly Pass[],
  greenCommits: ReadonlySet<string>,
): 'none' | 'same commit' | 'between' {
  if (run.commit !== undefined) return greenCommits.has(run.commit) ? 'same commit' : 'none';
  const [before, after] = [passes[at - 1], passes[at + 1]];
  return before !== undefined && after !== undefined && hasPassed(before) && hasPassed(after) ? 'between' : 'none';
}

function findMended(passes: readonly Pass[]): Mended | undefined {
  const [failed, last] = passes.slice(-2);
  return failed && last && hasPassed(last) && !hasPassed(failed) ? { last, failed } : undefined;
}

/** So many times each side needs, so much slower, and by so much: less is noise. */
const LEAST_TIMES = 3;
const LEAST_RATIO = 1.5;
const LEAST_MS = 50;

function findSlower(passes: readonly Pass[]): readonly Slower[] {
  const last = passes.at(-1);
  if (!last) return [];
  const addresses = last.flow.steps.flatMap(({ outcome, address }) => (outcome === 'passed' ? [address] : []));
  return addresses.flatMap((address) => {
    const times = passes.flatMap((pass) => {
      const step = pass.flow.steps.find((one) => one.address === address && one.outcome === 'passed');
      return step ? [{ pass, ms: step.durationMs }] : [];
    });
    const found = findStepUp(times.map(({ ms }) => ms));
    const since = found && times[found.at]?.pass;
    return found && since ? [{ last, address, since, beforeMs: found.beforeMs, nowMs: found.nowMs }] : [];
  });
}

interface StepUp {
  readonly at: number;
  readonly beforeMs: number;
  readonly nowMs: number;
}

/** Where times rise for good: of all places to divide them that where both parts are closest to what is usual in them. */
function findStepUp(times: readonly number[]): StepUp | undefined {
  let best: (StepUp & { readonly spread: number }) | undefined;
  for (let at = LEAST_TIMES; at <= times.length - LEAST_TIMES; at++) {
    const [before, now] = [times.slice(0, at), times.slice(at)];
    const [beforeMs, nowMs] = [median(before), median(now)];
    if (nowMs < beforeMs * LEAST_RATIO || nowMs - beforeMs < LEAST_MS) continue;
    const spread = sumDistances(before, beforeMs) + sumDistances(now, nowMs);
    if (!best || spread < best.spread) best = { at, beforeMs, nowMs, spread };
  }
  // What was slow for a while and is not any more is no news.
  const isStill = best && median(times.slice(-LEAST_TIMES)) >= best.beforeMs * LEAST_RATIO;
  return isStill ? best : undefined;
}

function sumDistances(times: readonly number[], from: number): number {
  return times.reduce((sum, time) => sum + Math.abs(time - from), 0);
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}
