import { createSecrets, type Secrets } from '../../engine/events/secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt, type SourceFile } from '../../model/source-file.ts';
import { CODES } from '../../plan/read/findings.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import { isSecretLike } from '../../util/secret-name.ts';
import { findEnvSecrets } from './env-secrets.ts';
import { findWrittenSecrets } from './written-secrets.ts';

/**
 * Makes what masks the secrets in findings, whose excerpts show the file's own lines: those that flows, flags, the environment and the
 * findings themselves name, and passwords of addresses. They are gathered when there is something to mask.
 */
export function createMask(
  flows: readonly FlowPlan[],
  inputs: GivenInputs,
  diagnostics: readonly Diagnostic[],
): (text: string) => string {
  let secrets: Secrets | undefined;
  return (text) => {
    if (text === '') return text;
    secrets ??= gatherSecrets(flows, inputs, diagnostics);
    return secrets.maskText(text);
  };
}

function gatherSecrets(
  flows: readonly FlowPlan[],
  { given, envFile, processEnv }: GivenInputs,
  diagnostics: readonly Diagnostic[],
): Secrets {
  const secrets = createSecrets();
  const addGiven = (one: GivenValue | undefined): void => secrets.add(one?.text ?? one?.value ?? null);
  for (const one of [...given.values(), ...envFile.values()]) {
    if (one.isSecret) addGiven(one);
    secrets.addPasswords(one.text ?? '');
  }
  for (const [name, text = ''] of Object.entries(processEnv)) if (isSecretLike(name, text)) secrets.add(text);
  for (const file of filesOf(diagnostics)) {
    secrets.addPasswords(file.text);
    for (const text of findEnvSecrets(file)) secrets.add(text);
  }
  const found = new Set(diagnostics.filter(({ code }) => code === CODES.literalSecret).map(({ span }) => span));
  for (const flow of flows) {
    for (const { name, literal, span } of flow.declared) {
      if (flow.secrets.includes(name) || found.has(span)) secrets.add(literal ?? null);
    }
    for (const name of flow.secrets) {
      addGiven(given.get(name));
      addGiven(envFile.get(name));
      secrets.add(processEnv[name] ?? null);
      for (const { values } of flow.rows ?? []) secrets.add(values.get(name) ?? null);
    }
  }
  const named = [...given].filter(([, { isSecret }]) => isSecret).map(([name]) => name);
  const listed = flows.flatMap((flow) => flow.secrets);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const file of filesOf(errors)) {
    const spans = diagnostics.flatMap(({ span }) => (span?.file === file ? [span] : []));
    const places = spans.map(({ start }) => positionAt(file, start).line - 1);
    const isBroken = errors.some(({ code, span }) => span?.file === file && isOfYaml(code));
    const names = new Set([...listed, ...(isBroken ? named : [])]);
    for (const text of findWrittenSecrets(file, { names, places, isBroken })) secrets.add(text);
  }
  return secrets;
}

function filesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<SourceFile> {
  return new Set(diagnostics.flatMap(({ span }) => (span ? [span.file] : [])));
}

/** Whether a finding is that the file is not YAML as it was meant. */
function isOfYaml(code: string): boolean {
  return code.startsWith('TM0');
}
