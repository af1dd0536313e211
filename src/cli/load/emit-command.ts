import type { LoadPlan } from '../../model/load/load-plan.ts';
import { withCalledFlows } from '../../plan/select/called-flows.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { makeRunId } from '../commands/run-command.ts';
import { emitLoad } from '../emit/emit-load.ts';
import { forbidSecrets, listSources, refuseCompanions } from '../emit/pod-sources.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import { reportFindings } from '../findings/report-findings.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { describePlan } from './describe-plan.ts';
import { readTerms } from './load-inputs.ts';
import { readTask } from './load-task.ts';
import { type PlannedLoad, planFlows } from './plan-flows.ts';
import { checkSegment, listShards, readSegmentFlags } from './segments.ts';

/** Writes a load as jobs that others run; contacts nothing, and gives the exit code. */
export async function emitCommand(
  paths: readonly string[],
  flags: LoadFlags,
  { terminal, version }: { terminal: Terminal; version: string },
): Promise<number> {
  const inputs = readGivenInputs(flags, terminal);
  const { overrides, startAtMs } = readTerms(flags);
  const task = readTask(paths, flags);
  if (task.kind !== 'load')
    throw new UsageError(`\`load ${task.kind}\` cannot be written with \`--emit\``, [
      `leave out \`${task.kind}\`: with \`--volume\` it is a job of its own`,
    ]);
  const { cwd } = terminal;
  const planned = await planFlows(task.paths, { flags, overrides, inputs, cwd });
  const { plan, project, notes, sources } = planned;
  const diagnostics = forbidSecrets(planned.diagnostics, withCalledFlows(planned.flows));
  if (!reportFindings({ ...planned, diagnostics }, { flags, terminal }).canRun || !plan) return EXIT.usage;
  refuseForPods({ ...planned, plan }, flags);
  if (flags.dryRun) {
    terminal.write(describePlan(plan));
    return EXIT.passed;
  }
  const flows = withCalledFlows(plan.scenarios.map(({ flow }) => flow));
  const emitted = emitLoad({
    ...{ flags, flows, inputs, version },
    sources: listSources(sources, { flows, project, cwd }),
    usedNames: sources.usedNames,
    hasOutputs: plan.out.length > 0,
    runId: makeRunId(startAtMs ?? Date.now()),
  });
  terminal.write(emitted.text);
  if (!flags.quiet) terminal.writeError(formatNotes([...notes, ...emitted.notes]));
  return EXIT.passed;
}

/** Outputs that write a file, or a page, in the pod. */
const LOCAL_OUTPUTS = /^(?:json|csv|html|web)(?:=|$)/;

/** @throws UsageError for what pods cannot do, each by itself */
function refuseForPods({ plan, companions }: PlannedLoad & { readonly plan: LoadPlan }, flags: LoadFlags): void {
  refuseCompanions(companions);
  const local = plan.out.find(({ text }) => LOCAL_OUTPUTS.test(text));
  if (local)
    throw new UsageError(`--emit kubernetes: what \`--out ${local.text}\` writes would be gone with its pod`, [
      'send samples to influxdb, prometheus-rw or opentelemetry; `load merge --summary-export` writes the summary of all',
    ]);
  const shards = listShards(flags.shards ?? 1);
  for (const executionSegment of shards) {
    const segment = readSegmentFlags({ ...flags, executionSegment });
    if (segment) checkSegment(plan, segment);
  }
}
