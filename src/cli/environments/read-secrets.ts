import { exec } from 'node:child_process';
import { resolve } from 'node:path';
import type { EnvironmentSecret } from '../../plan/project/plan-environments.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readText } from '../../util/read-text.ts';
import { UsageError } from '../process/usage-error.ts';

/** A program that asks for something is given a while to be answered. */
const COMMAND_MS = 60_000;
const MAX_BYTES = 1024 * 1024;
const MAX_SAID = 200;

export interface SecretPlace {
  /** The folder of testmesh.yaml, in which commands run and from which files are named. */
  readonly directory: string;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
}

/** Reads a secret where its environment says it is, without the line's end. @throws UsageError why it cannot be read */
export async function readSecret({ name, source }: EnvironmentSecret, place: SecretPlace): Promise<string> {
  const text = 'command' in source ? await runCommand(name, source.command, place) : readFile(name, source.file, place);
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw refuse(name, source, 'gives nothing');
  return value;
}

function refuse(name: string, source: EnvironmentSecret['source'], why: string): UsageError {
  const what = 'command' in source ? `the command \`${cleanLine(source.command)}\`` : `the file \`${source.file}\``;
  return new UsageError(`secret \`${name}\`: ${what} ${why}`, [
    `see what is wrong with it, or give the value: --secret ${name}="$${name}"`,
  ]);
}

function readFile(name: string, file: string, { directory }: SecretPlace): string {
  try {
    return readText(resolve(directory, file), { takesPipe: true });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw refuse(name, { file }, isMissing ? 'does not exist' : `cannot be read: ${describeFileTrouble(error)}`);
  }
}

function runCommand(name: string, command: string, { directory, processEnv }: SecretPlace): Promise<string> {
  const options = { cwd: directory, env: processEnv as NodeJS.ProcessEnv, timeout: COMMAND_MS, maxBuffer: MAX_BYTES };
  return new Promise((done, fail) => {
    exec(command, options, (error, stdout, stderr) => {
      if (!error) {
        done(stdout);
        return;
      }
      // What it printed before it failed may be the secret.
      const secrets = stdout.split('\n').filter((line) => line.trim() !== '');
      const masked = secrets.reduce((text, line) => text.replaceAll(line.trim(), '***'), stderr.trim());
      const said = masked.split('\n').at(-1) ?? '';
      const shown = said === '' ? '' : `: ${cleanLine(said).slice(0, MAX_SAID)}`;
      fail(refuse(name, { command }, `${describeEnd(error)}${shown}`));
    });
  });
}

function describeEnd({ code, killed }: { code?: number | string | undefined; killed?: boolean | undefined }): string {
  if (typeof code === 'number') return `ended with exit code ${code}`;
  return killed ? `took longer than ${COMMAND_MS / 1000} s` : 'could not be run to its end';
}
