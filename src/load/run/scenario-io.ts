import type { Clock } from '../../model/action/resources.ts';
import type { Between } from '../../model/load/between.ts';
import type { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import type { CapacityBook } from '../capacity/capacity-book.ts';
import type { Slice } from '../executors/slice.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What running a scenario needs. */
export interface ScenarioIo {
  readonly clock: Clock;
  /** Asked: no further iteration begins. Ended: those that run are ended. */
  readonly stop: Stop;
  /** The part of the scenario that runs here; absent: all of it. */
  readonly slice?: Slice | undefined;
  /** Of a scenario that looks for a capacity: what it finds, and until when nothing is counted (as `monotonic`). */
  readonly capacity?: { readonly book: CapacityBook; readonly warmUntil: number } | undefined;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  openUser(): VirtualUser;
  /** Iterations that were to be and are not. */
  onDropped(count: number): void;
  /** How late an iteration begins, ms. */
  onLag(ms: number): void;
  /** How many arrivals have not begun of all that were due. */
  onBehind(count: number, due: number): void;
  /** Whose number has changed: of those that work, and of those that are there. */
  onUsers(change: { readonly active?: number; readonly there?: number }): void;
}

/** Waits until then (as `monotonic`), or until nothing new is to begin. */
export async function waitUntil({ clock, stop }: Pick<ScenarioIo, 'clock' | 'stop'>, atMs: number): Promise<void> {
  const ms = atMs - clock.monotonic();
  if (ms <= 0 || stop.asked) return;
  await new Promise<void>((resolve) => {
    let leave = (): void => undefined;
    const cancel = clock.after(ms, () => {
      leave();
      resolve();
    });
    leave = stop.onAsk(() => {
      cancel();
      resolve();
    });
  });
}

let nextTurn: Promise<void> | undefined;

/** Lets whatever has happened meanwhile be handled. All that ask in one turn go on with the next one. */
export function letOthersIn(): Promise<void> {
  nextTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      nextTurn = undefined;
      resolve();
    });
  });
  return nextTurn;
}

export function pick(between: Between, random: () => number): number {
  return between.minMs + (between.maxMs - between.minMs) * random();
}

export function endOfGrace(what: string, ms: number): StopError {
  return new StopError('stopped', `${what} of ${ms} ms is over`, { graceMs: 0 });
}
