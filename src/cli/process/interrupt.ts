import type { Interrupt } from '../../engine/stop/interrupt.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface SignalWatch extends Interrupt {
  /** Stops watching, so that signals end the process again as usual. */
  release(): void;
}

/** Watches the process's signals: the first asks the run to stop with its teardown, the second ends it at once. */
export function watchSignals(tell: (text: string) => void): SignalWatch {
  const soft = new AbortController();
  const hard = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    const reason = Object.assign(new Error(`interrupted by ${name}`), { name });
    if (soft.signal.aborted) {
      hard.abort(reason);
      return;
    }
    tell(`\n${name}: stopping; teardown runs, a second ${name === 'SIGINT' ? 'Ctrl-C' : name} ends at once\n`);
    soft.abort(reason);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: soft.signal,
    hard: hard.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
