import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { Stop } from '../../stop/stop.ts';
import { interruptedBy, type SignalName } from '../../stop/stop-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly SignalName[];

export interface SignalWatch extends OuterStops {
  /** Stops watching, so that signals end the process again as usual. */
  release(): void;
}

/** Watches the process's signals: the first asks the run to stop with its teardown, the second ends it at once. */
export function watchSignals(warn: (text: string) => void): SignalWatch {
  const work = new Stop();
  const undo = new Stop();
  const onSignal = (name: NodeJS.Signals): void => {
    const signal = SIGNALS.find((one) => one === name) ?? 'SIGINT';
    if (work.asked) {
      const reason = interruptedBy(signal, 0);
      work.end(reason);
      undo.end(reason);
      return;
    }
    warn(`\n${name}: stopping; teardown runs, a second ${name === 'SIGINT' ? 'Ctrl-C' : name} ends at once\n`);
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
