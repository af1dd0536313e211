import type { FunctionDef } from '../expr/index.ts';
import type { ActionTable } from '../model/action/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FlowPlan } from '../model/plan.ts';
import type { SourceFile } from '../model/source-file.ts';
import { positionAt } from '../model/source-file.ts';
import { warnHabits } from './advice/advise.ts';
import { markCountedResults } from './advice/counted-results.ts';
import { warnEarlyWaits } from './advice/early-waits.ts';
import { warnLiteralSecrets } from './advice/literal-secrets.ts';
import { warnNewEachStep } from './advice/new-each-step.ts';
import { listOpenWaits } from './advice/open-waits.ts';
import { warnUnfilledVariables } from './advice/unfilled-variables.ts';
import { type PlannedFlow, planFlow } from './flow/plan-flow.ts';
import { findLoad, isLoadOnly, type LoadDocument, listReconciledNames, readLoadOnly } from './load/load-document.ts';
import { wrapSettings } from './lower/settings-flow.ts';
import { checkNames } from './names/resolve-names.ts';
import type { CalledPlan, FlowSettings, KnownCompanions, PlanContext } from './read/context.ts';
import { CODES, Findings } from './read/findings.ts';
import { createFlowLibrary, type FlowDocument, type FlowLibrary } from './read/flow-library.ts';

export interface PlanOptions {
  /** Actions by name and alias. */
  readonly actions: ActionTable;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  /** Reads a file that a flow names; undefined when it is not there. */
  readonly readFile: (absolutePath: string, what?: 'text' | 'bytes') => string | undefined;
  /** The flow files of the run; absent: those that flows name alone. */
  readonly library?: FlowLibrary | undefined;
  /** The names that calls in other flows give to a flow of this file, by its id. */
  readonly givenByCalls?: ((flowId: string) => ReadonlySet<string>) | undefined;
  /** The action whose settings the file holds; absent: it holds flows. */
  readonly settingsOf?: string | undefined;
  /** Whether all that its flows capture is read elsewhere. */
  readonly isShared?: boolean | undefined;
  /** Absent where there is none. */
  readonly companions?: KnownCompanions | undefined;
  /** What testmesh.yaml says of flows. */
  readonly flowSettings?: FlowSettings | undefined;
}

export interface FilePlan {
  readonly flows: readonly PlannedFlow[];
  /** All findings, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names that the flows read or declare, those that they call too. */
  readonly usedNames: ReadonlySet<string>;
  /** What its documents say of loads. */
  readonly loads: readonly LoadDocument[];
  /** Flows that cannot run by themselves, with the names that only calls give. */
  readonly borrowed: ReadonlyMap<PlannedFlow, ReadonlySet<string>>;
}

/** Makes the plan of a flow file, with everything that is wrong with it; contacts nothing. */
export function planFile(file: SourceFile, options: PlanOptions): FilePlan {
  const library = options.library ?? createFlowLibrary(options);
  const { documents, diagnostics } = library.add(file);
  // What cannot be read as YAML gives no document at all: then nothing more can be said.
  const usedNames = new Set<string>();
  const borrowed = new Map<PlannedFlow, ReadonlySet<string>>();
  if (documents.length === 0)
    return { flows: [], diagnostics: sortDiagnostics(diagnostics), usedNames, loads: [], borrowed };
  const findings = new Findings();
  const calledFindings: Diagnostic[] = [];
  const common = { file, findings, prefix: '', calledFindings, usedNames, planCalled, ...options, library };
  const flows: PlannedFlow[] = [];
  const loads: LoadDocument[] = [];
  const usedByLoad = listReconciledNames(documents);
  const { settingsOf: action } = options;
  for (const [index, document] of documents.entries()) {
    const root = action === undefined ? document : wrapSettings(document, { action, id: 'stub', name: file.path });
    if (action === undefined && isLoadOnly(root)) {
      loads.push(readLoadOnly(root, file, findings));
      continue;
    }
    const name = documents.length > 1 ? `${file.path}#${index + 1}` : file.path;
    const context: PlanContext = { calling: [{ key: `${file.absolutePath}#${index}`, name }], ...common };
    const flow = planFlow(root, { index, count: documents.length }, context);
    if (!flow) continue;
    const givenByCalls = options.givenByCalls?.(flow.id);
    const { givenNames, companions } = options;
    const usedElsewhere = options.isShared ? new Set(listCaptured(flow)) : usedByLoad;
    const report = checkNames(flow, { givenNames, givenByCalls, companions, usedElsewhere }, findings);
    addNames(flow, report.used, usedNames);
    const written = warnOfFlow(flow, { used: report.used, given: givenNames }, findings);
    warnEarlyWaits(flow, { functions: options.functions, givenTo: () => givenNames }, findings);
    markCountedResults(flow, context);
    const { functions } = options;
    const { companionUses } = report;
    const findOpenWaits: FlowPlan['findOpenWaits'] = (givenTo) => listOpenWaits(flow, { functions, givenTo });
    const complete: PlannedFlow = { companionUses, findOpenWaits, written, ...flow };
    if (report.borrowed.size > 0) borrowed.set(complete, report.borrowed);
    flows.push(complete);
    const load = findLoad(root, complete);
    if (load) loads.push(load);
  }
  reportTwinFlows(flows, findings);
  const own = [...diagnostics, ...withoutEchoes(findings.list, diagnostics)];
  return { flows, diagnostics: sortDiagnostics([...own, ...calledFindings], file), usedNames, loads, borrowed };
}

