import { actions } from '../../actions/registry.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { createFileLoader } from '../../source/yaml/load-source-file.ts';
import type { FileSearch } from './find-files.ts';
import { findProject, type Project } from './find-project.ts';
import { type LoadedPlans, type LoadOptions, loadPlans, readOptionalFile } from './load-plans.ts';

/** The flows that a command is about, and what they were planned with. */
export interface LoadedFlows {
  /** What was given from outside, with the chosen environment of testmesh.yaml in it. */
  readonly inputs: GivenInputs;
  readonly project: Project | undefined;
  readonly loaded: LoadedPlans;
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

/** Plans the flow files that `find` gives, with what the testmesh.yaml around says; each file is read once. */
export async function loadFlows(
  { cwd, inputs: given, readsSecrets = false }: { cwd: string; inputs: GivenInputs; readsSecrets?: boolean },
  find: (search: Pick<FileSearch, 'cwd' | 'load'>) => Promise<readonly string[]>,
): Promise<LoadedFlows> {
  const load = createFileLoader(cwd);
  const files = await find({ cwd, load });
  const functions = createFunctions();
  const read = new Set<string>();
  const readFile: typeof readOptionalFile = (path, what) => {
    const text = readOptionalFile(path, what);
    if (text !== undefined) read.add(path);
    return text;
  };
  const project = await findProject({ cwd, inputs: given, functions, actions, readFile, readsSecrets });
  const inputs = project?.inputs ?? given;
  const { known: companions, flowSettings } = project ?? {};
  const options = { cwd, load, actions, functions, inputs, companions, flowSettings, readFile };
  return { inputs, project, loaded: loadPlans(files, options), options, files, read };
}
