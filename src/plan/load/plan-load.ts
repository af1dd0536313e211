import { dirname, resolve } from 'node:path';
import type { FunctionDef } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadPlan, OutPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { ReconcilePlan } from '../../model/load/reconcile.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { CODES, Findings } from '../read/findings.ts';
import { checkDropped } from './dropped.ts';
import type { LoadDocument } from './load-document.ts';
import { chooseScenarios, type LoadOverrides } from './overrides.ts';
import { nameAfterFlow, readLoad, type WrittenLoad, type WrittenScenario } from './read-load.ts';
import { planReconcile, type ReconcileContext, replaceFlow } from './reconcile.ts';
import { checkRecorded } from './recorded.ts';
import { planScenario } from './scenario.ts';
import { planSearches } from './search.ts';
import { splitThreshold } from './threshold.ts';
import { type NamedScenario, planThresholds, type WrittenThreshold } from './thresholds.ts';

export interface PlanLoadOptions {
  readonly documents: readonly LoadDocument[];
  /** Those that scenarios may run. */
  readonly flows: readonly FlowPlan[];
  readonly overrides: LoadOverrides;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
}

/** A load that was read, with everything that is wrong with it. */
export interface PlannedLoad {
  /** Undefined where something is wrong. */
  readonly plan: LoadPlan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What the reader should know, a sentence each. */
  readonly notes: readonly string[];
}

const DEFAULT_SETUP_MS = 60_000;

/** Reads what files and flags say of a load. */
export function planLoad({ documents, flows, overrides, ...given }: PlanLoadOptions): PlannedLoad {
  const findings = new Findings();
  const problems: Diagnostic[] = [];
  const complain = (message: string, help: readonly string[], span?: Span): void => {
    if (span) findings.error(CODES.wrongValue, message, span, help);
    else problems.push({ severity: 'error', code: CODES.wrongValue, message, help, path: flows[0]?.file.path });
  };
  const loads = documents.map((document) => readLoad(document, findings));
  const all = listScenarios(loads, flows);
  reportTwins(all, findings);
  const chosen = chooseScenarios(all, overrides, complain);
  const planned = chosen.flatMap((scenario) => {
    const flow = findFlow(scenario, flows, findings);
    return flow ? (planScenario(scenario, flow, { findings, complain }) ?? []) : [];
  });
  const flowsThatRun = [...new Set(planned.map(({ flow }) => flow))];
  checkRecorded(flowsThatRun, findings);
  if (overrides.wire.dropsBodies) checkDropped(flowsThatRun, findings);
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const reconcile = planReconciles(loads, { ...given, scenarios: planned, all: flows, findings, note });
  const reconciled = reconcile ? planned.map((one) => ({ ...one, flow: replaceFlow(one.flow, reconcile) })) : planned;
  const reports = { findings, complain, note };
  const { scenarios, rest } = planSearches(reconciled, {
    written: chosen,
    flags: readFlags(overrides),
    overrides,
    reports,
  });
  const names = { ran: scenarios, all: nameScenarios(all, flows), tags: overrides.tags };
  const written = overrides.hasNoThresholds ? [] : [...loads.flatMap(({ thresholds }) => thresholds), ...rest];
  const thresholds = planThresholds(written, names, reports);
  const diagnostics = [...problems, ...findings.list];
  const isWrong = diagnostics.some(({ severity }) => severity === 'error');
  const plan = { ...readWhole(loads, overrides, complain), scenarios, thresholds, reconcile };
  return { plan: isWrong || scenarios.length === 0 ? undefined : plan, diagnostics, notes };
}

/** One load reconciles one thing. */
function planReconciles(
  loads: readonly WrittenLoad[],
  about: Omit<ReconcileContext, 'flows' | 'variables'> & { readonly scenarios: readonly ScenarioPlan[] },
): ReconcilePlan | undefined {
  const { scenarios, ...context } = about;
  const [first, second] = loads.flatMap(({ reconcile }) => reconcile ?? []);
  if (second)
    context.findings.error(CODES.wrongValue, '`reconcile` is said twice', second.key.span, ['keep one of them']);
  const flows = [...new Set(scenarios.map(({ flow }) => flow))];
  const variables = new Set(scenarios.flatMap(({ env }) => [...env.keys()]));
  return first && planReconcile(first, { ...context, flows, variables });
}

/** All scenarios, those too that do not run, as far as they name a flow that is there. */
function nameScenarios(all: readonly WrittenScenario[], flows: readonly FlowPlan[]): readonly NamedScenario[] {
  return all.flatMap((scenario) => {
    const flow = findFlow(scenario, flows, new Findings());
    const tags = new Map(Object.entries(scenario.settings.tags ?? {}).map(([tag, value]) => [tag, String(value)]));
    return flow ? [{ name: scenario.name, flow, tags }] : [];
  });
}

