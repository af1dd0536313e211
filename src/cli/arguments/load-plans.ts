import type { FunctionDef } from '../../expr/index.ts';
import type { ActionTable } from '../../model/action/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt, type SourceFile } from '../../model/source-file.ts';
import type { LoadDocument } from '../../plan/load/load-document.ts';
import { type FilePlan, planFile } from '../../plan/plan-file.ts';
import type { FlowSettings, KnownCompanions } from '../../plan/read/context.ts';
import { CODES } from '../../plan/read/findings.ts';
import { createFlowLibrary } from '../../plan/read/flow-library.ts';
import { withoutAllowed } from '../../plan/select/allowed-findings.ts';
import { type CallInput, collectCallInputs, keyOfFlow } from '../../plan/select/call-inputs.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { type LoadedFile, loadSourceFile } from '../../source/yaml/load-source-file.ts';
import { probeFile, readText } from '../../util/read-text.ts';

export interface LoadedPlans {
  readonly flows: readonly FlowPlan[];
  /** Those of them that run only where others call them. */
  readonly calledOnly: ReadonlyMap<FlowPlan, BorrowedName>;
  readonly diagnostics: readonly Diagnostic[];
  /** What the files say of loads. */
  readonly loads: readonly LoadDocument[];
  /** Names that the flows read or declare. */
  readonly usedNames: ReadonlySet<string>;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  readonly fileCount: number;
}

/** A name that a flow lacks when it runs by itself, and a call that gives it. */
export interface BorrowedName extends CallInput {
  readonly name: string;
}

/** What of testmesh.yaml flows are planned with. */
interface ProjectFacts {
  /** What it has beside the flows. */
  readonly companions?: KnownCompanions | undefined;
  /** What it says of flows. */
  readonly flowSettings?: FlowSettings | undefined;
}

export interface LoadOptions extends ProjectFacts {
  readonly cwd: string;
  readonly actions: ActionTable;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly inputs: GivenInputs;
  /** The action whose settings the files hold; absent: they hold flows. */
  readonly settingsOf?: string | undefined;
  /** Whether other flows read what these capture. */
  readonly isShared?: boolean | undefined;
  /** More files, which need not be there. */
  readonly more?: readonly SourceFile[] | undefined;
  /** How the files are read; absent: as they are now. */
  readonly load?: ((path: string) => LoadedFile) | undefined;
  /** How files are read that flows name. */
  readonly readFile?: typeof readOptionalFile | undefined;
}

/** Reads and plans flow files: everything that is wrong with any of them, at once. */
export function loadPlans(paths: readonly string[], options: LoadOptions): LoadedPlans {
  const { actions, functions, inputs, cwd, settingsOf, companions, flowSettings, isShared, more = [] } = options;
  const { load = (path) => loadSourceFile(path, cwd), readFile = readOptionalFile } = options;
  const diagnostics: Diagnostic[] = [];
  const givenNames = new Set([...inputs.given.keys(), ...inputs.envFile.keys(), ...(inputs.sharedNames ?? [])]);
  const files: SourceFile[] = [...more];
  const library = createFlowLibrary({ readFile, listRunFiles: () => files });
  for (const path of paths) {
    const loaded = load(path);
    if ('diagnostics' in loaded) diagnostics.push(...loaded.diagnostics);
    else files.push(loaded.file);
  }
  const given = { actions, functions, givenNames, settingsOf, companions, flowSettings, isShared };
  const common = { ...given, readFile, library };
  const planned = files.map((file) => ({ file, plan: planFile(file, common) }));
  const callInputs = collectCallInputs(planned.flatMap(({ plan }) => plan.flows));
  const calledOnly = new Map<FlowPlan, BorrowedName>();
  const all = planned.map(({ file, plan }): FilePlan => {
    const inputsOf = (id: string) => callInputs.get(keyOfFlow(file.absolutePath, id));
    const lacksName = plan.diagnostics.some(({ code }) => code === CODES.unknownName);
    if (!lacksName || !plan.flows.some(({ id }) => inputsOf(id))) return plan;
    const again = planFile(file, { ...common, givenByCalls: (id) => new Set(inputsOf(id)?.keys()) });
    for (const [flow, [name = '']] of again.borrowed) {
      const input = inputsOf(flow.id)?.get(name);
      if (input) calledOnly.set(flow, { ...input, name });
    }
    return again;
  });
  return {
    flows: all.flatMap(({ flows }) => flows),
    calledOnly,
    diagnostics: withoutAllowed(withoutTwins([...diagnostics, ...all.flatMap((plan) => plan.diagnostics)]), files),
    usedNames: new Set(all.flatMap(({ usedNames }) => [...usedNames])),
    loads: all.flatMap(({ loads }) => loads),
    givenNames,
    fileCount: paths.length,
  };
}

/** Says of each flow that runs only where it is called why that is so. */
export function describeCalledOnly(calledOnly: LoadedPlans['calledOnly']): readonly string[] {
  return [...calledOnly].map(([flow, { name, caller, span }]) => {
    const place = `${span.file.path}:${positionAt(span.file, span.start).line}`;
    return `"${flow.name}" (${flow.file.path}) runs only where it is called: \`${name}\` is given by \`input\` of \`${caller}\` (${place}); a value under \`env\` lets it run by itself`;
  });
}

/** What is wrong with a flow that others call is found with each call, and reported once. */
function withoutTwins(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ span, path, code, message }) => {
    const key = `${span?.file.path ?? path} ${span?.start} ${code} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Bytes of any kind are not read: they may be many. */
export function readOptionalFile(path: string, what: 'text' | 'bytes' = 'text'): string | undefined {
  try {
    if (what === 'text') return readText(path);
    probeFile(path);
    return '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
