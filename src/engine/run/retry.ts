import type { RetryPolicy } from '../../model/plan.ts';

/** How long to wait after an attempt (from 1), ms; `random` from 0 to 1 says where in the jitter's range. */
export function computeDelay(policy: RetryPolicy, attempt: number, random: number): number {
  const base = policy.delayMs * factorOf(policy.backoff, attempt);
  const varied = base * (1 + policy.jitter * (2 * random - 1));
  return Math.max(0, Math.min(varied, policy.maxDelayMs ?? Number.POSITIVE_INFINITY));
}

function factorOf(backoff: RetryPolicy['backoff'], attempt: number): number {
  if (backoff === 'fixed') return 1;
  return backoff === 'linear' ? attempt : 2 ** (attempt - 1);
}
