import { isMap, readKey, type Value } from '../../expr/index.ts';
import { COMPANION_ROOTS } from '../../model/companions/companion.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowInputs, Replay, Selection } from '../../model/inputs.ts';
import { readPath } from '../../model/missing-value.ts';
import { toPlainRef } from '../../model/plain-ref.ts';
import type { FlowPlan, NameRef, StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { listPhases, listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import { CODES } from '../read/findings.ts';

/** What a record gives, and what it could not keep. */
export interface RecordedValues extends Replay {
  /** What was too large for it: captures by name, results by address, declared variables by name (secret ones too). */
  readonly omitted?: {
    readonly captures: ReadonlyMap<string, string>;
    readonly results: ReadonlySet<string>;
    readonly variables: ReadonlySet<string>;
  };
}

/** Where values of steps that do not run may come from. */
export interface ValueSources {
  readonly inputs: FlowInputs;
  readonly replay: RecordedValues | undefined;
  /** Why no record was read though there may be one, as the end of a sentence. */
  readonly refusal?: string | undefined;
  /** What else gives values that are missing. */
  readonly help?: readonly string[] | undefined;
  /** Whether a secret was masked in a recorded value. */
  isMasked(value: Value): boolean;
}

/** Values that the chosen steps need and that nothing gives: neither the record, the command line, nor a chosen step. */
export function findMissingValues(flow: FlowPlan, selection: Selection, sources: ValueSources): readonly Diagnostic[] {
  const { replay, refusal, help } = sources;
  const all = listPhases(flow);
  const given = collectGiven(sources.inputs);
  const known = new Set([...given, ...(replay?.captures.keys() ?? [])]);
  for (const { name } of flow.declared) if (!replay?.omitted?.variables.has(name)) known.add(name);
  const results = new Map(
    all.flatMap((step) => {
      const result = replay?.results.get(step.address);
      return result === undefined ? [] : [step.id, step.address].map((word) => [word, { step, result }] as const);
    }),
  );
  const isThere = ({ name, path }: NameRef): boolean => {
    if (known.has(name)) return true;
    const made = results.get(name);
    if (!made) return false;
    const { step, result } = made;
    if (isCaptureOf(step, result, path)) return replay?.capturesAt?.get(step.address)?.has(path[0]) ?? false;
    return !sources.isMasked(readPath(result, path));
  };
  const missing = new Map<string, Diagnostic>();
  for (const { step, needs, made } of all.flatMap((one) => listChosen(one, selection, replay))) {
    for (const ref of needs.map(toPlainRef)) {
      if (!isThere(ref) && !missing.has(ref.name))
        missing.set(ref.name, describeMissing(ref, step, { all, replay, refusal, help, isOnly: !selection.isRange }));
    }
    for (const name of made) known.add(name);
  }
  return [...missing.values()];
}

/** A chosen step with the names that it takes from outside of what is known around it. */
interface ChosenStep {
  readonly step: StepPlan;
  readonly needs: readonly NameRef[];
  /** Names that it gives to those behind it. */
  readonly made: readonly string[];
}

function listChosen(step: StepPlan, selection: Selection, replay: RecordedValues | undefined): readonly ChosenStep[] {
  // What undoes a range has nothing to do where a value is missing.
  if (selection.skipped?.has(step.address) || (selection.isRange && step.phase === 'teardown')) return [];
  if (isChosen(step, selection)) return [{ step, needs: step.needs, made: [...step.provides, step.id, step.address] }];
  const inside = step.children.flatMap((child) => listChosen(child, selection, replay));
  if (inside.length === 0) return [];
  const { action, calls, ownNeeds = [] } = step;
  // A loop and a call run around their chosen steps, with their settings.
  const own = action.control?.binds || calls ? ownNeeds.filter(({ where }) => where === 'config') : [];
  const known = new Set([...(step.bindings ?? []), ...listRecordedBelow(step.address, replay)]);
  const isKnown = ({ name }: NameRef): boolean => calls !== undefined || known.has(name);
  return [
    { step, needs: own, made: [] },
    ...inside.map((one) => ({ ...one, needs: one.needs.filter((need) => !isKnown(need)) })),
  ];
}

/** Names that steps right below a control left in the record, in whichever round. */
function listRecordedBelow(address: string, replay: RecordedValues | undefined): readonly string[] {
  const names: string[] = [];
  for (const at of replay?.results.keys() ?? []) {
    const planAddress = toPlanAddress(at);
    if (planAddress.startsWith(`${address}>`)) names.push(planAddress.slice(planAddress.lastIndexOf('>') + 1));
  }
  for (const [at, captured] of replay?.capturesAt ?? []) {
    if (toPlanAddress(at).startsWith(`${address}>`)) names.push(...captured.keys());
  }
  return names;
}

/** Whether a step runs under a selection. */
function isChosen(step: StepPlan, selection: Selection): boolean {
  if (selection.skipped?.has(step.address)) return false;
  for (const address of selection.addresses) {
    if (address === step.address || toPlanAddress(address) === step.address) return true;
  }
  // What stands inside a control runs with setup or teardown when the control does.
  if (step.address.includes('>')) return false;
  return (step.phase === 'setup' && selection.withSetup) || (step.phase === 'teardown' && selection.withTeardown);
}

function collectGiven(inputs: FlowInputs): readonly string[] {
  const layers = [inputs.given, inputs.row, inputs.environment, inputs.envFile];
  return [
    ...BUILTIN_NAMES.keys(),
    'steps',
    '$env',
    ...Object.values(COMPANION_ROOTS),
    'mocks',
    ...(inputs.sharedNames ?? []),
    ...layers.flatMap((layer) => [...(layer?.keys() ?? [])]),
  ];
}

/** Whether what follows a step's id is what the step captures: the keys of its result come first. */
function isCaptureOf(
  { output }: StepPlan,
  result: Value,
  path: NameRef['path'],
): path is readonly [string, ...(string | number)[]] {
  const isKey = isMap(result) && readKey(result, String(path[0])) !== undefined;
  return !isKey && output.some(({ name }) => name === path[0]);
}

function describeMissing(
  ref: NameRef,
  reader: StepPlan,
  flow: { readonly all: readonly StepPlan[]; readonly isOnly: boolean } & Pick<
    ValueSources,
    'replay' | 'refusal' | 'help'
  >,
): Diagnostic {
  const { replay, refusal } = flow;
  const all = [...flow.all, ...listSteps(flow.all)];
  const producer =
    all.find((step) => step.provides.includes(ref.name)) ??
    all.find((step) => step.id === ref.name || step.address === ref.name);
  const isCapture = producer?.provides.includes(ref.name) ?? false;
  const isMaskedResult = producer !== undefined && !isCapture && (replay?.results.has(producer.address) ?? false);
  const name = isMaskedResult ? [ref.name, ...ref.path].join('.') : ref.name;
  const isSecret = isMaskedResult || (replay?.secrets.has(ref.name) ?? false);
  const where = producer
    ? `step \`${producer.address}\` (line ${positionAt(producer.span.file, producer.span.start).line}) ${isCapture ? 'captures it' : 'makes it'}`
    : 'no step of this flow makes it';
  const message = `\`${reader.id}\` needs \`${name}\`, but ${whyMissing(ref.name, producer, { isSecret, replay, refusal })}; ${where}`;
  const help = [
    ...(producer && flow.isOnly ? [`run that step too: --only ${producer.address},${reader.address}`] : []),
    ...(flow.help ?? []),
    isMaskedResult
      ? describeOwnName(ref, producer)
      : `give the value: ${isSecret ? '--secret' : '--var'} ${ref.name}=…`,
    `run the whole flow once: testmesh run ${reader.span.file.path}`,
  ];
  return { severity: 'error', code: CODES.valueMissing, message, span: ref.span, help };
}

/** How a secret part of a result gets a name that `--secret` can give. */
function describeOwnName({ path }: NameRef, { output }: StepPlan): string {
  const capture = output.find(({ name }) => name === path[0])?.name;
  return capture === undefined
    ? `capture it under a name of its own, which --secret can give: output: {${path.at(-1)}: {path: …, secret: true}}`
    : `write \`${capture}\` without the id of its step: --secret can give that name`;
}

function whyMissing(
  name: string,
  producer: StepPlan | undefined,
  { isSecret, replay, refusal }: { readonly isSecret: boolean } & Pick<ValueSources, 'replay' | 'refusal'>,
): string {
  if (isSecret) return 'it is a secret, which no record keeps';
  if (refusal !== undefined) return refusal;
  if (!replay) return 'there is no record of a run of this flow';
  const { captures, results, variables } = replay.omitted ?? {};
  const isTooLarge = captures?.has(name) || variables?.has(name) || (producer && results?.has(producer.address));
  return isTooLarge
    ? `run ${replay.runId} left it out of its record, since it is too large or secret`
    : 'the record of the last run does not have it';
}
