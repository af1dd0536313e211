import type { FlowPlan } from '../../model/plan.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { countOf } from '../../util/count.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { findChangedFiles } from './changed-files.ts';
import { ReadFiles } from './read-files.ts';

/** The flows of which something changed since a commit: their own file, or one that they read; all when what all read did. @throws UsageError when git cannot say it, or no flow is left */
export async function chooseChanged(
  flows: readonly FlowPlan[],
  ref: string,
  { cwd, readByAll }: { cwd: string; readByAll: readonly string[] },
): Promise<readonly FlowPlan[]> {
  const changed = await findChangedFiles(ref, cwd);
  const files = new ReadFiles(changed);
  if (readByAll.some((file) => files.isTouched(file))) return flows;
  const chosen = flows.filter((flow) => listOwnFiles(flow).some((file) => files.isTouched(file)));
  if (chosen.length > 0 || flows.length === 0) return chosen;
  const help = changed.size === 0 ? 'nothing changed' : `${countOf(changed.size, 'file')} changed that no flow reads`;
  throw new UsageError(`--only-changed: no flow changed since \`${ref}\``, [help], EXIT.nothingMatched);
}

/** The file of a flow, and those of the flows that it calls; absolute. */
export function listOwnFiles(flow: FlowPlan): readonly string[] {
  return [flow, ...listCalledFlows(flow).map((called) => called.flow)].map(({ file }) => file.absolutePath);
}
