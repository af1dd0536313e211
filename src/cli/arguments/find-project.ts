import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env, FunctionDef, Value } from '../../expr/index.ts';
import type { ActionTable } from '../../model/action/definition.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import type { FlowSettings, KnownCompanions } from '../../plan/read/context.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';

export const PROJECT_FILE = 'testmesh.yaml';

/** What testmesh.yaml says, and what is wrong with it. */
export interface Project {
  /** Its folder. */
  readonly directory: string;
  /** Each behind those that it needs. */
  readonly companions: readonly ProjectCompanion[];
  /** What flows may name of it. */
  readonly known: KnownCompanions;
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
  readonly actions: ActionTable;
  /** How files are read that it names. */
  readonly readFile?: ((absolutePath: string, what?: 'text' | 'bytes') => string | undefined) | undefined;
}

/** Reads the testmesh.yaml of the working directory or of the nearest folder above it; undefined where there is none. */
export async function findProject({ cwd, inputs, readFile, ...language }: ProjectInputs): Promise<Project | undefined> {
  const directory = findFolder(cwd);
  if (directory === undefined) return undefined;
  // Runs without such a file load nothing of this.
  const [{ loadSourceFile }, { planProject, UNREADABLE }, { readOptionalFile }] = await Promise.all([
    import('../../source/yaml/load-source-file.ts'),
    import('../../plan/project/plan-project.ts'),
    import('./load-plans.ts'),
  ]);
  const loaded = loadSourceFile(join(directory, PROJECT_FILE), cwd);
  if ('diagnostics' in loaded) return { directory, companions: [], known: UNREADABLE, diagnostics: loaded.diagnostics };
  const env = createOutsideEnv(inputs);
  const host = { now: () => Date.now(), readEnv: (name: string) => inputs.processEnv[name] };
  const { companions, known, flowSettings, trace, diagnostics } = planProject(loaded.file, {
    ...language,
    givenNames: new Set(env.keys()),
    readFile: readFile ?? readOptionalFile,
    render: (value) => value.render(env, host),
  });
  return { directory, companions, known, flowSettings, trace, diagnostics };
}

/** What settings of testmesh.yaml see: what is given from outside, as flows rank it, then the built-in names. */
export function createOutsideEnv(
  { given, processEnv, envFile }: GivenInputs,
  builtIns: Readonly<Record<string, Value>> = {},
): Env {
  const get = (name: string): Value | undefined => {
    const ofProcess = Object.hasOwn(processEnv, name) ? processEnv[name] : undefined;
    const outside = given.get(name) ?? (ofProcess === undefined ? envFile.get(name) : { text: ofProcess });
    if (outside) return outside.text ?? ('value' in outside ? outside.value : undefined) ?? null;
    return Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
  };
  const ofProcess = Object.keys(processEnv).filter((name) => processEnv[name] !== undefined);
  const keys = () => new Set([...given.keys(), ...ofProcess, ...envFile.keys(), ...Object.keys(builtIns)]);
  return { get, keys };
}

function findFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
