import { createSecrets } from '../../engine/events/secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';

/** Makes what masks the secrets in findings, whose excerpts show the file's own lines: those that flows, flags and the findings themselves name. */
export function createMask(
  flows: readonly FlowPlan[],
  inputs: GivenInputs,
  diagnostics: readonly Diagnostic[],
): (text: string) => string {
  const secrets = createSecrets();
  const addGiven = (given: GivenValue | undefined): void => secrets.add(given?.text ?? given?.value ?? null);
  for (const given of inputs.given.values()) if (given.isSecret) addGiven(given);
  const found = new Set(diagnostics.filter(({ code }) => code === CODES.literalSecret).map(({ span }) => span));
  for (const flow of flows) {
    for (const { name, literal, span } of flow.declared) {
      if (flow.secrets.includes(name) || found.has(span)) secrets.add(literal ?? null);
    }
    for (const name of flow.secrets) {
      addGiven(inputs.given.get(name));
      addGiven(inputs.envFile.get(name));
      secrets.add(inputs.processEnv[name] ?? null);
    }
  }
  return (text) => secrets.maskText(text);
}
