/** Why something was ended before it was done. */
export type StopKind = 'deadline' | 'timeout' | 'flow_timeout' | 'teardown_timeout' | 'interrupted' | 'stopped';

/** How far work with a peer had come when it was ended. */
export type Stage =
  | { readonly at: 'connecting' }
  | { readonly at: 'proxy' }
  | { readonly at: 'handshake' }
  | { readonly at: 'greeting' }
  | { readonly at: 'waiting' }
  | { readonly at: 'running' }
  | {
      readonly at: 'receiving';
      readonly status: number;
      readonly bytes: number;
      /** The `content-type` of what comes. */
      readonly type?: string | undefined;
    };

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Who ended something, and how hard: what all work that was ended before its time throws, from the signal to the driver. */
export class StopError extends Error {
  override readonly name = 'StopError';
  readonly kind: StopKind;
  /** How long what is ended may take to say what it knows, ms. */
  readonly graceMs: number;
  /** Of an interruption. */
  readonly signal: SignalName | undefined;
  /** Said by the work that was ended, where it has stages. */
  readonly stage: Stage | undefined;

  constructor(kind: StopKind, message: string, { graceMs = 1000, signal, stage }: StopDetails = {}) {
    super(message);
    this.kind = kind;
    this.graceMs = graceMs;
    this.signal = signal;
    this.stage = stage;
  }

  /** The same end, with how far the work had come. */
  in(stage: Stage): StopError {
    const { kind, message, graceMs, signal } = this;
    return new StopError(kind, message, { graceMs, signal, stage });
  }
}

export interface StopDetails {
  readonly graceMs?: number;
  readonly signal?: SignalName | undefined;
  readonly stage?: Stage;
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
