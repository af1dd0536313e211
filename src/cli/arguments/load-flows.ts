import { actions } from '../../actions/registry.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { AroundFiles } from '../../plan/project/around-flows.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { createFileLoader } from '../../source/yaml/load-source-file.ts';
import type { FileSearch, NamedFiles } from './find-files.ts';
import { findProject, type Project } from './find-project.ts';
import { type LoadedPlans, type LoadOptions, loadPlans, readOptionalFile } from './load-plans.ts';
import { type PlannedAround, planAround, splitAround } from './plan-around.ts';

/** The flows that a command is about, and what they were planned with. */
export interface LoadedFlows {
  /** What was given from outside, with the chosen environment of testmesh.yaml in it. */
  readonly inputs: GivenInputs;
  readonly project: Project | undefined;
  readonly loaded: LoadedPlans;
  /** What runs before and after them. */
  readonly around: PlannedAround;
  readonly options: LoadOptions;
  /** The flow files that were asked for. */
  readonly files: readonly string[];
  /** Those that flows and testmesh.yaml name, and that are there. */
  readonly read: ReadonlySet<string>;
}

/** Where all that is run was read. */
export interface Sources {
  /** Flow files, in the order of the command. */
  readonly flowFiles: readonly string[];
  /** Those that they and testmesh.yaml name. */
  readonly read: ReadonlySet<string>;
  /** Which names are read of what is given from outside. */
  readonly usedNames: ReadonlySet<string>;
}

/** Which names flows and testmesh.yaml read. */
export function listUsedNames(
  loaded: readonly Pick<LoadedPlans, 'usedNames'>[],
  project: Project | undefined,
): ReadonlySet<string> {
  const ofProject = project?.companions.flatMap(({ reads }) => reads) ?? [];
  return new Set([...loaded.flatMap(({ usedNames }) => [...usedNames]), ...ofProject]);
}

export interface LoadFlowsOptions {
  readonly cwd: string;
  readonly inputs: GivenInputs;
  readonly readsSecrets?: boolean;
  /** Of a load nothing runs before and after all others. */
  readonly isLoad?: boolean;
}

/** Plans the flow files that `find` gives, with what the testmesh.yaml around says; each file is read once. */
export async function loadFlows(
  { cwd, inputs: given, readsSecrets = false, isLoad = false }: LoadFlowsOptions,
  find: (search: Pick<FileSearch, 'cwd' | 'load' | 'findNamed'>) => Promise<readonly string[]>,
): Promise<LoadedFlows> {
  const load = createFileLoader(cwd);
  const functions = createFunctions();
  const read = new Set<string>();
  const readFile: typeof readOptionalFile = (path, what) => {
    const text = readOptionalFile(path, what);
    if (text !== undefined) read.add(path);
    return text;
  };
  let asked: ReturnType<typeof findProject> | undefined;
  const askProject = () => (asked ??= findProject({ cwd, inputs: given, functions, actions, readFile, readsSecrets }));
  const found = await find({ cwd, load, findNamed: async () => nameFiles(await askProject()) });
  const project = await askProject();
  const { own: files, around: names } = splitAround(found, isLoad ? {} : project?.runSettings?.around);
  const { known: companions, flowSettings } = project ?? {};
  const common = { cwd, load, actions, functions, companions, flowSettings, readFile };
  const around = planAround(names, { ...common, inputs: project?.inputs ?? given });
  const inputs = { ...(project?.inputs ?? given), sharedNames: around.names };
  const options = { ...common, inputs, isShared: isOnlyBefore(files, project?.runSettings?.around) };
  const own = loadPlans(files, options);
  const loaded = {
    ...own,
    diagnostics: [...around.diagnostics, ...own.diagnostics],
    usedNames: new Set([...own.usedNames, ...around.usedNames]),
  };
  for (const file of Object.values(names)) read.add(file.absolutePath);
  return { inputs, project, loaded, around, options, files, read };
}

function nameFiles(project: Project | undefined): NamedFiles | undefined {
  const globs = project?.runSettings?.flows;
  return project && globs ? { directory: project.directory, globs } : undefined;
}

/** Whether the flow that runs before all others is asked for by itself. */
function isOnlyBefore(files: readonly string[], around: AroundFiles | undefined): boolean {
  return files.length === 1 && files[0] === around?.before_all?.absolutePath;
}
