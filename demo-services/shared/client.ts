import { HttpProblem } from './http.ts';
import type { Trace } from './trace.ts';

const timeoutMs = 3_000;

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Asks another service, patiently without a limit of time; one that cannot be reached, is not ready or fails makes the caller's answer 503. */
export async function askService(
  service: string,
  url: string,
  trace: Trace,
  { isPatient = false } = {},
): Promise<Answer> {
  const cannotBeReached = (reason: string): HttpProblem =>
    new HttpProblem(503, `${service} cannot be reached: ${reason}`);
  try {
    const response = await fetch(url, {
      headers: trace,
      ...(!isPatient && { signal: AbortSignal.timeout(timeoutMs) }),
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status >= 500) throw cannotBeReached(`it answers ${response.status}`);
    return { status: response.status, body: typeof body === 'object' && body !== null ? { ...body } : {} };
  } catch (error) {
    throw error instanceof HttpProblem ? error : cannotBeReached(describeFailure(error));
  }
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? String(cause.code) : '';
  return cause.message || code;
}
