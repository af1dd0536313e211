import type { Stopper } from '../../drivers/stopper.ts';
import type { ActionIo, StepFacts } from '../../model/action/io.ts';

/** Why work was stopped when its own time was over; any other reason is that of the step's signal. */
export const TIME_IS_OVER = Symbol('time is over');

const DEFAULT_TIMEOUT_MS = 30_000;

interface StepTime {
  readonly step: StepFacts;
}

/** How long an action may take: the smaller of its own timeout and its step's; 30 s when it has neither. */
export function chooseTimeout(ownMs: number | undefined, { step: { timeoutMs: stepMs } }: StepTime): number {
  return Math.min(ownMs ?? stepMs ?? DEFAULT_TIMEOUT_MS, stepMs ?? Number.POSITIVE_INFINITY);
}

/** Does work that ends when the time is over or the step is stopped, at once. */
export async function runWithin<T>(
  timeoutMs: number,
  io: Pick<ActionIo, 'stop' | 'clock'>,
  work: (stop: Stopper) => Promise<T>,
): Promise<T> {
  const stop: Stopper = { reason: undefined, call: undefined };
  const halt = (reason: unknown) => {
    stop.reason ??= reason;
    stop.call?.(reason);
  };
  const leave = io.stop.onEnd(halt);
  if (stop.reason !== undefined) throw stop.reason;
  const cancel = io.clock.after(timeoutMs, () => halt(TIME_IS_OVER));
  try {
    return await work(stop);
  } finally {
    cancel();
    leave();
  }
}
