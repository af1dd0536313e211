import type { StepTrace } from '../../model/action/step-trace.ts';

/** Of all members together; what goes beyond it others drop. */
const MAX_BAGGAGE_BYTES = 8192;

/** What of a trace goes out beside what the flow gives itself. */
export interface TraceHeaders {
  readonly traceparent?: string | undefined;
  /** In the place of the flow's own, which it begins with. */
  readonly baggage?: string | undefined;
}

/** What the flow gives itself: the value of a header, null for one that is not to be sent. */
export type GivenHeader = string | null | undefined;

/** Chooses what goes out: a `traceparent` of the flow wins, a `baggage` of the flow is kept and ours joins it. */
export function chooseTraceHeaders(
  trace: StepTrace,
  given: { readonly traceparent: GivenHeader; readonly baggage: GivenHeader },
): TraceHeaders {
  return {
    traceparent: given.traceparent === undefined ? trace.traceparent : undefined,
    baggage: joinBaggage(given.baggage, trace.baggage),
  };
}

function joinBaggage(given: GivenHeader, ours: string): string | undefined {
  if (given === null) return undefined;
  const all = given === undefined || given.trim() === '' ? ours : `${given},${ours}`;
  // A character takes three bytes at most.
  return all.length * 3 > MAX_BAGGAGE_BYTES && Buffer.byteLength(all) > MAX_BAGGAGE_BYTES ? undefined : all;
}
