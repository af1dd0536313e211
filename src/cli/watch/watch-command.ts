import type { RunFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { watchSignals } from '../process/interrupt.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';
import { leaveKeys, readWishes } from './keys.ts';
import { WatchPlanner } from './watch-planner.ts';
import { WatchSession } from './watch-session.ts';

/** Runs the flows that the paths name, and again whatever a change touches, until it is told to end; gives the exit code. */
export async function watchCommand(paths: readonly string[], flags: RunFlags, about: CommandAbout): Promise<number> {
  refuseOthers(flags);
  const { terminal } = about;
  const planner = new WatchPlanner(paths, flags, { inputs: readGivenInputs(flags, terminal), terminal });
  const signals = watchSignals(terminal.writeError);
  const session = new WatchSession(planner, about, signals);
  const { input } = terminal;
  if (input)
    void readWishes({
      input,
      write: terminal.writeError,
      onWish: (wish) => session.take(wish),
      onInterrupt: () => process.kill(process.pid, 'SIGINT'),
    }).catch(() => undefined);
  try {
    return await session.run();
  } finally {
    if (input) leaveKeys(input);
    signals.release();
  }
}

/** What ends when it has run once, or is about a part of a run elsewhere. @throws UsageError */
function refuseOthers(flags: RunFlags): void {
  const others = [
    ...(flags.shard || flags.shards !== undefined ? ['--shard'] : []),
    ...(flags.offline ? ['--offline'] : []),
    ...(flags.dryRun ? ['--dry-run'] : []),
    ...(flags.emit === undefined ? [] : ['--emit']),
  ];
  if (others.length === 0) return;
  throw new UsageError(`--watch does not go together with ${others.join(' and ')}`, [
    'watch on one machine, where all flows run: leave one of them out',
  ]);
}
