/** When a poll looks. */
export interface PollPolicy {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly maxIntervalMs: number;
  /** How the interval grows; a number is its factor. */
  readonly backoff: 'fixed' | 'linear' | 'exponential' | number;
}

/** Of the time left, this much is kept for a last look, ms. */
const LAST_LOOK_MS = 20;

/**
 * Says when to look, in absolute times so that nothing drifts. A look that would fall behind the deadline is made right before
 * it instead, so that the last stretch of the wait is not blind.
 */
export class Schedule {
  readonly #policy: PollPolicy;
  readonly deadlineAt: number;
  #dueAt: number;
  #looks = 0;
  #wasLast = false;

  constructor(policy: PollPolicy, startedAt: number) {
    this.#policy = policy;
    this.deadlineAt = startedAt + policy.timeoutMs;
    this.#dueAt = startedAt;
  }

  /** When the next look is due, given that one ended just now; undefined when there is no time for one. */
  next(lookStartedAt: number, now: number): number | undefined {
    if (this.#wasLast) return undefined;
    this.#looks++;
    this.#dueAt = Math.max(this.#dueAt + this.#interval(), now);
    const lastChanceAt = this.deadlineAt - Math.max(LAST_LOOK_MS, 2 * (now - lookStartedAt));
    if (this.#dueAt < lastChanceAt) return this.#dueAt;
    const latestAt = this.deadlineAt - LAST_LOOK_MS;
    // One look that took long, of a service that was just started, says little of the next.
    if (lastChanceAt <= now && this.#dueAt < latestAt) return this.#dueAt;
    this.#wasLast = true;
    return now < latestAt ? Math.max(now, lastChanceAt) : undefined;
  }

  #interval(): number {
    const { backoff, intervalMs, maxIntervalMs } = this.#policy;
    return Math.min(maxIntervalMs, intervalMs * this.#growth(backoff));
  }

  #growth(backoff: PollPolicy['backoff']): number {
    if (backoff === 'fixed') return 1;
    if (backoff === 'linear') return this.#looks;
    return (backoff === 'exponential' ? 2 : backoff) ** (this.#looks - 1);
  }
}
