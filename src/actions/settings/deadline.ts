import type { ActionIo, StepFacts } from '../../model/action/io.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

interface StepTime {
  readonly step: StepFacts;
}

/** How long an action may take: the smaller of its own timeout and its step's; 30 s when it has neither. */
export function chooseTimeout(ownMs: number | undefined, { step: { timeoutMs: stepMs } }: StepTime): number {
  return Math.min(ownMs ?? stepMs ?? DEFAULT_TIMEOUT_MS, stepMs ?? Number.POSITIVE_INFINITY);
}

/** Why work on a peer was ended: its own time was over, as `describeTimeout` says it, or the step was. */
export function describeStopped<Words extends { readonly kind: string; readonly message: string }>(
  { kind }: StopError,
  peer: string,
  describeTimeout: () => Words,
): Words | { readonly kind: 'stopped'; readonly message: string } {
  return kind === 'deadline' ? describeTimeout() : { kind: 'stopped', message: `stopped before ${peer} answered` };
}

/** Does work that ends when its own time is over (then its StopError is a `deadline`), or the step is ended, at once. */
export async function runWithin<T>(
  timeoutMs: number,
  io: Pick<ActionIo, 'stop' | 'clock'>,
  work: (stop: Stop) => Promise<T>,
): Promise<T> {
  if (io.stop.reason) throw io.stop.reason;
  const stop = new Stop(io.stop);
  const cancel = io.clock.after(timeoutMs, () => stop.end(new StopError('deadline', 'the time is up')));
  try {
    return await work(stop);
  } finally {
    cancel();
    stop.leave();
  }
}