/** The files that scenarios run flows of. */
export function listScenarioFiles(documents: readonly LoadDocument[]): readonly string[] {
  const loads = documents.map((document) => readLoad(document, new Findings()));
  const named = loads
    .flatMap(({ scenarios }) => scenarios)
    .flatMap(({ file, settings: { exec } }) =>
      exec && isFile(exec) ? [resolve(dirname(file.absolutePath), exec)] : [],
    );
  return [...new Set(named)];
}

function isFile(exec: string): boolean {
  return /\.ya?ml$/i.test(exec) || exec.includes('/');
}

/** What files have; a flow that says nothing of loads is a scenario where there is no other. */
function listScenarios(loads: readonly WrittenLoad[], flows: readonly FlowPlan[]): readonly WrittenScenario[] {
  const written = loads.flatMap(({ scenarios }) => scenarios);
  if (written.length > 0) return written;
  return flows.map((flow) => ({
    name: nameAfterFlow(flow),
    file: flow.file,
    flow,
    settings: {},
    thresholds: [],
    spanAt: () => flow.span,
    isImplied: true,
  }));
}

function reportTwins(scenarios: readonly WrittenScenario[], findings: Findings): void {
  const seen = new Set<string>();
  for (const { name, spanAt } of scenarios) {
    if (seen.has(name))
      findings.error(CODES.duplicateId, `two scenarios are called \`${name}\``, spanAt([]), [
        'give each a name of its own',
      ]);
    seen.add(name);
  }
}

/** The flow that a scenario runs: the one that `exec` names, that of its document, else the only one. */
function findFlow(scenario: WrittenScenario, flows: readonly FlowPlan[], findings: Findings): FlowPlan | undefined {
  const {
    settings: { exec },
    flow,
    file,
    spanAt,
    name,
  } = scenario;
  if (exec === undefined) {
    if (flow) return flow;
    if (flows.length === 1) return flows[0];
    findings.error(CODES.missingKey, `scenario \`${name}\` does not say which flow it runs`, spanAt([]), [
      `write \`exec: \` with the id of a flow or its file; there are ${listNames(flows.map(({ id }) => id))}`,
    ]);
    return undefined;
  }
  const path = resolve(dirname(file.absolutePath), exec);
  const found = isFile(exec)
    ? flows.filter((one) => one.file.absolutePath === path)
    : flows.filter(({ id }) => id === exec);
  const own = found.filter((one) => one.file === file);
  const [first, second] = own.length > 0 ? own : found;
  if (first && !second) return first;
  const ids = flows.map(({ id }) => id);
  const nearest = findNearest(exec, ids);
  const message = first ? `\`exec\`: several flows are called \`${exec}\`` : `\`exec\`: there is no flow \`${exec}\``;
  const help = first
    ? 'name one by its file, or by an id of its own'
    : nearest === undefined
      ? `there are ${listNames(ids)}`
      : `did you mean \`${nearest}\`?`;
  findings.error(first ? CODES.duplicateId : CODES.unknownFlow, message, spanAt(['exec']), [help]);
  return undefined;
}

function readFlags({ thresholds }: LoadOverrides): readonly WrittenThreshold[] {
  return thresholds.map((text) => {
    return { ...splitThreshold(text), flag: text, abortOnFail: false, delayAbortMs: 0 };
  });
}

/** What holds for the load as a whole, which several documents may say. */
function readWhole(
  loads: readonly WrittenLoad[],
  overrides: LoadOverrides,
  complain: (message: string, help: readonly string[], span?: Span) => void,
): Pick<LoadPlan, 'checks' | 'out' | 'warmUpMs' | 'setupTimeoutMs' | 'wire'> {
  const one = <Key extends 'checks' | 'warm_up' | 'setup_timeout' | 'connections'>(
    key: Key,
  ): WrittenLoad['settings'][Key] => {
    const given = loads.filter(({ settings }) => settings[key] !== undefined);
    const [first] = given;
    const text = JSON.stringify(first?.settings[key]);
    const other = given.find(({ settings }) => JSON.stringify(settings[key]) !== text);
    if (other) complain(`\`${key}\` is said twice, and differently`, ['keep one of them'], other.spanAt([key]));
    return first?.settings[key];
  };
  const ofFiles = loads.flatMap(({ settings: { out = [] }, spanAt }): OutPlan[] =>
    [out].flat().map((text, index) => ({ text, span: spanAt(['out', index]) })),
  );
  const { pool, max_per_vu: perUser } = one('connections') ?? {};
  return {
    wire: { ...overrides.wire, links: { pool, perUser } },
    checks: one('checks') ?? 'auto',
    out: [...ofFiles, ...overrides.out.map((text) => ({ text }))],
    warmUpMs: one('warm_up') ?? 0,
    setupTimeoutMs: one('setup_timeout') ?? DEFAULT_SETUP_MS,
  };
}
