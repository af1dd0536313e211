import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { Stop } from '../../stop/stop.ts';
import { interruptedBy, type SignalName } from '../../stop/stop-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly SignalName[];

/** Waits for the signal that asks for the end of what goes on until then. */
export function waitForSignal({ work }: Pick<SignalWatch, 'work'>): Promise<SignalName> {
  return new Promise((end) => {
    work.onAsk((reason) => end(reason.signal ?? 'SIGINT'));
  });
}

export interface SignalWatch extends OuterStops {
  /** Stops watching, so that signals end the process again as usual. */
  release(): void;
}

/**
 * Watches the process's signals: the first asks the run to stop with its teardown; the same signal again ends it at once. Another
 * one lets teardown go on, for CI servers send one after the other of their own accord.
 */
export function watchSignals(warn: (text: string) => void): SignalWatch {
  const work = new Stop();
  const undo = new Stop();
  const seen = new Set<SignalName>();
  const onSignal = (name: NodeJS.Signals): void => {
    const signal = SIGNALS.find((one) => one === name) ?? 'SIGINT';
    if (seen.has(signal)) {
      const reason = interruptedBy(signal, 0);
      work.end(reason);
      undo.end(reason);
      return;
    }
    seen.add(signal);
    const again = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    const what = work.asked ? 'still stopping' : 'stopping';
    warn(`\n${signal}: ${what}; teardown runs, a second ${again} ends at once\n`);
    work.ask(interruptedBy(signal));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    work,
    undo,
    release: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
