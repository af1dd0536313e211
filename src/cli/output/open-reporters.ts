import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { BlobHead } from '../../model/blob-head.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { Again, Outside, Verbosity } from '../../reporters/output/options.ts';
import type { LiveTerminal } from '../../reporters/output/screen.ts';
import { createReporter, reporterNames } from '../../reporters/registry.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { ReportFlags } from '../arguments/report-flags.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';
import { openTarget } from './output-target.ts';

/** Bytes that GitHub takes of the summary of a step: 1 MiB. */
const MAX_SUMMARY = 1_048_000;

export interface ReporterSpec {
  readonly name: string;
  readonly file: string | undefined;
}

/** Of a terminal that does not say its size. */
const USUAL = { columns: 80, rows: 24 };

/** Reports beside which nothing else may stand on standard output: programs read them. */
const PEOPLE: ReadonlySet<string> = new Set(['tree', 'minimal', 'github']);

/** What reporters say of a run that only its command knows. */
export interface ReportedRun {
  /** What a command says to run a flow again. */
  readonly again?: Again | undefined;
  /** What a blob says of the run that it is a part of. */
  describeBlob?(): Promise<BlobHead>;
}

/**
 * Makes the reporters that `--reporter` asks for. Where none of them is for the terminal, the tree is, or what a coding agent reads; on
 * GitHub its own is there too.
 */
export async function openReporters(
  flags: ReportFlags,
  terminal: Terminal,
  { again, describeBlob }: ReportedRun = {},
): Promise<Consumer[]> {
  const specs = await completeReporters(readReporters(flags.reporter, terminal.cwd), terminal);
  const blob = specs.some(({ name }) => name === 'blob') ? await describeBlob?.() : undefined;
  const verbosity: Verbosity = flags.quiet ? -1 : flags.verbose >= 2 ? 2 : flags.verbose === 1 ? 1 : 0;
  const isForPeople = specs.every(({ name, file }) => file !== undefined || PEOPLE.has(name));
  return Promise.all(
    specs.map(({ name, file }) => {
      const isBeside = name === 'github' && !isForPeople;
      return createReporter(name, {
        ...(again && { again }),
        ...openTarget(file, isBeside ? toErrors(terminal) : terminal),
        live: file === undefined ? openLive(terminal) : undefined,
        isColored: file === undefined && isColorWanted(flags.color, terminal),
        columns: terminal.columns,
        verbosity,
        slowest: flags.slowest,
        outside: name === 'github' ? findGithub(terminal) : { blob },
      });
    }),
  );
}

/** The terminal as it can be drawn on; undefined where it is none, or too simple. */
function openLive(terminal: Terminal): LiveTerminal | undefined {
  if (!terminal.isTty || terminal.env['TERM'] === 'dumb') return undefined;
  const clock = createClock();
  return {
    get columns() {
      return terminal.columns ?? USUAL.columns;
    },
    get rows() {
      return terminal.rows ?? USUAL.rows;
    },
    get hasOpenLine() {
      return terminal.hasOpenLine ?? false;
    },
    now: () => clock.monotonic(),
    after: (ms, call) => clock.after(ms, call),
    guard: (drawing) => terminal.guardDrawing?.(drawing),
  };
}

async function completeReporters(asked: readonly ReporterSpec[], terminal: Terminal): Promise<readonly ReporterSpec[]> {
  const ofGithub = terminal.env['GITHUB_ACTIONS'] === 'true' && !asked.some(({ name }) => name === 'github');
  const specs = ofGithub ? [...asked, { name: 'github', file: undefined }] : asked;
  if (specs.some((spec) => isOnOutput(spec) && spec.name !== 'github')) return specs;
  // A person may watch the terminal in which an agent was started.
  const name = !terminal.isTty && (await terminal.isOfAgent?.()) ? 'minimal' : 'tree';
  return [{ name, file: undefined }, ...specs];
}

function toErrors(terminal: Terminal): Pick<Terminal, 'cwd' | 'write' | 'flush'> {
  return { cwd: terminal.cwd, write: (text) => terminal.writeError(text), flush: () => terminal.flush() };
}

/** What GitHub says of the place of a run, and where it takes a summary of it. */
function findGithub(terminal: Terminal): Outside {
  const { GITHUB_WORKSPACE: workspace, GITHUB_STEP_SUMMARY: file } = terminal.env;
  const folder = workspace ? relative(workspace, terminal.cwd) : '';
  const place = folder.startsWith('..') ? {} : { folder };
  if (!file) return place;
  const held = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const room = Math.max(0, MAX_SUMMARY - held);
  return { ...place, summary: { ...openTarget(file, terminal, { isAdded: true }), room } };
}

function isOnOutput({ file }: ReporterSpec): boolean {
  return file === undefined || file === '/dev/stdout';
}

/** @throws UsageError when one is not known, or two would write to one place */
export function readReporters(texts: readonly string[], cwd: string): readonly ReporterSpec[] {
  const specs = texts.map(readSpec);
  // Annotations are for the server that runs the job, and stand between other lines.
  const onOutput = specs.filter(({ name, file }) => file === undefined && name !== 'github');
  if (onOutput.length > 1) {
    throw new UsageError(`${listNames(onOutput.map((spec) => spec.name))} would both write to standard output`, [
      `give one a file: --reporter ${onOutput[1]?.name}=report.txt`,
    ]);
  }
  refuseSharedFile(specs, cwd);
  return specs;
}

/** Two reports in one file would overwrite each other. */
function refuseSharedFile(specs: readonly ReporterSpec[], cwd: string): void {
  const owners = new Map<string, string>();
  for (const { name, file } of specs) {
    if (file === undefined) continue;
    const path = resolve(cwd, file);
    const owner = owners.get(path);
    if (owner !== undefined) {
      throw new UsageError(`${listNames([owner, name])} would both write to the file \`${file}\``, [
        `give each a file of its own: --reporter ${name}=other.txt`,
      ]);
    }
    owners.set(path, name);
  }
}

function readSpec(text: string): ReporterSpec {
  const [name = '', ...rest] = text.split('=');
  const file = rest.length > 0 ? rest.join('=') : undefined;
  if (!reporterNames.includes(name)) {
    const nearest = findNearest(name, reporterNames);
    throw new UsageError(`there is no reporter \`${name}\``, [
      nearest ? `did you mean \`${nearest}\`?` : `reporters are ${listNames(reporterNames)}`,
    ]);
  }
  if (file === '')
    throw new UsageError(`--reporter ${text}: the file's name is missing`, [
      `for example --reporter ${name}=report.txt`,
    ]);
  return { name, file };
}
