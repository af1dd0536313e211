import type { NameRef } from '../model/plan.ts';
import type { Span } from '../model/source-file.ts';
import { positionAt } from '../model/source-file.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { BUILTIN_NAMES } from './builtin-names.ts';
import type { PlannedStep } from './context.ts';
import { CODES, type Findings } from './findings.ts';
import type { PlannedFlow } from './plan-flow.ts';

/** A name that exists at some point of a flow, and who makes it. */
interface Producer {
  readonly step: PlannedStep;
  readonly isCapture: boolean;
}

/** Resolves every name of a flow over its data flow: unknown names, use before capture, captures that may be missing or are never used. */
export function checkNames(flow: PlannedFlow, givenNames: ReadonlySet<string>, findings: Findings): void {
  const base = new Set([...BUILTIN_NAMES.keys(), ...givenNames, 'steps', '$env']);
  checkVariables(flow, base, findings);
  for (const variable of flow.declared) base.add(variable.name);
  const ordered = [...flow.setup, ...flow.steps, ...flow.teardown];
  const everything = collectProducers(ordered);
  const scope: Scope = { base, made: new Map(), everything, findings, used: new Set() };
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
  readonly findings: Findings;
  readonly used: Set<string>;
}

function checkVariables(flow: PlannedFlow, base: ReadonlySet<string>, findings: Findings): void {
  const known = new Set(base);
  const declared = new Set(flow.declared.map((variable) => variable.name));
  for (const variable of flow.declared) {
    for (const ref of variable.refs) {
      if (known.has(ref.name)) continue;
      if (declared.has(ref.name)) {
        const message = `\`${ref.name}\` is used above the line that defines it`;
        findings.error(CODES.usedBeforeCapture, message, ref.span, [
          'a value may use the names defined above it: move it up',
        ]);
      } else tellUnknown(ref, known, findings);
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
  warnShadowing(step, scope);
  if (!scope.made.get(step.id)?.isCapture) scope.made.set(step.id, { step, isCapture: false });
  for (const name of step.provides) scope.made.set(name, { step, isCapture: true });
}

function checkRef(ref: NameRef, reader: PlannedStep | undefined, scope: Scope): void {
  scope.used.add(ref.name);
  const producer = scope.made.get(ref.name);
  const later = scope.everything.get(ref.name);
  if (ref.name === 'steps') checkStepsRef(ref, scope);
  else if (producer) warnMaybeSkipped(ref, producer, reader, scope);
  else if (scope.base.has(ref.name)) return;
  else if (later) tellTooEarly(ref, later, reader, scope.findings);
  else tellUnknown(ref, [...scope.base, ...scope.everything.keys()], scope.findings);
}

function checkStepsRef(ref: NameRef, scope: Scope): void {
  const id = ref.path[0];
  if (typeof id !== 'string') return;
  const made = [...scope.made.values()].some((producer) => producer.step.id === id || producer.step.address === id);
  if (made) return;
  const ids = [...scope.everything.values()].map((producer) => producer.step.id);
  if (ids.includes(id)) {
    scope.findings.error(CODES.usedBeforeCapture, `the result of \`${id}\` is used before that step ran`, ref.span);
    return;
  }
  const nearest = findNearest(id, ids);
  scope.findings.error(
    CODES.unknownName,
    `there is no step \`${id}\``,
    ref.span,
    nearest ? [`did you mean \`${nearest}\`?`] : [],
  );
}

function tellTooEarly(ref: NameRef, producer: Producer, reader: PlannedStep | undefined, findings: Findings): void {
  const place = `line ${lineOf(producer.step.span)}`;
  const isSelf = producer.step === reader;
  const message = producer.isCapture
    ? `\`${ref.name}\` is used before it is captured: step \`${producer.step.id}\` (${place}) captures it${isSelf ? ' when it has passed' : ''}`
    : `the result of \`${ref.name}\` is used before that step (${place}) ran`;
  findings.error(CODES.usedBeforeCapture, message, ref.span, [
    isSelf
      ? 'a step sees its own result by its keys, for example `body.id`'
      : 'move the step that uses it behind the one that makes it',
  ]);
}

function tellUnknown(ref: NameRef, known: Iterable<string>, findings: Findings): void {
  const names = [...known];
  const nearest = findNearest(ref.name, names);
  const help = nearest
    ? [`did you mean \`${nearest}\`?`]
    : [`declare it under \`env:\`, capture it with \`output:\`, or pass it with \`--var ${ref.name}=…\``];
  if (!nearest && ref.where === 'assert')
    help.push(`names here are ${listNames(names.filter((name) => !BUILTIN_NAMES.has(name) && !name.startsWith('$')))}`);
  findings.error(CODES.unknownName, `unknown name \`${ref.name}\``, ref.span, help);
}

function warnMaybeSkipped(ref: NameRef, producer: Producer, reader: PlannedStep | undefined, scope: Scope): void {
  const mayBeMissing = producer.isCapture && producer.step.when && !reader?.when && reader?.phase !== 'teardown';
  if (!mayBeMissing || reader === producer.step) return;
  const message = `\`${ref.name}\` is captured by \`${producer.step.id}\`, which its \`when\` may skip`;
  scope.findings.warn(CODES.maybeSkipped, message, ref.span, ['give this step the same `when`']);
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

function lineOf(span: Span): number {
  return positionAt(span.file, span.start).line;
}
