import type { BlobHead } from '../../model/blob-head.ts';
import { listNames } from '../../util/suggest.ts';
import type { MergeFlags } from '../arguments/report-flags.ts';
import { toExitCode } from '../commands/exit-code.ts';
import { listReportFiles, refuseOverwriting } from '../output/refuse-input-files.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { findMissing, findStrangers } from './check-blobs.ts';
import { MergedRun } from './merge-events.ts';
import { playRun } from './play-run.ts';
import { type Blob, listBlobFiles, readBlobs } from './read-blobs.ts';

/** Reports the parts of a run as one; gives the exit code that the whole has. */
export async function mergeCommand(paths: readonly string[], flags: MergeFlags, about: CommandAbout): Promise<number> {
  const { cwd } = about.terminal;
  const files = listBlobFiles(paths, cwd).map(({ path }) => path);
  refuseOverwriting(listReportFiles(flags.reporter), files, about);
  const { blobs, empty } = readBlobs(paths, cwd);
  if (empty.length > 0)
    about.terminal.writeError(`note: ${listNames(empty)}: empty, for the run of that shard did not start\n`);
  const [first] = blobs;
  if (!first) throw new UsageError('no shard ran: all blobs are empty', [], EXIT.errored);
  const strangers = findStrangers(blobs);
  if (strangers.length > 0)
    throw new UsageError('the blobs do not belong together', [...strangers, 'name the blobs of one run, each once']);
  const merged = new MergedRun(blobs, { missing: findMissing(blobs), isAllowed: flags.allowMissing });
  const describeBlob = async (): Promise<BlobHead> => ({ ...first.head, shard: { index: 1, count: 1 } });
  const unwritten = await playRun(merged.read(), flags, { about, reported: { describeBlob } });
  const { finished, hasBug, hasMistake, hasIdleFlow } = merged;
  if (!finished) throw new UsageError('the blobs hold no events', [], EXIT.errored);
  const { outcome, interrupted, flows, steps, flaky = 0, problems = [] } = finished;
  const whole = { outcome, flows, steps, flaky, problems, unwritten, hasBug, hasMistake, hasIdleFlow };
  return toExitCode(interrupted ? { ...whole, interrupted } : whole, joinTerms(blobs));
}

/** What one part was told holds for all: they are one run. */
function joinTerms(blobs: readonly Blob[]): BlobHead['terms'] {
  return {
    failOnFlaky: blobs.some(({ head }) => head.terms.failOnFlaky),
    passWithNoTests: blobs.some(({ head }) => head.terms.passWithNoTests),
  };
}
