import { afterEach, describe, expect, it } from 'vitest';
import { type SignalWatch, watchSignals } from '../../../src/cli/process/interrupt.ts';

const watches: SignalWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.release();
});

/** Sends the signals to a watch; gives what has become of the run, and what was printed. */
function send(...signals: readonly NodeJS.Signals[]) {
  const warnings: string[] = [];
  const watch = watchSignals((text) => warnings.push(text.trim()));
  watches.push(watch);
  for (const signal of signals) process.emit(signal, signal);
  const { work, undo } = watch;
  return {
    asked: work.asked?.signal,
    isWorkEnded: work.reason !== undefined,
    isUndoEnded: undo.reason !== undefined,
    warnings,
  };
}

describe('signals', () => {
  it.each([
    [['SIGINT'], false],
    [['SIGINT', 'SIGINT'], true],
    [['SIGTERM', 'SIGTERM'], true],
    [['SIGINT', 'SIGTERM'], false],
    [['SIGINT', 'SIGTERM', 'SIGHUP'], false],
    [['SIGINT', 'SIGTERM', 'SIGINT'], true],
    [['SIGHUP', 'SIGTERM', 'SIGTERM'], true],
  ] as const)('%j: teardown is ended %s', (signals, isUndoEnded) => {
    expect(send(...signals)).toMatchObject({ asked: signals[0], isWorkEnded: isUndoEnded, isUndoEnded });
  });

  it('are answered with what the same one would do', () => {
    expect(send('SIGINT', 'SIGTERM').warnings).toEqual([
      'SIGINT: stopping; teardown runs, a second Ctrl-C ends at once',
      'SIGTERM: still stopping; teardown runs, a second SIGTERM ends at once',
    ]);
  });
});
