import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { maskAddress } from '../../util/mask-address.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import type { InitFlags } from '../program/authoring-flags.ts';
import { createAsker } from './ask.ts';
import { listProjectFiles, type NewProject, nameVariable } from './init-files.ts';

const NAME = /^[a-z][a-z0-9_]*$/;
const DEFAULTS: NewProject = { name: 'shop', url: 'http://localhost:3000' };

/** Makes a project that passes at once, of files that are not there yet; gives the exit code. */
export async function initProject(folder: string, flags: InitFlags, terminal: Terminal): Promise<number> {
  const root = resolve(terminal.cwd, folder);
  const shown = relative(terminal.cwd, root) || '.';
  if (existsSync(join(root, PROJECT_FILE)))
    throw new UsageError(`there is a project already: \`${join(shown, PROJECT_FILE)}\``, [
      'nothing was written; for another project name another folder: testmesh init FOLDER',
    ]);
  const project = await choose(flags, terminal);
  const files = Object.entries(listProjectFiles(project));
  const kept = files.filter(([path]) => existsSync(join(root, path))).map(([path]) => path);
  for (const [path, text] of files) {
    if (kept.includes(path)) terminal.write(`· ${path} is there already, and stays as it is\n`);
    else {
      write(join(root, path), text);
      terminal.write(`✓ ${path}\n`);
    }
  }
  if (kept.includes('.gitignore')) terminal.write('  add `.testmesh/` to .gitignore: records of runs\n');
  const enter = shown === '.' ? '' : `cd ${quoteShell(shown)} && `;
  terminal.write(`next: ${enter}testmesh run, and with your own service: testmesh run -e local\n`);
  return EXIT.passed;
}

/** What the flags say, else what somebody answers, else the usual. @throws UsageError */
async function choose({ name, url, yes }: InitFlags, terminal: Terminal): Promise<NewProject> {
  const asker = createAsker(terminal);
  const answer = async (given: string | undefined, question: string, usual: string): Promise<string> =>
    given ?? ((yes ? undefined : await asker.ask(`${question} [${usual}] `)) || usual);
  try {
    const service = await answer(name, 'What is the service called that is tested?', DEFAULTS.name);
    checkName(service);
    const address = await answer(url, 'Where is it reached on this machine?', DEFAULTS.url);
    checkAddress(address, service);
    return { name: service, url: address };
  } finally {
    await asker.close();
  }
}

function checkName(name: string): void {
  if (!NAME.test(name))
    throw new UsageError(`\`${name}\` cannot be the name of a service`, [
      'it is small letters, digits and `_`, and begins with a letter: --name shop',
    ]);
}

/** A password has no place in testmesh.yaml, which is committed. */
function checkAddress(url: string, service: string): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url) || /["\\]/.test(url))
    throw new UsageError(`\`${maskAddress(url)}\` is not an address`, ['for example: --url http://localhost:3000']);
  const { username, password, origin } = new URL(url);
  if (username === '' && password === '') return;
  const variable = nameVariable(service);
  throw new UsageError(`\`${maskAddress(url)}\` says who one is, and testmesh.yaml is committed`, [
    `leave that out, as \`--url ${origin}\`, and give the whole address to a run: --secret ${variable}="$${variable}"`,
  ]);
}

function write(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`\`${path}\` cannot be written: ${describeFileTrouble(error)}`, [], EXIT.errored);
  }
}
