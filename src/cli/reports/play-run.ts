import { createHub } from '../../engine/events/hub.ts';
import { createSecrets } from '../../engine/events/secrets.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { RunOutcome } from '../../engine/lifetimes/run-options.ts';
import type { RunEvent } from '../../model/events.ts';
import type { ReportFlags } from '../arguments/report-flags.ts';
import { describeLoss } from '../output/describe-loss.ts';
import { openReporters, type ReportedRun } from '../output/open-reporters.ts';
import type { CommandAbout } from '../process/terminal.ts';

/** Hands recorded events, in which secrets are masked, to the reporters of a command; gives those that could not write, which is said. */
export async function playRun(
  events: Iterable<RunEvent>,
  flags: ReportFlags,
  { about, reported }: { about: CommandAbout; reported?: ReportedRun },
): Promise<RunOutcome['unwritten']> {
  const { terminal } = about;
  const consumers = await openReporters(flags, terminal, reported);
  const hub = createHub({ consumers, secrets: createSecrets(), clock: createClock() });
  about.onStart?.();
  for (const event of events) hub.emit(event);
  const unwritten = await hub.close();
  terminal.writeError(unwritten.map((loss) => `testmesh: ${describeLoss(loss)}\n`).join(''));
  return unwritten;
}
