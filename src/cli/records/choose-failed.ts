import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { readFailedFlows } from '../../records/failed-flows.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** The flows and rows that did not pass when they last ran, by the records of the output folder. @throws UsageError when there is none */
export function chooseFailed(runs: readonly FlowRun[], directory: string, shown: string): readonly FlowRun[] {
  const failed = readFailedFlows(directory);
  const chosen = runs.filter(({ plan, row }) => failed.has({ id: plan.id, file: plan.file.path, row: row?.number }));
  if (chosen.length > 0 || runs.length === 0) return chosen;
  const help =
    failed.runCount === 0
      ? `there is no record in \`${shown}\`: run them once, or name the folder with \`--output-dir\``
      : `by the records in \`${shown}\`; a flow that did not run since then, or not from this folder, is not among them`;
  throw new UsageError('--last-failed: none of the flows failed when it last ran', [help], EXIT.nothingMatched);
}
