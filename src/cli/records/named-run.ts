import { hasRun, listRunIds } from '../../records/find-record.ts';
import { findNearest } from '../../util/suggest.ts';
import { UsageError } from '../process/usage-error.ts';

/** @throws UsageError where `--replay` names a run of which there is no record; that there was no last run is told where a value is missing */
export function checkRun(run: string, { outputDir, shown }: { outputDir: string; shown: string }): void {
  if (run === 'last' || hasRun(outputDir, run)) return;
  const ids = listRunIds(outputDir);
  const nearest = findNearest(run, ids);
  throw new UsageError(`--replay: there is no record of a run \`${run}\``, [
    nearest !== undefined
      ? `did you mean \`${nearest}\`?`
      : ids.length === 0
        ? `\`${shown}\` has no records: run the flow once, or name the folder with \`--output-dir\``
        : `the newest in \`${shown}\` is \`${ids[0]}\`, which \`last\` means too`,
  ]);
}
