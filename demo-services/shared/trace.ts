/** The headers by which a trace travels; empty when none came in. */
export type Trace = Record<string, string>;

const names = ['traceparent', 'tracestate'];

/** Picks the trace headers out of those of a request or a Kafka message. */
export function readTrace(headers: Record<string, unknown> | undefined): Trace {
  const entries = names.map((name) => [name, headers?.[name]] as const);
  return Object.fromEntries(entries.flatMap(([name, value]) => (hasText(value) ? [[name, String(value)]] : [])));
}

function hasText(value: unknown): boolean {
  return (typeof value === 'string' || Buffer.isBuffer(value)) && value.length > 0;
}
