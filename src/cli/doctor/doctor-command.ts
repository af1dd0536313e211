import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt } from '../../model/source-file.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { createPaint, type Paint } from '../../util/paint.ts';
import { findFlowFiles } from '../arguments/find-files.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { loadFlows } from '../arguments/load-flows.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import { type CommandAbout, isColorWanted } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import type { DoctorFlags } from '../program/authoring-flags.ts';
import { findTargets, type Target } from './find-targets.ts';
import { type Reached, reachTargets } from './reach-targets.ts';

const DEFAULT_MS = 5000;
const NOTHING_NAMED =
  'no address is named, and nothing was asked: neither in `env` or steps of flows nor in an environment of testmesh.yaml (-e NAME)\n';

/** Reaches all that the chosen environment and the flows name, and says what was found; gives the exit code. */
export async function doctorCommand(
  paths: readonly string[],
  flags: DoctorFlags,
  about: CommandAbout,
): Promise<number> {
  const { terminal, version } = about;
  const { inputs, project, loaded } = await loadFlows(
    { cwd: terminal.cwd, inputs: readGivenInputs(flags, terminal), readsSecrets: true },
    (search) => findFlows(paths, { ...search, secret: flags.secret }),
  );
  const errors = (project?.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  const mistakes = loaded.diagnostics.filter(({ severity }) => severity === 'error');
  const masks = createMasks(loaded.flows, inputs, [...errors, ...mistakes]);
  printFindings(errors, masks, { flags, terminal });
  if (errors.length > 0) return EXIT.usage;
  const targets = findTargets(loaded.flows, inputs, project);
  const reached = await reachTargets(targets, {
    inputs,
    project,
    terminal,
    version,
    timeoutMs: flags.timeout ?? DEFAULT_MS,
  });
  const paint = createPaint(isColorWanted(flags.color, terminal));
  const folder = checkFolder(resolve(terminal.cwd, flags.outputDir), flags.outputDir);
  const checks = [checkNode(), folder, ...checkFlows(mistakes)];
  const lines = [...checks, ...targets.map((target, index) => describeTarget(target, reached[index]))];
  const width = Math.max(...lines.map(({ what }) => what.length));
  terminal.write(masks.mask(lines.map((line) => formatLine(line, width, paint)).join('')));
  const bad = lines.filter(({ isGood }) => !isGood).length;
  if (targets.length === 0) terminal.write(NOTHING_NAMED);
  if (bad > 0) terminal.write(`✗ ${bad} of ${lines.length} ${bad === 1 ? 'is' : 'are'} not well\n`);
  else if (targets.length > 0) terminal.write('✓ all is well\n');
  if (mistakes.length > 0) return EXIT.usage;
  return bad === 0 ? EXIT.passed : EXIT.errored;
}

/** Without flows the environment alone is asked. */
async function findFlows(paths: readonly string[], search: Parameters<typeof findFlowFiles>[1]): Promise<string[]> {
  try {
    return await findFlowFiles(paths, search);
  } catch (error) {
    if (error instanceof UsageError && error.exitCode === EXIT.nothingMatched && paths.length === 0) return [];
    throw error;
  }
}

/** A line of the answer. */
interface Line {
  readonly isGood: boolean;
  readonly what: string;
  readonly found: string;
  readonly next: readonly string[];
}

function checkNode(): Line {
  return { isGood: true, what: 'node', found: process.versions.node, next: [] };
}

function checkFolder(path: string, shown: string): Line {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    // Rights alone do not say it: the disk may be mounted read-only.
    rmdirSync(mkdtempSync(join(folder, '.testmesh-doctor-')));
    return { isGood: true, what: 'output folder', found: `\`${shown}\` can be written`, next: [] };
  } catch {
    const next = ['name another with --output-dir; without one a run leaves no record'];
    return { isGood: false, what: 'output folder', found: `\`${shown}\` cannot be written`, next };
  }
}

/** Flows that cannot run are told of by the first that is wrong with them. */
function checkFlows(mistakes: readonly Diagnostic[]): readonly Line[] {
  const [first] = mistakes;
  if (!first) return [];
  const { span, path } = first;
  const place = span ? `${span.file.path}:${positionAt(span.file, span.start).line}` : path;
  const found = `${countOf(mistakes.length, 'error')}, first ${place === undefined ? '' : `${place}: `}${first.message}`;
  return [{ isGood: false, what: 'flows', found, next: ['testmesh validate shows all of them'] }];
}

function describeTarget({ names, shown }: Target, reached: Reached | undefined): Line {
  const what = `${names.join(', ')}  ${shown}`;
  if (!reached) return { isGood: false, what, found: 'it was not asked', next: [] };
  if (reached.isReached)
    return {
      isGood: true,
      what,
      found: `${reached.facts}, in ${formatDuration(Math.round(reached.durationMs))}`,
      next: [],
    };
  const { message, hints = [] } = reached.problem;
  return { isGood: false, what, found: message, next: hints.slice(0, 2) };
}

function formatLine({ isGood, what, found, next }: Line, width: number, paint: Paint): string {
  const mark = isGood ? paint.green('✓') : paint.red('✗');
  return [`${mark} ${what.padEnd(width)}  ${found}`, ...next.map((hint) => `    = ${hint}`), ''].join('\n');
}
