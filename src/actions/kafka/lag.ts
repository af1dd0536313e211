import { formatDuration } from '../../util/duration.ts';

/** Clocks of machines that are kept right differ by no more. */
const CLOCK_DIFFERENCE_MS = 100;

/** Times of one message, ms since 1970. */
export interface Arrival {
  /** By the clock of who wrote it. */
  readonly writtenMs: number;
  /** When the wait began. */
  readonly beganMs: number;
  /** When the wait saw it. */
  readonly seenMs: number;
}

/**
 * How long a message took, ms: from when it was written, or from when the wait began where that was later, for what came before
 * is not known. Undefined when the clocks contradict each other.
 */
export function measureLag({ writtenMs, beganMs, seenMs }: Arrival): number | undefined {
  if (writtenMs > seenMs + CLOCK_DIFFERENCE_MS) return undefined;
  return Math.max(0, seenMs - Math.max(writtenMs, beganMs));
}

/** Why there is none. */
export function describeNoLag({ writtenMs, seenMs }: Arrival): string {
  const ahead = formatDuration(writtenMs - seenMs);
  return `\`lag_ms\` is nil: according to its timestamp (${new Date(writtenMs).toISOString()}) the message was written ${ahead} after it came, so the writer's clock is ahead of this machine's`;
}
