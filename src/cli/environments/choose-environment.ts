import type { FunctionDef, Host } from '../../expr/index.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { describeChoices, type EnvironmentsContext, planEnvironments } from '../../plan/project/plan-environments.ts';
import { Findings } from '../../plan/read/findings.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { UsageError } from '../process/usage-error.ts';
import { type FilledInputs, fillEnvironment } from './fill-environment.ts';

export interface EnvironmentOptions {
  readonly directory: string;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly readFile: EnvironmentsContext['readFile'];
  /** Whether secrets are wanted, for something is to run. */
  readonly readsSecrets: boolean;
  /** Of expressions in its values. */
  readonly host: Host;
}

/** Adds the values of the environment that `-e` names, or of the default one. @throws UsageError where there is no such environment */
export async function chooseEnvironment(
  file: SourceFile,
  inputs: GivenInputs,
  { directory, functions, readFile, readsSecrets, host }: EnvironmentOptions,
): Promise<FilledInputs> {
  const findings = new Findings();
  const wanted = inputs.environmentName;
  const { names, chosen, connections, offered } = planEnvironments(file, wanted, {
    functions,
    readFile,
    file,
    findings,
  });
  const hasErrors = findings.list.some(({ severity }) => severity === 'error');
  if (!chosen || hasErrors) {
    if (wanted !== undefined && !names.includes(wanted))
      throw new UsageError(`testmesh.yaml has no environment \`${wanted}\``, [describeChoices(wanted, names)]);
    return { inputs, connections, offered, diagnostics: findings.list };
  }
  // A thread of a load is given the values with its inputs.
  const filled = inputs.hasEnvironment
    ? { inputs, diagnostics: [] }
    : await fillEnvironment(chosen, inputs, { directory, readsSecrets, host });
  const { name, isProtected } = chosen;
  return {
    ...filled,
    connections,
    offered,
    environment: { name, isProtected },
    diagnostics: [...findings.list, ...filled.diagnostics],
  };
}
