/** Why something was ended before it was done. */
export type StopKind = 'timeout' | 'flow_timeout' | 'teardown_timeout' | 'interrupted' | 'stopped';

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Who ended something, and how hard: what all work that was ended before its time throws, from the signal to the driver. */
export class StopError extends Error {
  override readonly name = 'StopError';
  readonly kind: StopKind;
  /** How long what is ended may take to say what it knows, ms. */
  readonly graceMs: number;
  /** Of an interruption. */
  readonly signal: SignalName | undefined;

  constructor(
    kind: StopKind,
    message: string,
    { graceMs = 1000, signal }: { graceMs?: number; signal?: SignalName } = {},
  ) {
    super(message);
    this.kind = kind;
    this.graceMs = graceMs;
    this.signal = signal;
  }
}

/** The end of a run by a signal of the process. */
export function interruptedBy(signal: SignalName, graceMs?: number): StopError {
  return new StopError('interrupted', `interrupted by ${signal}`, {
    signal,
    ...(graceMs !== undefined && { graceMs }),
  });
}

/** The end of steps by the control that runs them. */
export function stoppedByControl(why: string): StopError {
  return new StopError('stopped', `stopped by its control: ${why}`);
}
