import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { makeRunId } from '../commands/run-command.ts';
import { emitLoad } from '../emit/emit-load.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { describePlan } from './describe-plan.ts';
import { readTerms } from './load-inputs.ts';
import { readTask } from './load-task.ts';
import { type PlannedLoad, planFlows, reportFindings } from './plan-flows.ts';
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
  const flows = listFlows(planned);
  const diagnostics = forbidSecrets(planned.diagnostics, flows);
  if (!reportFindings({ ...planned, diagnostics }, flags, terminal) || !plan) return EXIT.usage;
  refuseForPods({ ...planned, plan }, flags);
  if (flags.dryRun) {
    terminal.write(describePlan(plan));
    return EXIT.passed;
  }
  const ofProject = project ? [join(project.directory, PROJECT_FILE)] : [];
  const read = [...sources.read, ...ofProject, ...flows.flatMap(listNamedFiles)];
  const emitted = emitLoad({
    ...{ flags, flows, inputs, version },
    sources: { cwd, project: project?.directory, flowFiles: sources.flowFiles, read },
    usedNames: sources.usedNames,
    hasOutputs: plan.out.length > 0,
    runId: makeRunId(startAtMs ?? Date.now()),
  });
  terminal.write(emitted.text);
  if (!flags.quiet) terminal.writeError(formatNotes([...notes, ...emitted.notes]));
  return EXIT.passed;
}

/** Those that run, and those that they call. */
function listFlows({ plan }: PlannedLoad): readonly FlowPlan[] {
  const own = plan?.scenarios.map(({ flow }) => flow) ?? [];
  return [...new Set(own.flatMap((flow) => [flow, ...listCalledFlows(flow).map((called) => called.flow)]))];
}

const READS_FILE = /\b(?:file|matches_schema)\(/;
const QUOTED = /(["'`])([^"'`\\]+)\\?\1/g;

/** What expressions of a flow read when they are evaluated, and not before. */
function listNamedFiles({ file }: FlowPlan): readonly string[] {
  const lines = file.text.split('\n').filter((line) => READS_FILE.test(line));
  return lines
    .flatMap((line) => [...line.matchAll(QUOTED)].map(([, , name = '']) => resolve(dirname(file.absolutePath), name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** A ConfigMap is read by whoever may look around: what is a warning of a file that stays here is an error of one that goes there. */
function forbidSecrets(diagnostics: readonly Diagnostic[], flows: readonly FlowPlan[]): readonly Diagnostic[] {
  const why = 'the files go into a ConfigMap, which hides nothing';
  const known = new Set(diagnostics.filter(({ code }) => code === CODES.literalSecret).map(({ span }) => span));
  const declared = flows.flatMap((flow) =>
    flow.declared.flatMap(({ name, literal, span }): readonly Diagnostic[] => {
      if (!flow.secrets.includes(name) || literal === undefined || literal === '' || known.has(span)) return [];
      const message = `\`${name}\` is a secret of the flow, and its value stands in the file`;
      const help = [`write \`${name}: "\${${name}}"\`, and give the value with \`--secret ${name}=…\``, why];
      return [{ severity: 'error', code: CODES.literalSecret, message, span, help }];
    }),
  );
  const rows = flows.flatMap((flow): readonly Diagnostic[] => {
    const name = flow.secrets.find((one) => flow.rows?.some(({ values }) => values.get(one)));
    if (name === undefined) return [];
    const message = `\`${name}\` is a secret of the flow, and its values stand in \`data\``;
    return [{ severity: 'error', code: CODES.literalSecret, message, span: flow.span, help: [why] }];
  });
  return [
    ...diagnostics.map(
      (one): Diagnostic =>
        one.code === CODES.literalSecret ? { ...one, severity: 'error', help: [...(one.help ?? []), why] } : one,
    ),
    ...declared,
    ...rows,
  ];
}

/** Outputs that write a file, or a page, in the pod. */
const LOCAL_OUTPUTS = /^(?:json|csv|html|web)(?:=|$)/;

/** @throws UsageError for what pods cannot do, each by itself */
function refuseForPods({ plan, companions }: PlannedLoad & { readonly plan: LoadPlan }, flags: LoadFlags): void {
  const [companion] = companions;
  if (companion)
    throw new UsageError(`--emit kubernetes: each pod would start \`${companion.name}\` of testmesh.yaml for itself`, [
      'leave them to the cluster: `--services none`, and their addresses with `--var`',
    ]);
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
