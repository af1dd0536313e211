import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { formatYaml } from '../../source/format/format-yaml.ts';
import { createFileLoader, type LoadedFile } from '../../source/yaml/load-source-file.ts';
import { readWrittenYaml } from '../../source/yaml/read-yaml.ts';
import { countOf } from '../../util/count.ts';
import { findFlowFiles } from '../arguments/find-files.ts';

import { readGivenInputs } from '../arguments/given-inputs.ts';
import { loadFlows } from '../arguments/load-flows.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import { replaceFile } from '../process/replace-file.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import type { FormatFlags } from '../program/authoring-flags.ts';

const NO_VALUES = { var: [], secret: [], varFile: [], envFile: [] };

/** What became of a file. */
type Formatted =
  | { readonly kind: 'kept' }
  | { readonly kind: 'changed'; readonly text: string }
  | { readonly kind: 'broken' | 'unfit'; readonly diagnostics: readonly Diagnostic[] };

/** Gives files the one layout; with `--check` it only says which have another. */
export async function formatFiles(paths: readonly string[], flags: FormatFlags, terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const load = createFileLoader(cwd);
  let files: readonly string[] = [];
  // Planned as well, for what they say of secrets.
  const { inputs, loaded } = await loadFlows({ cwd, inputs: readGivenInputs(NO_VALUES, terminal) }, async (search) => {
    files = await findFlowFiles(paths, { ...search, secret: [], command: 'fmt' });
    return files;
  });
  const done = files.map((path) => ({ path, shown: nameOf(load(path), path), ...format(load(path)) }));
  const findings = done.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []));
  const isBroken = done.some(({ kind }) => kind === 'broken');
  printFindings(findings, createMasks(loaded.flows, inputs, findings), {
    flags: { ...flags, strict: false },
    terminal,
  });
  const changed = done.flatMap((one) => (one.kind === 'changed' ? [one] : []));
  for (const { shown, kind } of done)
    if (kind === 'unfit')
      terminal.writeError(
        `note: \`${shown}\` is left as it is: it cannot be laid out without losing something of it\n`,
      );
  for (const { path, shown, text } of changed) {
    if (!flags.check) replaceFile(path, text);
    terminal.write(`${shown}\n`);
  }
  terminal.write(`${sayResult({ changed: changed.length, all: done.length, isBroken }, flags)}\n`);
  if (isBroken) return EXIT.usage;
  return flags.check && changed.length > 0 ? EXIT.failed : EXIT.passed;
}

function format(loaded: LoadedFile): Formatted {
  if ('diagnostics' in loaded) return { kind: 'broken', diagnostics: loaded.diagnostics };
  const { diagnostics } = readWrittenYaml(loaded.file);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'broken', diagnostics };
  const text = formatYaml(loaded.file);
  if (text === undefined) return { kind: 'unfit', diagnostics };
  return text === loaded.file.text ? { kind: 'kept' } : { kind: 'changed', text };
}

function nameOf(loaded: LoadedFile, path: string): SourceFile['path'] {
  return 'file' in loaded ? loaded.file.path : path;
}

function sayResult(
  { changed, all, isBroken }: { changed: number; all: number; isBroken: boolean },
  { check }: FormatFlags,
): string {
  const mark = isBroken || (check && changed > 0) ? '✗' : '✓';
  const what = `${mark} ${countOf(all, 'file')}`;
  if (changed === 0)
    return isBroken
      ? `${what}: what is broken is left as it is`
      : `${what}: laid out as ${all === 1 ? 'it is' : 'they are'} to be`;
  return check ? `${what}: ${changed} to be laid out anew, by \`testmesh fmt\`` : `${what}: ${changed} laid out anew`;
}