/** The names that its setup and steps give. */
function listCaptured({ setup, steps }: PlannedFlow): readonly string[] {
  return [...setup, ...steps].flatMap(({ provides }) => provides);
}

/** Plans a flow for one call of it: what the call gives is known there, what nothing gives is the call's mistake. */
function planCalled(document: FlowDocument, context: PlanContext): CalledPlan | undefined {
  const { source, index } = document;
  const root = source.documents[index];
  if (!root) return undefined;
  const findings = new Findings();
  const flow = planFlow(root, { index, count: source.documents.length }, { ...context, findings });
  if (!flow) return undefined;
  const { used, missing, companionUses } = checkNames(flow, context, findings);
  addNames(flow, used, context.usedNames);
  const written = warnOfFlow(flow, { used, given: context.calledWith ?? new Set() }, findings);
  markCountedResults(flow, { ...context, findings });
  const { diagnostics } = source;
  context.calledFindings.push(...diagnostics, ...withoutEchoes(findings.list, diagnostics));
  return { flow: { companionUses, written, ...flow }, used, missing };
}

/** Warns of what is not wrong and yet no good, in a flow by itself; gives the secrets that are written out in it. */
function warnOfFlow(
  flow: PlannedFlow,
  names: { used: ReadonlySet<string>; given: ReadonlySet<string> },
  findings: Findings,
): readonly string[] {
  warnHabits(flow, findings);
  warnNewEachStep(flow, names.given, findings);
  warnUnfilledVariables(flow, names, findings);
  return warnLiteralSecrets(flow, findings);
}

function addNames({ declared, columns, secrets }: PlannedFlow, used: ReadonlySet<string>, names: Set<string>): void {
  for (const name of [...used, ...declared.map((variable) => variable.name), ...columns, ...secrets]) names.add(name);
}

function reportTwinFlows(flows: readonly PlannedFlow[], findings: Findings): void {
  const seen = new Set<string>();
  for (const flow of flows) {
    if (seen.has(flow.id))
      findings.error(CODES.duplicateId, `two flows of this file have the id \`${flow.id}\``, flow.idSpan ?? flow.span, [
        'give each flow an `id` of its own',
      ]);
    seen.add(flow.id);
  }
}

/** Leaves out what is only the echo of YAML that was not read as it was meant: findings that touch the same lines. */
function withoutEchoes(found: readonly Diagnostic[], traps: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = traps.filter((trap) => trap.severity === 'error' && trap.span);
  if (errors.length === 0) return found;
  return found.filter((finding) => !errors.some((trap) => touchesSameLine(trap, finding)));
}

function touchesSameLine(a: Diagnostic, b: Diagnostic): boolean {
  if (!a.span || !b.span || a.span.file !== b.span.file) return false;
  const { file } = a.span;
  const trapLine = positionAt(file, a.span.start).line;
  return (
    positionAt(file, b.span.start).line <= trapLine &&
    trapLine <= positionAt(file, Math.max(b.span.start, b.span.end - 1)).line
  );
}

/** By place, those of the file itself first, each once. */
function sortDiagnostics(diagnostics: readonly Diagnostic[], own?: SourceFile): Diagnostic[] {
  const placeOf = (diagnostic: Diagnostic): number => diagnostic.span?.start ?? -1;
  const seen = new Set<string>();
  const distinct = diagnostics.filter((diagnostic) => {
    // What an anchor names is planned for each alias, and reported once.
    const key = `${diagnostic.span?.file.path} ${placeOf(diagnostic)} ${diagnostic.code} ${diagnostic.message}`;
    return !seen.has(key) && seen.add(key);
  });
  const fileOf = ({ span }: Diagnostic): string => (!span || span.file === own ? '' : span.file.path);
  return distinct.sort((a, b) => compareTexts(fileOf(a), fileOf(b)) || placeOf(a) - placeOf(b));
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
