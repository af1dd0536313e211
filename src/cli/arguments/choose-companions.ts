import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { type CompanionKind, describeCompanion, keyOfCompanion } from '../../model/companions/companion.ts';
import type { CompanionUse } from '../../model/companions/companion-use.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findOutsideValues } from '../../plan/select/outside-values.ts';
import type { Project } from './find-project.ts';

export interface ChosenCompanions {
  /** Those to be started, each behind those that it needs. */
  readonly companions: readonly ProjectCompanion[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Chooses what flows name of testmesh.yaml, directly or through their variables, and what that needs; all, or none, where a flag says so. */
export function chooseCompanions(
  { companions, known }: Project,
  runs: readonly FlowRun[],
  { wanted, inputs }: { wanted: 'all' | 'none' | undefined; inputs: GivenInputs },
): ChosenCompanions {
  if (wanted === 'all') return choose(companions, inputs);
  const mocks = known?.mocks ?? new Map<string, boolean>();
  const uses = runs.flatMap(listUses).filter(({ kind, name = '' }) => kind !== 'stub' || mocks.get(name) !== false);
  if (wanted === 'none') return { companions: [], diagnostics: uses.map(describeMissing) };
  // The stub of a service that is mocked stands in for it.
  const kindOf = (use: CompanionUse): CompanionKind =>
    use.kind === 'service' && mocks.get(use.name ?? '') ? 'stub' : use.kind;
  const keys = uses.flatMap((use) =>
    use.name === undefined
      ? companions.filter(({ kind }) => kind === use.kind).map(keyOfCompanion)
      : [keyOfCompanion({ kind: kindOf(use), name: use.name })],
  );
  return choose(withNeeds(companions, keys), inputs);
}

/** Those with these keys and all that they need or ask, in order. */
export function withNeeds(
  companions: readonly ProjectCompanion[],
  keys: Iterable<string>,
): readonly ProjectCompanion[] {
  const byKey = new Map(companions.map((one) => [keyOfCompanion(one), one]));
  const wanted = new Set<string>();
  const add = (key: string): void => {
    if (wanted.has(key)) return;
    wanted.add(key);
    const { needs = [], asks = [] } = byKey.get(key) ?? {};
    for (const one of [...needs, ...asks]) add(one);
  };
  for (const key of keys) add(key);
  return companions.filter((one) => wanted.has(keyOfCompanion(one)));
}

function choose(companions: readonly ProjectCompanion[], inputs: GivenInputs): ChosenCompanions {
  return { companions, diagnostics: findMissing(companions, inputs) };
}

/** The values from outside that are missing: only what is started needs its own. */
export function findMissing(companions: readonly ProjectCompanion[], given: GivenInputs): readonly Diagnostic[] {
  return companions.flatMap((one) => {
    if (one.kind === 'service') return one.missing;
    const { inputs, diagnostics } = resolveInputs(one.flow, given);
    return [...one.missing, ...diagnostics, ...findOutsideValues(one.flow, inputs)];
  });
}

function listUses({ plan, inputs, inputsOf }: FlowRun): readonly CompanionUse[] {
  const called = listCalledFlows(plan).flatMap(({ flow, inputs: given }) =>
    listOwnUses(flow, inputsOf?.(flow) ?? inputs, given),
  );
  return [...listOwnUses(plan, inputs, inputs.row), ...called];
}

/** But for those in variables that something else sets: the same flow runs against another service by environment alone. */
function listOwnUses(
  { companionUses = [] }: FlowPlan,
  { given, environment, envFile }: FlowInputs,
  others: { has(name: string): boolean } | undefined,
): readonly CompanionUse[] {
  const layers = [given, environment, envFile, others];
  return companionUses.filter(
    ({ variable }) => variable === undefined || !layers.some((layer) => layer?.has(variable)),
  );
}

function describeMissing({ kind, name = 'any', span, variable }: CompanionUse): Diagnostic {
  return {
    severity: 'error',
    code: CODES.unknownService,
    message: `${describeCompanion({ kind, name })} does not run with \`--services none\``,
    span,
    help: [
      variable === undefined
        ? 'leave the flag out, or give the address in a variable that `--var` or the environment sets'
        : `leave the flag out, or set \`${variable}\` with \`--var ${variable}=…\` or in the environment`,
    ],
  };
}
