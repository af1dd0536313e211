/** How a run is stopped from outside; the reasons have a `name`: `SIGINT`, `SIGTERM` or `SIGHUP`. */
export interface Interrupt {
  /** Aborted by the first signal: no further step starts, the running one has 2 s to end, teardown runs. */
  readonly signal: AbortSignal;
  /** Aborted by the second: everything ends at once. */
  readonly hard: AbortSignal;
}

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The name of the signal that aborted; undefined when nothing did. */
export function nameSignal({ aborted, reason }: AbortSignal): SignalName | undefined {
  if (!aborted) return undefined;
  const name: unknown = typeof reason === 'object' && reason !== null && 'name' in reason ? reason.name : undefined;
  return name === 'SIGTERM' || name === 'SIGHUP' ? name : 'SIGINT';
}
