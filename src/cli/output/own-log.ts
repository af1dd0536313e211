import type { Logger } from 'pino';
import type { Consumer } from '../../model/consumer.ts';
import { isBad, type RunEvent } from '../../model/events.ts';
import type { Terminal } from '../process/terminal.ts';

/** testmesh's own log (`--log-level`), a JSON line each on standard error; undefined when it is not asked for. */
export async function openOwnLog(level: string | undefined, terminal: Terminal): Promise<Logger | undefined> {
  if (level === undefined) return undefined;
  const { pino } = await import('pino');
  return pino({ level, base: { name: 'testmesh' } }, { write: (line: string) => terminal.writeError(line) });
}

/** Follows a run in the log: outcomes at `info`, every event at `debug`, what went wrong at `warn`. */
export function createLogConsumer(log: Logger): Consumer {
  return {
    name: 'log',
    wants: { progress: true },
    on: (event) => writeEvent(log, event),
    close: () => Promise.resolve(),
  };
}

function writeEvent(log: Logger, event: RunEvent): void {
  if (event.type === 'step_finished') {
    const { step, outcome, timing, problems } = event;
    const { durationMs, attempts } = timing;
    const fields = {
      address: step.address,
      outcome,
      durationMs,
      attempts,
      problems: problems.map((problem) => problem.message),
    };
    log[isBad(outcome) ? 'warn' : 'info'](fields, 'step finished');
  } else if (event.type === 'flow_finished') {
    const { about, outcome, durationMs, problems } = event;
    const { id, file } = about;
    log.info({ id, file, outcome, durationMs, problems: problems.map((problem) => problem.message) }, 'flow finished');
  } else if (event.type === 'run_started' || event.type === 'run_finished') log.info(event, event.type);
  else log.debug(event, event.type);
}
