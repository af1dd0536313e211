import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { BLOB_VERSION, type BlobFlow, type BlobHead } from '../../model/blob-head.ts';
import { toSlashes } from '../../records/run-folders.ts';
import type { RunFlags } from '../arguments/flags.ts';
import type { CommandAbout, Terminal } from '../process/terminal.ts';

const callGit = promisify(execFile);

/** What a blob says of the run that it is a part of; `whole`: the flows of all parts. */
export async function describeBlob(
  whole: readonly FlowRun[],
  { shard = { index: 1, count: 1 }, repeatEach, failOnFlaky, passWithNoTests }: RunFlags,
  { terminal, version }: CommandAbout,
): Promise<BlobHead> {
  const flows = whole.map(describeFlow);
  return {
    type: 'blob',
    version: BLOB_VERSION,
    testmesh: version,
    shard,
    ...(await findPlace(terminal)),
    repeat: repeatEach,
    terms: { failOnFlaky, passWithNoTests },
    hash: createHash('sha256').update(JSON.stringify(flows)).digest('hex'),
    flows,
  };
}

function describeFlow({ plan, row }: FlowRun): BlobFlow {
  const named = { file: toSlashes(plan.file.path), id: plan.id };
  return row === undefined ? named : { ...named, row: row.number };
}

/** The commit that files are as of; undefined where some have changed since, or nothing says it. */
export async function findCommit(terminal: Terminal): Promise<string | undefined> {
  const { commit } = await findPlace(terminal);
  try {
    const { stdout } = await callGit('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: terminal.cwd });
    return stdout === '' ? commit : undefined;
  } catch {
    return commit;
  }
}

/** Folder and commit by git, which are the same on every machine; without it the whole path, and what a CI server says. */
async function findPlace({ cwd, env }: Terminal): Promise<Pick<BlobHead, 'root' | 'commit'>> {
  try {
    const { stdout } = await callGit('git', ['rev-parse', '--show-prefix', 'HEAD'], { cwd });
    const [prefix = '', commit = ''] = stdout.split('\n');
    return { root: prefix.replace(/\/$/, '') || '.', commit };
  } catch {
    const commit = env['GITHUB_SHA'] ?? env['CI_COMMIT_SHA'];
    return { root: cwd, ...(commit && { commit }) };
  }
}
