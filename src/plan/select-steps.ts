import { isList, isMap, readKey, type Value } from '../expr/index.ts';
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
  /** Whether a secret was masked in a recorded value. */
  isMasked(value: Value): boolean;
}

/** Values that the chosen steps need and that nothing gives: neither the record, the command line, nor a chosen step. */
export function findMissingValues(flow: FlowPlan, selection: Selection, sources: ValueSources): readonly Diagnostic[] {
  const { replay } = sources;
  const all = [...flow.setup, ...flow.steps, ...flow.teardown];
  const given = collectGiven(sources.inputs);
  const known = new Set([...given, ...(replay?.captures.keys() ?? [])]);
  for (const { name } of flow.declared) if (!replay?.omitted?.variables.has(name)) known.add(name);
  const results = new Map(
    all.flatMap((step) => {
      const result = replay?.results.get(step.address);
      return result === undefined ? [] : [[step.id, result] as const];
    }),
  );
  const isThere = ({ name, path }: NameRef): boolean => {
    if (known.has(name)) return true;
    const result = results.get(name);
    return result !== undefined && !sources.isMasked(readPath(result, path));
  };
  const missing = new Map<string, Diagnostic>();
  for (const step of all) {
    if (!isChosen(step, selection)) continue;
    for (const ref of step.needs.map(toPlainRef)) {
      if (!isThere(ref) && !missing.has(ref.name)) missing.set(ref.name, tellMissing(ref, step, { all, replay }));
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

function collectGiven(inputs: FlowInputs): readonly string[] {
  const layers = [inputs.given, inputs.environment, inputs.envFile];
  return [...BUILTIN_NAMES.keys(), 'steps', '$env', ...layers.flatMap((layer) => [...layer.keys()])];
}

/** `steps["create-user"].body.id` as the name it stands for: `create-user`, and what follows. */
function toPlainRef(ref: NameRef): NameRef {
  const [id, ...path] = ref.path;
  return ref.name === 'steps' && typeof id === 'string' ? { ...ref, name: id, path } : ref;
}

/** The part of a value that a path leads to; the whole of what is there when it leads no further. */
function readPath(value: Value, path: readonly (string | number)[]): Value {
  let part = value;
  for (const key of path) {
    const next = isMap(part)
      ? readKey(part, String(key))
      : isList(part) && typeof key === 'number'
        ? part[key]
        : undefined;
    if (next === undefined) return part;
    part = next;
  }
  return part;
}

function tellMissing(
  ref: NameRef,
  reader: StepPlan,
  flow: { all: readonly StepPlan[]; replay: RecordedValues | undefined },
): Diagnostic {
  const { all, replay } = flow;
  const producer = all.find((step) => step.provides.includes(ref.name)) ?? all.find((step) => step.id === ref.name);
  const isCapture = producer?.provides.includes(ref.name) ?? false;
  const isMaskedResult = producer !== undefined && !isCapture && (replay?.results.has(producer.address) ?? false);
  const name = isMaskedResult ? [ref.name, ...ref.path].join('.') : ref.name;
  const isSecret = isMaskedResult || (replay?.secrets.has(ref.name) ?? false);
  const where = producer
    ? `step \`${producer.address}\` (line ${positionAt(producer.span.file, producer.span.start).line}) ${isCapture ? 'captures it' : 'makes it'}`
    : 'no step of this flow makes it';
  const message = `\`${reader.id}\` needs \`${name}\`, and ${whyMissing(ref.name, producer, { isSecret, replay })}; ${where}`;
  const help = [
    ...(producer ? [`run that step too: --only ${producer.address},${reader.address}`] : []),
    isMaskedResult
      ? `capture it under a name of its own, which --secret can give: output: {${ref.path.at(-1)}: {path: …, secret: true}}`
      : `give the value: ${isSecret ? '--secret' : '--var'} ${ref.name}=…`,
    `run the whole flow once: testmesh run ${reader.span.file.path}`,
  ];
  return { severity: 'error', code: CODES.valueMissing, message, span: ref.span, help };
}

function whyMissing(
  name: string,
  producer: StepPlan | undefined,
  { isSecret, replay }: { isSecret: boolean; replay: RecordedValues | undefined },
): string {
  if (isSecret) return 'it is a secret, which no record keeps';
  if (!replay) return 'there is no record of a run of this flow';
  const { captures, results, variables } = replay.omitted ?? {};
  const isTooLarge = captures?.has(name) || variables?.has(name) || (producer && results?.has(producer.address));
  return isTooLarge
    ? `run ${replay.runId} left it out of its record, for it is too large or secret`
    : 'the record of the last run does not have it';
}
