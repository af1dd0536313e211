/** A service while it runs. */
export interface ServiceRun {
  /** Settles when it has ended, with how: `ended with exit code 1`. */
  readonly ended: Promise<string>;
  /** Whether there was anything to start. */
  readonly hasBegun: boolean;
  readonly hasEnded: boolean;
  /** Makes sure that what is said of its end holds now. */
  check?(): Promise<void>;
  /** Processes that it started and that still run. */
  listLeft(): readonly number[];
  /** Ends it with all that it started; gives what there is to be said of that. */
  stop(options: StopOptions): Promise<readonly string[]>;
}

export interface StopOptions {
  readonly signal: NodeJS.Signals;
  readonly timeoutMs: number;
  /** Whether it is not to be waited for any longer. */
  readonly isHurried?: (() => boolean) | undefined;
}
