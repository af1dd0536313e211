import type { NameRef } from '../model/plan.ts';
import { BUILTIN_NAMES } from './builtin-names.ts';
import type { PlannedStep } from './context.ts';
import { CODES, type Findings } from './findings.ts';
import {
  findDashedStep,
  type Producer,
  tellDashedStep,
  tellNoStep,
  tellTooEarly,
  tellUnknown,
  tellUnknownVariable,
} from './name-findings.ts';
import type { PlannedFlow } from './plan-flow.ts';

/** Resolves every name of a flow over its data flow: unknown names, use before capture, captures that may be missing or are never used. */
export function checkNames(flow: PlannedFlow, givenNames: ReadonlySet<string>, findings: Findings): void {
  const base = new Set([...BUILTIN_NAMES.keys(), ...givenNames, 'steps', '$env']);
  checkVariables(flow, base, findings);
  for (const variable of flow.declared) base.add(variable.name);
  const ordered = [...flow.setup, ...flow.steps, ...flow.teardown];
  const scope: Scope = {
    base,
    made: new Map(),
    everything: collectProducers(ordered),
    ids: new Set(ordered.map((step) => step.id)),
    addresses: new Set(ordered.flatMap((step) => [step.id, step.address])),
    isPartial: flow.isPartial,
    findings,
    used: new Set(),
    told: new Set(),
  };
  for (const step of ordered) checkStep(step, scope);
  for (const ref of flow.refs) checkRef(ref, undefined, scope);
  warnUnusedCaptures(ordered, scope);
}

interface Scope {
  readonly base: ReadonlySet<string>;
  /** Names made by the steps so far. */
  readonly made: Map<string, Producer>;
  /** Names made by any step, the first maker of each. */
  readonly everything: ReadonlyMap<string, Producer>;
  readonly ids: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Whether names may be declared that could not be read: then one without a near name is not told. */
  readonly isPartial: boolean;
  readonly findings: Findings;
  readonly used: Set<string>;
  /** Unknown names by the line that they stand in: each is told once. */
  readonly told: Set<string>;
}

function checkVariables(flow: PlannedFlow, base: ReadonlySet<string>, findings: Findings): void {
  const known = new Set(base);
  const declared = new Set(flow.declared.map((variable) => variable.name));
  for (const variable of flow.declared) {
    for (const ref of variable.refs) {
      if (known.has(ref.name)) continue;
      if (declared.has(ref.name) || !flow.isPartial)
        tellUnknownVariable(ref, variable.name, { known, declared }, findings);
    }
    known.add(variable.name);
  }
}

function collectProducers(steps: readonly PlannedStep[]): Map<string, Producer> {
  const producers = new Map<string, Producer>();
  for (const step of steps) {
    for (const name of step.provides) if (!producers.has(name)) producers.set(name, { step, isCapture: true });
    if (!producers.has(step.id)) producers.set(step.id, { step, isCapture: false });
  }
  return producers;
}

function checkStep(step: PlannedStep, scope: Scope): void {
  const ownNames = new Set(step.children.flatMap((child) => [child.id, ...child.provides]));
  for (const ref of step.needs) if (!ownNames.has(ref.name)) checkRef(ref, step, scope);
  for (const { id, span } of listMentions(step)) {
    if (!scope.addresses.has(id)) tellNoStep(id, span, scope.ids, scope.findings);
  }
  warnShadowing(step, scope);
  if (!scope.made.get(step.id)?.isCapture) scope.made.set(step.id, { step, isCapture: false });
  for (const name of step.provides) scope.made.set(name, { step, isCapture: true });
}

function listMentions(step: PlannedStep): PlannedStep['mentions'] {
  return [...step.mentions, ...step.children.flatMap(listMentions)];
}

function checkRef(ref: NameRef, reader: PlannedStep | undefined, scope: Scope): void {
  scope.used.add(ref.name);
  const producer = scope.made.get(ref.name);
  const later = scope.everything.get(ref.name);
  if (ref.name === 'steps') checkStepsRef(ref, scope);
  else if (producer) warnMaybeSkipped(ref, producer, reader, scope);
  else if (scope.base.has(ref.name)) return;
  else if (later) tellTooEarly(ref, later, reader, scope.findings);
  else checkUnknown(ref, scope);
}

function checkUnknown(ref: NameRef, scope: Scope): void {
  const { file, start } = ref.span;
  const line = `${file.text.lastIndexOf('\n', start)} ${ref.name}`;
  if (scope.told.has(line)) return;
  scope.told.add(line);
  const dashed = findDashedStep(ref, scope.ids);
  if (dashed) {
    for (const word of dashed.id.split('-')) scope.told.add(`${file.text.lastIndexOf('\n', start)} ${word}`);
    tellDashedStep(dashed, scope.findings);
    return;
  }
  const known = [...scope.base, ...scope.everything.keys()];
  tellUnknown(ref, { known, isPartial: scope.isPartial }, scope.findings);
}

function checkStepsRef(ref: NameRef, scope: Scope): void {
  const id = ref.path[0];
  if (typeof id !== 'string') return;
  const made = [...scope.made.values()].some((producer) => producer.step.id === id || producer.step.address === id);
  if (made) return;
  const { file, start, end } = ref.span;
  const at = file.text.indexOf(id, end);
  // The id stands right behind: `steps['id']`, `steps.id`.
  const span = at === -1 || at - end > 4 ? ref.span : { file, start: at, end: at + id.length };
  if (!scope.addresses.has(id)) tellNoStep(id, span, scope.ids, scope.findings);
  else {
    const message = `the result of \`${id}\` is used before that step ran`;
    scope.findings.error(CODES.usedBeforeCapture, message, { file, start, end: span.end }, [
      'move the step that uses it behind the one that makes it',
    ]);
  }
}

function warnMaybeSkipped(ref: NameRef, producer: Producer, reader: PlannedStep | undefined, scope: Scope): void {
  const mayBeMissing = producer.isCapture && producer.step.when && !reader?.when && reader?.phase !== 'teardown';
  if (!mayBeMissing || reader === producer.step) return;
  const message = `\`${ref.name}\` is captured by \`${producer.step.id}\`, which its \`when\` may skip`;
  scope.findings.warn(CODES.maybeSkipped, message, ref.span, reader ? ['give this step the same `when`'] : []);
}

function warnShadowing(step: PlannedStep, scope: Scope): void {
  for (const capture of step.output) {
    const shadows = BUILTIN_NAMES.has(capture.name)
      ? 'a built-in name'
      : step.resultNames.has(capture.name)
        ? 'a key of the result'
        : undefined;
    if (!shadows) continue;
    const message = `the variable \`${capture.name}\` has the name of ${shadows}`;
    scope.findings.warn(CODES.shadowedName, message, capture.span, ['another name keeps both in reach']);
  }
}

function warnUnusedCaptures(ordered: readonly PlannedStep[], scope: Scope): void {
  if (scope.used.has('$env')) return;
  for (const step of ordered) {
    for (const capture of step.output) {
      if (scope.used.has(capture.name)) continue;
      const message = `nobody uses \`${capture.name}\``;
      scope.findings.warn(CODES.unusedCapture, message, capture.span, [
        "remove the line, or name it in the flow's `output:`",
      ]);
    }
  }
}
