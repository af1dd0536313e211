import { resolve } from 'node:path';
import { readHttpUrl } from '../../actions/http/url.ts';
import { hidePasswords } from '../../engine/events/address-passwords.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import { describeThrown } from '../../engine/outcome/thrown.ts';
import { countOf } from '../../util/count.ts';
import { createPaint } from '../../util/paint.ts';
import type { MockFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { waitForSignal, watchSignals } from '../process/interrupt.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { WatchedFiles } from '../watch/watched-files.ts';
import { loadStub } from './load-stub.ts';
import { Recorder } from './recorder.ts';
import { RunningStub } from './running-stub.ts';

/** Runs the stub of a file until a signal ends it; gives the exit code. */
export async function mockCommand(
  given: string | undefined,
  flags: MockFlags,
  about: { terminal: Terminal; version: string },
): Promise<number> {
  const { terminal } = about;
  checkFlags(given, flags);
  const values = { flags, inputs: readGivenInputs(flags, terminal) };
  const recorder = flags.record === undefined ? undefined : new Recorder(flags.record, terminal.cwd);
  const path = resolve(terminal.cwd, given ?? '');
  const since = Date.now();
  const loaded = loadStub(given, values, terminal);
  if (!loaded) return EXIT.usage;
  const file = given ?? 'mock';
  const paint = createPaint(isColorWanted(flags.color, terminal));
  const signals = watchSignals(() => undefined);
  const stub = new RunningStub(signals, { ...about, paint, proxy: flags.proxy, recorder });
  let onChange = (): void => undefined;
  const note = (text: string): void => terminal.writeError(`note: ${text}\n`);
  const files = new WatchedFiles({ clock: createClock(), mayMatter: () => false, note, onChange: () => onChange() });
  try {
    const { url, admin } = await stub.start(loaded, flags);
    const reload = (): void => {
      const readAt = Date.now();
      const changed = loadStub(given, values, terminal);
      if (changed && stub.replace(changed)) terminal.write(`${file} changed: ${countOf(stub.routeCount, 'route')}\n`);
      else terminal.writeError(`${file} changed: the routes stay as they were\n`);
      files.follow([path, ...stub.documents], [], readAt);
    };
    onChange = reload;
    if (flags.watch) files.follow([path, ...stub.documents], [], since);
    const seen = admin === undefined ? '' : `, requests on http://127.0.0.1:${admin}/requests`;
    terminal.write(`${file}: ${countOf(stub.routeCount, 'route')} on ${url}${seen}\n`);
    const signal = await waitForSignal(signals);
    terminal.write(`${stub.describeEnd()}\n`);
    if (recorder)
      terminal.write(`${await recorder.write((text) => stub.mask(text), hidePasswords(flags.proxy ?? ''))}\n`);
    return EXIT[signal];
  } catch (error) {
    const { problem, source } = describeThrown(error);
    if (source === 'bug') throw error;
    stub.print(problem);
    return problem.kind === 'authoring' ? EXIT.usage : EXIT.errored;
  } finally {
    files.close();
    await stub.close();
    signals.release();
  }
}

/** @throws UsageError when one lacks another */
function checkFlags(file: string | undefined, { proxy, record, watch }: MockFlags): void {
  if (file === undefined && (proxy === undefined || watch))
    throw new UsageError('the file of the stub is missing', [
      'for example: testmesh mock stubs.yaml --port 8080',
      'without a file all is passed on: testmesh mock --proxy http://localhost:5001 --record stubs.yaml',
    ]);
  const read = proxy === undefined ? undefined : readHttpUrl(proxy);
  if (read && !('url' in read)) throw new UsageError(`--proxy: ${read.mistake}`);
  if (record !== undefined && proxy === undefined)
    throw new UsageError('--record needs the service that is asked', [
      `for example: --record ${record} --proxy http://localhost:5001`,
    ]);
}
