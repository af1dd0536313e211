import { keyOfCompanion } from '../../model/companions/companion.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import { positionAt } from '../../model/source-file.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { identifyFile } from '../../util/file-state.ts';
import type { Beside } from '../commands/run-command.ts';
import { ReadFiles } from '../suites/read-files.ts';

/** What a companion is made of, to be compared with what it was: its entry, the values that it reads, and the files that it names. */
export function describeCompanionState(plan: ProjectCompanion, { directory, inputs }: Beside): string {
  const entry = cutEntry(plan);
  const values = plan.reads.map((name) => [name, findValue(name, inputs)]);
  const files = [...new ReadFiles(new Set()).listNamed(entry, directory)].map((file) => [file, identifyFile(file)]);
  return JSON.stringify([keyOfCompanion(plan), entry, values, files], writePlain);
}

/** The lines of its entry; all of the file where it takes from elsewhere in it. */
function cutEntry({ span: { file, start } }: ProjectCompanion): string {
  const { line, column } = positionAt(file, start);
  const lines = file.text.split('\n').slice(line - 1);
  const end = lines.findIndex((text, at) => at > 0 && text.trim() !== '' && text.search(/[^ ]/) < column);
  const entry = (end === -1 ? lines : lines.slice(0, end)).join('\n').trimEnd();
  return /<<[ \t]*:|(?:^|[\s,[{:])\*\w/m.test(entry) ? file.text : entry;
}

function findValue(name: string, { given, envFile, processEnv }: GivenInputs): unknown {
  const known = given.get(name) ?? envFile.get(name);
  return known ? [known.text, known.value] : processEnv[name];
}

function writePlain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
