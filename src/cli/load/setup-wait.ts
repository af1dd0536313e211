import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SignalName } from '../../stop/stop-error.ts';
import { formatDuration } from '../../util/duration.ts';
import { watchSignals } from '../process/interrupt.ts';
import type { Terminal } from '../process/terminal.ts';
import type { LoadTask } from './load-task.ts';

const LOOK_MS = 500;
/** Another pod may have to be placed, and to fetch its image, before it runs setup. */
const MOST_MS = 600_000;

/** Waits in a pod until setup, which runs in another one, has left its file; gives the signal that ended the waiting. */
export async function awaitSetup({ kind, setupData }: LoadTask, terminal: Terminal): Promise<SignalName | undefined> {
  if (kind !== 'load' || setupData === undefined) return undefined;
  const path = resolve(terminal.cwd, setupData);
  if (existsSync(path)) return undefined;
  terminal.writeError(`waiting up to ${formatDuration(MOST_MS)} for ${setupData}, which the job of setup writes\n`);
  const watch = watchSignals(terminal.writeError);
  try {
    for (const end = Date.now() + MOST_MS; !existsSync(path) && Date.now() < end && !watch.work.asked; )
      await new Promise((done) => setTimeout(done, LOOK_MS));
    return watch.work.asked ? (watch.work.asked.signal ?? 'SIGTERM') : undefined;
  } finally {
    watch.release();
  }
}
