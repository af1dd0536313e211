import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, UsageError } from '../process/usage-error.ts';

const callGit = promisify(execFile);
const MAX_OUTPUT = 256 * 1024 * 1024;

/** The files that are not as they were where this branch left `ref`, new and removed ones too; absolute, links resolved. @throws UsageError when git cannot say it */
export async function findChangedFiles(ref: string, cwd: string): Promise<ReadonlySet<string>> {
  const root = realpathSync((await askGit(['rev-parse', '--show-toplevel'], { ref, cwd })).trim());
  const base = (await askGit(['merge-base', ref, 'HEAD'], { ref, cwd })).trim();
  const changed = await askGit(['diff', '--name-only', '--no-renames', '-z', base, '--'], { ref, cwd: root });
  const added = await askGit(['ls-files', '--others', '--exclude-standard', '-z'], { ref, cwd: root });
  const names = `${changed}${added}`.split('\0').filter((name) => name !== '');
  return new Set(names.map((name) => join(root, name)));
}

async function askGit(words: readonly string[], { ref, cwd }: { ref: string; cwd: string }): Promise<string> {
  if (ref.startsWith('-')) throw new UsageError(`--only-changed: \`${ref}\` is no branch, tag or commit`);
  try {
    return (await callGit('git', words, { cwd, maxBuffer: MAX_OUTPUT })).stdout;
  } catch (error) {
    throw explainGit(error, words, ref);
  }
}

function explainGit(error: unknown, [command]: readonly string[], ref: string): UsageError {
  const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return new UsageError('--only-changed: `git` is not there to say what changed');
  if (command === 'rev-parse') {
    const [reason = ''] = stderr.trim().split('\n');
    return new UsageError('--only-changed: this is no working tree of git', reason === '' ? [] : [reason]);
  }
  if (command === 'merge-base' && code === 1) {
    const help = 'of a shallow clone get the history too: `git fetch --unshallow`, or `fetch-depth: 0` in CI';
    return new UsageError(`--only-changed: \`${ref}\` and this branch have no commit in common`, [help]);
  }
  if (command === 'merge-base') {
    const help = ref === 'HEAD' ? 'commit once' : `write a branch, tag or commit, such as \`--only-changed=main\``;
    return new UsageError(`--only-changed: git knows no \`${ref}\``, [help]);
  }
  return new UsageError('--only-changed: git cannot say what changed', stderr.trim().split('\n'), EXIT.errored);
}
