import type { RunOutcome } from '../../engine/lifetimes/run-options.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { EXIT } from '../process/usage-error.ts';

/** The exit code of a run: of several that apply, the signal's, else the first of 70, 1, 2, 3 and 4. */
export function toExitCode(
  run: RunOutcome,
  { passWithNoTests, failOnFlaky }: Pick<RunFlags, 'passWithNoTests' | 'failOnFlaky'>,
): number {
  if (run.interrupted) return EXIT[run.interrupted];
  if (run.hasBug) return EXIT.bug;
  if (run.outcome === 'failed' || (failOnFlaky && run.flaky > 0)) return EXIT.failed;
  if (run.outcome === 'errored' && run.hasMistake) return EXIT.usage;
  if (run.outcome === 'errored' || run.unwritten.length > 0) return EXIT.errored;
  return hasRunNothing(run) && !passWithNoTests ? EXIT.nothingMatched : EXIT.passed;
}

/** Whether no step ran, though nobody said that none should. */
function hasRunNothing({ outcome, flows, hasIdleFlow }: RunOutcome): boolean {
  return outcome === 'skipped' && (hasIdleFlow || flows.skipped === 0);
}
