import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { DeclaredVariable, FlowPlan } from '../../model/plan.ts';
import { isShellName } from '../read/builtin-names.ts';
import { CODES } from '../read/findings.ts';

/** Variables that a flow leaves to the outside (`K: "${K}"`) and that nothing gives; `others` gives them too: a call, a row. */
export function findOutsideValues(
  flow: FlowPlan,
  { given, environment, envFile, sharedNames }: FlowInputs,
  others?: { has(name: string): boolean },
): readonly Diagnostic[] {
  const known = new Set<string>();
  return flow.declared.flatMap((variable) => {
    const { name, isOutside } = variable;
    const isGiven =
      known.has(name) || [given, environment, envFile, sharedNames, others].some((layer) => layer?.has(name));
    known.add(name);
    return isOutside && !isGiven ? [describeMissing(variable)] : [];
  });
}

function describeMissing({ name, span }: DeclaredVariable): Diagnostic {
  const help = isShellName(name)
    ? `every shell has \`${name}\`, so it is not read automatically: write \`${name}: "{{env('${name}')}}"\` under another name`
    : `set \`${name}\` in the shell, or give it with \`--var ${name}=…\`, \`--secret ${name}=…\` or \`--env-file\``;
  const message = `\`${name}\` comes from outside the flow, but nothing gives it`;
  return { severity: 'error', code: CODES.outsideValue, message, span, help: [help] };
}
