import { resolve } from 'node:path';
import type { Consumer } from '../../model/consumer.ts';
import type { Again, Verbosity } from '../../reporters/output/options.ts';
import { createReporter, reporterNames } from '../../reporters/registry.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';
import { openTarget } from './output-target.ts';

export interface ReporterSpec {
  readonly name: string;
  readonly file: string | undefined;
}

const TREE: ReporterSpec = { name: 'tree', file: undefined };

/** Makes the reporters that `--reporter` asks for, and the tree where none of them is for the terminal. `again` is what a command says to run a flow again. */
export async function openReporters(flags: RunFlags, terminal: Terminal, again: Again): Promise<Consumer[]> {
  const asked = readReporters(flags.reporter, terminal.cwd);
  const specs = asked.some(isOnOutput) ? asked : [TREE, ...asked];
  const verbosity: Verbosity = flags.quiet ? -1 : flags.verbose >= 2 ? 2 : flags.verbose === 1 ? 1 : 0;
  return Promise.all(
    specs.map(({ name, file }) =>
      createReporter(name, {
        again,
        ...openTarget(file, terminal),
        isTty: file === undefined && terminal.isTty,
        isColored: file === undefined && isColorWanted(flags.color, terminal),
        columns: terminal.columns,
        verbosity,
        slowest: flags.slowest,
      }),
    ),
  );
}

function isOnOutput({ file }: ReporterSpec): boolean {
  return file === undefined || file === '/dev/stdout';
}

/** @throws UsageError when one is not known, or two would write to one place */
export function readReporters(texts: readonly string[], cwd: string): readonly ReporterSpec[] {
  const specs = texts.map(readSpec);
  const onOutput = specs.filter((spec) => spec.file === undefined);
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
