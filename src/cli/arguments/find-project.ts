import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionDef } from '../../expr/index.ts';
import type { ActionTable } from '../../model/action/definition.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import type { FindingRules } from '../../plan/project/finding-rules.ts';
import type { RunSettings } from '../../plan/project/run-settings.ts';
import type { FlowSettings, KnownCompanions } from '../../plan/read/context.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { reporterNames } from '../../reporters/registry.ts';
import type { EnvironmentOptions } from '../environments/choose-environment.ts';
import type { FilledInputs } from '../environments/fill-environment.ts';
import { createOutsideEnv } from '../environments/outside-env.ts';
import type { ChosenEnvironment } from '../environments/refuse-protected.ts';
import { UsageError } from '../process/usage-error.ts';

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
  /** What it says of runs. */
  readonly runSettings?: RunSettings | undefined;
  /** What becomes of findings. */
  readonly findingRules?: FindingRules | undefined;
  readonly environment?: ChosenEnvironment | undefined;
  /** What was given from outside, with the chosen environment in it. */
  readonly inputs: GivenInputs;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ProjectInputs {
  readonly cwd: string;
  readonly inputs: GivenInputs;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly actions: ActionTable;
  /** Whether secrets of the environment are read: where something is to run. */
  readonly readsSecrets: boolean;
  /** How files are read that it names. */
  readonly readFile?: ((absolutePath: string, what?: 'text' | 'bytes') => string | undefined) | undefined;
}

/**
 * Reads the testmesh.yaml of the working directory or of the nearest folder above it; undefined where there is none.
 * @throws UsageError where it has not the environment that is asked for
 */
export async function findProject(options: ProjectInputs): Promise<Project | undefined> {
  const { cwd, inputs: given, readFile, readsSecrets, ...language } = options;
  const directory = findFolder(cwd);
  if (directory === undefined) {
    refuseEnvironment(given);
    return undefined;
  }
  // Runs without such a file load nothing of this.
  const [{ loadSourceFile }, { planProject, UNREADABLE }, { readOptionalFile }] = await Promise.all([
    import('../../source/yaml/load-source-file.ts'),
    import('../../plan/project/plan-project.ts'),
    import('./load-plans.ts'),
  ]);
  const loaded = loadSourceFile(join(directory, PROJECT_FILE), cwd);
  if ('diagnostics' in loaded)
    return { directory, companions: [], known: UNREADABLE, inputs: given, diagnostics: loaded.diagnostics };
  const host = { now: () => Date.now(), readEnv: (name: string) => given.processEnv[name] };
  const reads = {
    directory,
    readFile: readFile ?? readOptionalFile,
    readsSecrets,
    functions: language.functions,
    host,
  };
  const chosen = await addEnvironment(loaded.file, given, reads);
  const { inputs } = chosen;
  const env = createOutsideEnv(inputs);
  const {
    diagnostics,
    file: _,
    ...plan
  } = planProject(loaded.file, {
    ...language,
    reporters: reporterNames,
    codes: loaded.file.text.includes('findings') ? await listCodes() : [],
    givenNames: new Set(env.keys()),
    readFile: reads.readFile,
    render: (value) => value.render(env, host),
  });
  const { connections, offered, ...filled } = chosen;
  const flowSettings = plan.flowSettings && { ...plan.flowSettings, connections };
  const hidesNames = chosen.diagnostics.some(({ severity }) => severity === 'error');
  const known = { ...plan.known, offered, hidesNames };
  return { ...plan, ...filled, known, flowSettings, directory, diagnostics: [...chosen.diagnostics, ...diagnostics] };
}

async function listCodes(): Promise<readonly string[]> {
  const { codeDocs } = await import('../../plan/code-docs/all-codes.ts');
  return codeDocs.map(({ code }) => code);
}

/** @throws UsageError where an environment is asked for, and nothing says what it is */
function refuseEnvironment({ environmentName }: GivenInputs): void {
  if (environmentName === undefined) return;
  throw new UsageError(
    `\`-e ${environmentName}\`: environments stand in testmesh.yaml, and there is none here or in a folder above`,
    [`write one: \`environments: {${environmentName}: {env: {NAME: value}}}\``],
  );
}

/** Files without environments load nothing of them. */
async function addEnvironment(
  file: SourceFile,
  inputs: GivenInputs,
  options: EnvironmentOptions,
): Promise<FilledInputs> {
  const isWanted = inputs.environmentName !== undefined || file.text.includes('environment');
  if (!isWanted) return { inputs, diagnostics: [] };
  return (await import('../environments/choose-environment.ts')).chooseEnvironment(file, inputs, options);
}

function findFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
