import type { Diagnostic } from '../model/diagnostic.ts';
import type { FlowInputs, Replay, Selection } from '../model/inputs.ts';
import type { FlowPlan, NameRef, StepPlan } from '../model/plan.ts';
import { positionAt } from '../model/source-file.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { BUILTIN_NAMES } from './builtin-names.ts';
import { CODES } from './findings.ts';

export interface SelectOptions {
  /** Ids or addresses, as given with `--only`. */
  readonly ids: readonly string[];
  readonly withSetup: boolean;
  readonly withTeardown: boolean;
}

/** Which steps of a flow `--only` means; a diagnostic for each id that no step has. */
export function selectSteps(
  flow: FlowPlan,
  options: SelectOptions,
): { selection: Selection; diagnostics: readonly Diagnostic[] } {
  const addresses = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const all = [...flow.steps, ...flow.setup, ...flow.teardown];
  for (const id of options.ids) {
    const step =
      all.find((candidate) => candidate.address === id) ??
      all.find((candidate) => candidate.id === id) ??
      findChildOwner(all, id);
    if (step) addresses.add(step.address);
    else diagnostics.push(tellUnknownStep(id, flow, all));
  }
  return { selection: { addresses, withSetup: options.withSetup, withTeardown: options.withTeardown }, diagnostics };
}

/** Values that the chosen steps need and that nothing gives: neither the record, the command line, nor a chosen step. */
export function findMissingValues(
  flow: FlowPlan,
  selection: Selection,
  values: { inputs: FlowInputs; replay: Replay | undefined },
): readonly Diagnostic[] {
  const { inputs, replay } = values;
  const known = new Set<string>([...BUILTIN_NAMES.keys(), 'steps', '$env']);
  for (const layer of [inputs.given, inputs.environment, inputs.envFile, replay?.captures ?? new Map()]) {
    for (const name of layer.keys()) known.add(name);
  }
  for (const { name } of flow.declared) known.add(name);
  const all = [...flow.setup, ...flow.steps, ...flow.teardown];
  for (const step of all) if (replay?.results.has(step.address)) known.add(step.id);
  const missing = new Map<string, Diagnostic>();
  for (const step of all) {
    if (!isChosen(step, selection)) continue;
    for (const ref of step.needs) {
      if (!known.has(ref.name) && !missing.has(ref.name)) missing.set(ref.name, tellMissing(ref, step, all, replay));
    }
    for (const name of [...step.provides, step.id]) known.add(name);
  }
  return [...missing.values()];
}

/** Whether a step runs under a selection. */
export function isChosen(step: StepPlan, selection: Selection): boolean {
  if (selection.addresses.has(step.address)) return true;
  return (step.phase === 'setup' && selection.withSetup) || (step.phase === 'teardown' && selection.withTeardown);
}

/** The step of the flow that a child's address leads into. */
function findChildOwner(steps: readonly StepPlan[], address: string): StepPlan | undefined {
  return steps.find((step) =>
    step.children.some((child) => child.address === address || findChildOwner([child], address) !== undefined),
  );
}

function tellUnknownStep(id: string, flow: FlowPlan, steps: readonly StepPlan[]): Diagnostic {
  const addresses = steps.map((step) => step.address);
  const nearest = findNearest(id, [...addresses, ...steps.map((step) => step.id)]);
  const help = nearest ? `did you mean \`${nearest}\`?` : `the flow has the steps ${listNames(addresses, 20)}`;
  return {
    severity: 'error',
    code: CODES.unknownStep,
    message: `there is no step \`${id}\` in "${flow.name}"`,
    path: flow.file.path,
    help: [help],
  };
}

function tellMissing(
  ref: NameRef,
  reader: StepPlan,
  steps: readonly StepPlan[],
  replay: Replay | undefined,
): Diagnostic {
  const producer = steps.find((step) => step.provides.includes(ref.name)) ?? steps.find((step) => step.id === ref.name);
  const isSecret = replay?.secrets.has(ref.name) ?? false;
  const where = producer
    ? `step \`${producer.address}\` (line ${positionAt(producer.span.file, producer.span.start).line}) ${producer.provides.includes(ref.name) ? 'captures it' : 'makes it'}`
    : 'nothing in this flow makes it';
  const why = isSecret
    ? 'it is a secret, which no record keeps'
    : replay
      ? 'the record of the last run does not have it'
      : 'there is no record of a run of this flow';
  const message = `\`${reader.id}\` needs \`${ref.name}\`, and ${why}; ${where}`;
  const flag = isSecret ? '--secret' : '--var';
  const help = [
    producer ? `run that step too: --only ${producer.address},${reader.address}` : `declare it under \`env:\``,
    `give the value: ${flag} ${ref.name}=…`,
    `run the whole flow once: testmesh run ${reader.span.file.path}`,
  ];
  return { severity: 'error', code: CODES.valueMissing, message, span: ref.span, help };
}
