import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionDef } from '../../expr/index.ts';
import type { ActionDefinition } from '../../model/action/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import type { FlowSettings } from '../../plan/read/context.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';

const NAME = 'testmesh.yaml';

/** What testmesh.yaml says, and what is wrong with it. */
export interface Project {
  /** Its folder. */
  readonly directory: string;
  /** Each behind those that it needs. */
  readonly services: readonly ServicePlan[];
  /** What it says of flows. */
  readonly flowSettings?: FlowSettings | undefined;
  /** What it says of the traces of flows. */
  readonly trace?: TraceTerms | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ProjectInputs {
  readonly cwd: string;
  readonly inputs: GivenInputs;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
}

/** Reads the testmesh.yaml of the working directory or of the nearest folder above it; undefined where there is none. */
export async function findProject({ cwd, inputs, functions, actions }: ProjectInputs): Promise<Project | undefined> {
  const directory = findFolder(cwd);
  if (directory === undefined) return undefined;
  // Runs without such a file load nothing of this.
  const [{ loadSourceFile }, { planProject }, { readOptionalFile }] = await Promise.all([
    import('../../source/yaml/load-source-file.ts'),
    import('../../plan/project/plan-project.ts'),
    import('./load-plans.ts'),
  ]);
  const loaded = loadSourceFile(join(directory, NAME), cwd);
  if ('diagnostics' in loaded) return { directory, services: [], diagnostics: loaded.diagnostics };
  const { given, envFile, processEnv } = inputs;
  const ofProcess = Object.keys(processEnv).filter((name) => processEnv[name] !== undefined);
  const givenNames = new Set([...given.keys(), ...ofProcess, ...envFile.keys()]);
  const options = { actions, functions, givenNames, readFile: readOptionalFile };
  const { services, flowSettings, trace, diagnostics } = planProject(loaded.file, options);
  return { directory, services, flowSettings, trace, diagnostics };
}

/** The services with the names that each gives, as flows know them. */
export function listKnownServices(project: Project | undefined): ReadonlyMap<string, readonly string[]> | undefined {
  if (!project || project.services.length === 0) return undefined;
  return new Map(project.services.map(({ name, gives }) => [name, gives]));
}

function findFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, NAME))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
