import type { CapturePlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { listCompanionRoots } from './check-companion-use.ts';
import type { NameRecord, NameScope } from './name-scope.ts';

/** Warns of assertions that name a variable which a key of the step's result hides: they judge something else than is meant. */
export function warnHidden(step: PlannedStep, { base, made, record }: NameScope): void {
  if (step.assert.length === 0) return;
  // What the step itself was given under a name is meant by it.
  const isVariable = (name: string): boolean =>
    !step.ownProvides.includes(name) &&
    (made.get(name)?.isCapture === true || (base.has(name) && !BUILTIN_NAMES.has(name)));
  const warned = new Set<string>();
  for (const { expression, text } of step.assert) {
    for (const { name, offset, length } of expression.names) {
      if (!step.resultKinds.has(name) || warned.has(name) || !isVariable(name)) continue;
      warned.add(name);
      const message = `\`${name}\` is a key of the result here, which hides the variable of that name`;
      record.findings.warn(CODES.shadowedName, message, text.locate(offset, length), [
        'give the variable another name, and write that where it is meant',
      ]);
    }
  }
}

/** Warns of captures that have the name of something else. */
export function warnShadowing(step: PlannedStep, { findings, companions }: NameRecord): void {
  if (step.output.length === 0) return;
  const roots = listCompanionRoots(companions);
  for (const capture of step.output) {
    const shadows =
      BUILTIN_NAMES.has(capture.name) || roots.includes(capture.name)
        ? 'a built-in name'
        : step.resultKinds.has(capture.name)
          ? 'a key of the result'
          : undefined;
    if (!shadows || (shadows === 'a key of the result' && isThatKey(capture))) continue;
    reportShadow(capture.name, shadows, capture.span, findings);
  }
}

/** Whether a capture is the key of its name, as it is: then there is nothing to hide. */
function isThatKey({ name, text }: CapturePlan): boolean {
  const source = text.text.trim();
  return source === name || source === `$.${name}`;
}

/** Reports a variable whose name hides something else. */
export function reportShadow(name: string, what: string, span: Span, findings: Findings): void {
  const message = `the variable \`${name}\` has the name of ${what}`;
  findings.warn(CODES.shadowedName, message, span, ['another name keeps both in reach']);
}
