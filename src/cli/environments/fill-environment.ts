import type { Host, Value } from '../../expr/index.ts';
import { type Diagnostic, DiagnosticError } from '../../model/diagnostic.ts';
import type { EnvironmentPlan, EnvironmentVariable } from '../../plan/project/plan-environments.ts';
import { BUILTIN_NAMES, isShellName } from '../../plan/read/builtin-names.ts';
import type { KnownConnections } from '../../plan/read/context.ts';
import { CODES } from '../../plan/read/findings.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import { isSecretLike } from '../../util/secret-name.ts';
import { findNearest } from '../../util/suggest.ts';
import { createOutsideEnv } from './outside-env.ts';
import { readSecret } from './read-secrets.ts';
import type { ChosenEnvironment } from './refuse-protected.ts';

/** What is given from outside, with the values of an environment in it. */
export interface FilledInputs {
  readonly inputs: GivenInputs;
  readonly diagnostics: readonly Diagnostic[];
  /** What steps may name of it. */
  readonly connections?: KnownConnections | undefined;
  /** Names that environments give which were not chosen, with these. */
  readonly offered?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Whose values are in it. */
  readonly environment?: ChosenEnvironment | undefined;
}

/** What stands for a secret where nothing runs that would need it. */
const UNREAD: Pick<GivenValue, 'value' | 'isSecret'> = { value: '(not read)', isSecret: true };

/**
 * Gives the values of an environment a place below `--env-file`; the process environment overrides what it declares. Secrets are
 * read where somebody `readsSecrets`, but for those that are given otherwise. @throws UsageError for a secret that cannot be read
 */
export async function fillEnvironment(
  plan: EnvironmentPlan,
  inputs: GivenInputs,
  { directory, readsSecrets, host }: { directory: string; readsSecrets: boolean; host: Host },
): Promise<FilledInputs> {
  const from = `environment ${plan.name}`;
  const { processEnv } = inputs;
  const values = new Map<string, GivenValue>();
  const takeOutside = (name: string): boolean => {
    const text = Object.hasOwn(processEnv, name) && !isShellName(name) ? processEnv[name] : undefined;
    if (text) values.set(name, { text, from: 'the environment', isSecret: isSecretLike(name, text) });
    return Boolean(text);
  };
  const secrets = plan.secrets.filter(({ name }) => !takeOutside(name) && !inputs.given.has(name));
  const place = { directory, processEnv };
  const readOne = async (secret: (typeof secrets)[number]): Promise<void> => {
    const value = readsSecrets ? { text: await readSecret(secret, place), isSecret: true } : UNREAD;
    values.set(secret.name, { ...value, from });
  };
  await Promise.all(secrets.map(readOne));
  for (const [name, text] of plan.fromFiles)
    if (!values.has(name) && !takeOutside(name)) values.set(name, { text, from, isSecret: isSecretLike(name, text) });
  const diagnostics: Diagnostic[] = [];
  for (const variable of plan.variables) {
    const { name } = variable;
    if (takeOutside(name)) continue;
    const value = render(variable, mergeInto(inputs, values), host, diagnostics);
    if (value !== undefined) values.set(name, { ...toGiven(name, value), from });
  }
  return { inputs: { ...mergeInto(inputs, values), hasEnvironment: true }, diagnostics };
}

function toGiven(name: string, value: Value): Pick<GivenValue, 'text' | 'value' | 'isSecret'> {
  return typeof value === 'string' ? { text: value, isSecret: isSecretLike(name, value) } : { value, isSecret: false };
}

/** What `--env-file` gives counts before the environment, and the process environment before both. */
function mergeInto(inputs: GivenInputs, values: ReadonlyMap<string, GivenValue>): GivenInputs {
  const ofProcess = [...values].filter(([, { from }]) => from === 'the environment');
  return { ...inputs, envFile: new Map([...values, ...inputs.envFile, ...ofProcess]) };
}

/** Gives undefined for a value that cannot be made, which is reported. */
function render(
  { value, refs }: EnvironmentVariable,
  inputs: GivenInputs,
  host: Host,
  diagnostics: Diagnostic[],
): Value | undefined {
  const env = createOutsideEnv(inputs);
  const missing = refs.filter(({ name }) => env.get(name) === undefined);
  for (const { name, span } of missing) {
    const nearest = findNearest(name, env.keys());
    const isBuiltIn = BUILTIN_NAMES.has(name);
    const help = isBuiltIn
      ? 'what is made anew in each run stands under `env:` of a flow'
      : nearest === undefined
        ? 'an environment sees what is given from outside, its secrets and files, and what stands above in it'
        : `did you mean \`${nearest}\`?`;
    diagnostics.push({
      severity: 'error',
      code: CODES.unknownName,
      message: `unknown name \`${name}\``,
      span,
      help: [help],
    });
  }
  if (missing.length > 0) return undefined;
  try {
    return value.render(env, host);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    diagnostics.push(error.diagnostic);
    return undefined;
  }
}
