import { readHttpUrl } from '../../actions/http/url.ts';
import { createAllRoutes, createUpkeep, readBodyFile } from '../../actions/stub/set-up-stub.ts';
import { openContract } from '../../actions/stub/stub-contract.ts';
import { hidePasswords } from '../../engine/events/address-passwords.ts';
import { describeThrown } from '../../engine/outcome/thrown.ts';
import { renderProblem } from '../../source/render/render-problem.ts';
import { countOf } from '../../util/count.ts';
import { createPaint, type Paint } from '../../util/paint.ts';
import type { VerifyFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { watchSignals } from '../process/interrupt.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { findDrift, type RouteVerdict } from './drift.ts';
import { loadStub } from './load-stub.ts';
import { type RenderedStub, StubSession } from './stub-session.ts';

/** Asks a service for what the routes of a stub's file answer, and prints what drifted; gives the exit code. */
export async function verifyCommand(
  file: string,
  flags: VerifyFlags,
  about: { terminal: Terminal; version: string },
): Promise<number> {
  const { terminal } = about;
  const base = readBase(file, flags.against);
  const loaded = loadStub(file, { flags, inputs: readGivenInputs(flags, terminal) }, terminal);
  if (!loaded) return EXIT.usage;
  const paint = createPaint(isColorWanted(flags.color, terminal));
  const signals = watchSignals(() => undefined);
  const session = new StubSession(signals, { ...about, warn: (text) => terminal.writeError(`${text}\n`) });
  const write = (text: string): void => terminal.write(`${session.secrets.maskText(text)}\n`);
  try {
    const rendered = session.render(loaded);
    write(`${file} against ${hidePasswords(base.href)}`);
    const verdicts = await verifyAll(rendered, { base, signals, print: (name, one) => write(print(name, one, paint)) });
    const signal = signals.work.asked?.signal;
    write(summarize(verdicts));
    return signal ? EXIT[signal] : chooseExitCode(verdicts);
  } catch (error) {
    const { problem, source } = describeThrown(error);
    if (source === 'bug') throw error;
    terminal.writeError(`${session.secrets.maskText(renderProblem(problem, paint))}\n`);
    return problem.kind === 'authoring' ? EXIT.usage : EXIT.errored;
  } finally {
    await session.close();
    signals.release();
  }
}

/** @throws UsageError when there is no address */
function readBase(file: string, against: string | undefined): URL {
  const help = [`for example: testmesh mock verify ${file} --against http://localhost:5001`];
  if (against === undefined) throw new UsageError('--against is missing: the service that the stub stands for', help);
  const read = readHttpUrl(against);
  if (!('url' in read)) throw new UsageError(`--against: ${read.mistake.replace(/^`url`:? /, '')}`, help);
  return read.url;
}

interface VerifyOptions {
  readonly base: URL;
  readonly signals: ReturnType<typeof watchSignals>;
  print(name: string, verdict: RouteVerdict): void;
}

async function verifyAll(
  { config, io }: RenderedStub,
  { base, signals, print }: VerifyOptions,
): Promise<readonly RouteVerdict[]> {
  const contract = openContract(config, io);
  const routes = createAllRoutes(config, io, createUpkeep(io.clock, { contract }));
  const ended = new AbortController();
  signals.work.onAsk(() => ended.abort());
  const options = {
    ...{ routes, ownCount: config.routes?.length ?? 0, contract, base, signal: ended.signal },
    readFile: (name: string) => readBodyFile(name, io.facts.directory),
  };
  const verdicts: RouteVerdict[] = [];
  for (const route of routes) {
    const verdict = await findDrift(route, options);
    if (ended.signal.aborted) break;
    print(route.name, verdict);
    verdicts.push(verdict);
  }
  return verdicts;
}

function print(name: string, verdict: RouteVerdict, paint: Paint): string {
  switch (verdict.outcome) {
    case 'agrees':
      return `${paint.green('✓')} ${name}   ${paint.dim(verdict.asked)}`;
    case 'drifted':
      return [
        `${paint.red('✗')} ${name}   ${paint.dim(verdict.asked)}`,
        ...verdict.lines.map((line) => `    ${line}`),
      ].join('\n');
    case 'left_out':
      return `${paint.yellow('-')} ${name}   not sent: ${verdict.reason}`;
    case 'lost':
      return `${paint.red('!')} ${name}   ${paint.dim(verdict.asked)}\n    no answer: ${messageOf(verdict.error)}`;
  }
}

function messageOf(error: unknown): string {
  const { message = '', code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  // A name with several addresses has an error for each of them.
  return message === '' ? String(code ?? 'unknown') : message;
}

function summarize(verdicts: readonly RouteVerdict[]): string {
  const count = (outcome: RouteVerdict['outcome']): number => verdicts.filter((one) => one.outcome === outcome).length;
  const [agree, drifted, lost, leftOut] = [count('agrees'), count('drifted'), count('lost'), count('left_out')];
  const parts = [
    `${agree} ${agree === 1 ? 'agrees' : 'agree'}`,
    ...(drifted > 0 ? [`${drifted} drifted`] : []),
    ...(lost > 0 ? [`${lost} without an answer`] : []),
    ...(leftOut > 0 ? [`${leftOut} not sent`] : []),
  ];
  return `${countOf(verdicts.length, 'route')}: ${parts.join(', ')}`;
}

function chooseExitCode(verdicts: readonly RouteVerdict[]): number {
  const has = (outcome: RouteVerdict['outcome']): boolean => verdicts.some((one) => one.outcome === outcome);
  if (has('drifted')) return EXIT.failed;
  if (has('lost')) return EXIT.errored;
  return has('agrees') ? EXIT.passed : EXIT.nothingMatched;
}
