import type { Clock } from '../model/action/resources.ts';
import type { ReadySettings, ServicePlan } from '../model/companions/service-plan.ts';
import type { Stop } from '../stop/stop.ts';
import type { ServiceOutput } from './output.ts';
import { createProbe } from './ready.ts';
import type { ServiceRun } from './service-run.ts';

const READY_MS = 60_000;
const LOOK_MS = 50;

export interface ReadyOptions {
  readonly ready: ReadySettings;
  readonly readLine: ServicePlan['readLine'];
  readonly run: ServiceRun;
  readonly output: ServiceOutput;
  readonly clock: Clock;
  readonly stop: Stop;
}

/** What became of waiting: the names that its line gives, or why it is not ready. */
export type Waited = { readonly found: Readonly<Record<string, string>> } | { readonly fault: string };

/** Waits until a service is ready, ended, or out of time. @throws StopError where the run ends meanwhile */
export async function waitUntilReady(options: ReadyOptions): Promise<Waited> {
  const { ready, run, clock, stop } = options;
  const { timeout: timeoutMs = READY_MS } = ready;
  let isOver = false;
  let cancel = (): void => undefined;
  const late = new Promise<Waited>((settle) => {
    cancel = clock.after(timeoutMs, () => settle({ fault: describeLate(ready, timeoutMs, seen.last) }));
  });
  const seen: { last?: string | undefined } = {};
  const ended = run.ended.then((end): Waited => ({ fault: describeEnd(end, run) }));
  const stopped = new Promise<Waited>((settle) => stop.onEnd(() => settle({ fault: 'was stopped' })));
  try {
    const isReady = createProbe(ready) ? look(options, seen, () => isOver) : readLines(options);
    const waited = await Promise.race([isReady, ended, late, stopped]);
    stop.throwIfEnded({ at: 'waiting' });
    return waited;
  } finally {
    isOver = true;
    cancel();
  }
}

function readLines({ readLine, output }: ReadyOptions): Promise<Waited> {
  return new Promise((settle) => {
    const forget = output.onLine((line) => {
      const found = readLine?.(line);
      if (!found) return;
      forget();
      settle({ found: Object.fromEntries(found) });
    });
  });
}

/** Looks again and again. Who answers counts only while the service runs: else it was another. */
async function look(
  { ready, clock, run }: ReadyOptions,
  seen: { last?: string | undefined },
  isOver: () => boolean,
): Promise<Waited> {
  const probe = createProbe(ready);
  while (!isOver() && !run.hasEnded) {
    seen.last = await probe?.();
    if (seen.last === undefined && !run.hasEnded) return { found: {} };
    await clock.sleep(LOOK_MS);
  }
  return new Promise(() => undefined);
}

function describeEnd(end: string, run: ServiceRun): string {
  const left = run.listLeft().length > 0;
  const why = left ? ', though a process that it started runs on: let it stay in the foreground' : '';
  return /^(could not|is not started)/.test(end) ? end : `${end} before it was ready${why}`;
}

function describeLate({ log, http, tcp }: ReadySettings, timeoutMs: number, last: string | undefined): string {
  const what = log === undefined ? `${http ?? tcp}: ${last ?? 'no answer yet'}` : `no line that matches \`${log}\``;
  return `was not ready within ${timeoutMs / 1000} s (${what})`;
}
