import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import type { NameScope } from './name-scope.ts';

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
