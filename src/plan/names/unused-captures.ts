import type { PlannedStep } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import type { NameRecord } from './name-scope.ts';

/** Warns of captures that nothing reads. */
export function warnUnusedCaptures(steps: readonly PlannedStep[], { used, findings }: NameRecord): void {
  if (used.has('$env')) return;
  // What a `wait_until` does again and again captures for its condition, which knows it as the result.
  const inWaits = new Set(steps.flatMap(({ action, children }) => (action.control?.joinsResults ? children : [])));
  for (const step of steps) {
    for (const capture of step.output) {
      if (used.has(capture.name) || inWaits.has(step)) continue;
      const message = `\`${capture.name}\` is never used`;
      findings.warn(CODES.unusedCapture, message, capture.span, [
        "remove the line, or name it in the flow's `output:`",
      ]);
    }
  }
}
