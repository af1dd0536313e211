import { createSecrets, type Secrets } from '../../engine/events/secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import { isSecretLike } from '../../util/secret-name.ts';

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
  for (const file of new Set(diagnostics.map(({ span }) => span?.file))) secrets.addPasswords(file?.text ?? '');
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
  return secrets;
}
