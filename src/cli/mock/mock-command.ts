import { resolve } from 'node:path';
import { createClock } from '../../engine/lifetimes/clock.ts';
import { describeThrown } from '../../engine/outcome/thrown.ts';
import { countOf } from '../../util/count.ts';
import { createPaint } from '../../util/paint.ts';
import type { MockFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { watchSignals } from '../process/interrupt.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { loadStub } from './load-stub.ts';
import { RunningStub } from './running-stub.ts';
import { identify, watchFile } from './watch-file.ts';

/** Runs the stub of a file until a signal ends it; gives the exit code. */
export async function mockCommand(
  file: string,
  flags: MockFlags,
  about: { terminal: Terminal; version: string },
): Promise<number> {
  const { terminal } = about;
  const given = { flags, inputs: readGivenInputs(flags, terminal) };
  const path = resolve(terminal.cwd, file);
  const before = identify(path);
  const loaded = loadStub(file, given, terminal);
  if (!loaded) return EXIT.usage;
  const paint = createPaint(isColorWanted(flags.color, terminal));
  const signals = watchSignals(() => undefined);
  const stub = new RunningStub(signals, { ...about, paint });
  let leave: (() => void) | undefined;
  try {
    const { port, admin } = await stub.start(loaded, flags);
    const reload = (): void => {
      const changed = loadStub(file, given, terminal);
      if (changed && stub.replace(changed)) terminal.write(`${file} changed: ${countOf(stub.routeCount, 'route')}\n`);
      else terminal.writeError(`${file} changed: the routes stay what they were\n`);
    };
    if (flags.watch) leave = watchFile(path, { before, clock: createClock() }, reload);
    const seen = admin === undefined ? '' : `, requests on http://127.0.0.1:${admin}/requests`;
    terminal.write(`${file}: ${countOf(stub.routeCount, 'route')} on http://127.0.0.1:${port}${seen}\n`);
    const signal = await new Promise<'SIGHUP' | 'SIGINT' | 'SIGTERM'>((end) => {
      signals.work.onAsk((reason) => end(reason.signal ?? 'SIGINT'));
    });
    terminal.write(`${stub.describeEnd()}\n`);
    return EXIT[signal];
  } catch (error) {
    const { problem, source } = describeThrown(error);
    if (source === 'bug') throw error;
    stub.print(problem);
    return problem.kind === 'authoring' ? EXIT.usage : EXIT.errored;
  } finally {
    leave?.();
    await stub.close();
    signals.release();
  }
}
