import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { FlowPlan, ServiceUse } from '../../model/plan.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';

export interface ChosenServices {
  /** Those to be started, each behind those that it needs. */
  readonly services: readonly ServicePlan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Chooses the services that flows name, directly or through their variables, and those that these need; all, or none, where a flag says so. */
export function chooseServices(
  services: readonly ServicePlan[],
  runs: readonly FlowRun[],
  wanted: 'all' | 'none' | undefined,
): ChosenServices {
  if (wanted === 'all') return choose(services);
  const uses = runs.flatMap(listUses);
  if (wanted === 'none') return { services: [], diagnostics: describeMissing(uses) };
  const names = new Set(
    uses.flatMap(({ service }) => (service === undefined ? services.map(({ name }) => name) : [service])),
  );
  // What is needed stands before what needs it.
  for (const { name, needs } of services.toReversed()) if (names.has(name)) for (const need of needs) names.add(need);
  return choose(services.filter(({ name }) => names.has(name)));
}

/** Only what is started needs its values from outside. */
function choose(services: readonly ServicePlan[]): ChosenServices {
  return { services, diagnostics: services.flatMap(({ missing }) => missing) };
}

function listUses({ plan, inputs, inputsOf }: FlowRun): readonly ServiceUse[] {
  const called = listCalledFlows(plan).flatMap(({ flow, inputs: given }) =>
    listOwnUses(flow, inputsOf?.(flow) ?? inputs, given),
  );
  return [...listOwnUses(plan, inputs, inputs.row), ...called];
}

/** But for those in variables that something else sets: the same flow runs against another service by environment alone. */
function listOwnUses(
  { serviceUses = [] }: FlowPlan,
  { given, environment, envFile }: FlowInputs,
  others: { has(name: string): boolean } | undefined,
): readonly ServiceUse[] {
  const layers = [given, environment, envFile, others];
  return serviceUses.filter(({ variable }) => variable === undefined || !layers.some((layer) => layer?.has(variable)));
}

function describeMissing(uses: readonly ServiceUse[]): readonly Diagnostic[] {
  return uses.map(({ service = 'any', span, variable }) => ({
    severity: 'error',
    code: CODES.unknownService,
    message: `service \`${service}\` does not run with \`--services none\``,
    span,
    help: [
      variable === undefined
        ? 'leave the flag out, or give the address in a variable that `--var` or the environment sets'
        : `leave the flag out, or set \`${variable}\` with \`--var ${variable}=…\` or in the environment`,
    ],
  }));
}
