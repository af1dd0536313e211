import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { listProvided, type NameScope } from './name-scope.ts';
import { isLoop, writeCarry } from './round-refs.ts';

/** Warns of what a round reads from outside of its loop and captures itself: what it captured does not reach the next round. */
export function warnSameEachRound(loop: PlannedStep, steps: readonly PlannedStep[], scope: NameScope): void {
  const { findings } = scope.record;
  warnNeverCaptured(loop, findings);
  const captured = new Set(steps.flatMap((step) => [...listProvided(step).keys()]));
  const settled = new Set(loop.bindings);
  for (const step of steps) {
    for (const ref of step.needs) {
      const { name } = ref;
      if (settled.has(name) || !captured.has(name) || BUILTIN_NAMES.has(name) || !isFromOutside(name, scope)) continue;
      settled.add(name);
      const message = `\`${name}\` is the same in each round of \`${loop.id}\`: what a round captures under it does not reach the next one`;
      findings.warn(CODES.sameEachRound, message, ref.span, [writeCarry(loop, `${name}: "{{${name}}}"`)]);
    }
    for (const name of listProvided(step).keys()) settled.add(name);
  }
}

function isFromOutside(name: string, { made, base, loops }: NameScope): boolean {
  // What a loop around hands on is its own to say.
  if (loops.some((loop) => isLoop(loop.action) && loop.bindings.includes(name))) return false;
  return made.get(name)?.isCapture === true || base.has(name);
}

/** Warns of what is handed on and never changes, and reports what a loop around has under the same name. */
function warnNeverCaptured({ id, action, bindings, children, config }: PlannedStep, findings: Findings): void {
  if (!action.control?.rounds || children.some(({ isBroken }) => isBroken)) return;
  const captured = new Set(children.flatMap(({ provides }) => provides));
  for (const name of bindings) {
    if (captured.has(name) || !/^\w+$/.test(name)) continue;
    const message = `\`${name}\` is carried, and no step of \`${id}\` captures it: it keeps its first value`;
    findings.warn(CODES.sameEachRound, message, config.spanAt(['carry', name]), [
      `capture it in a step of the rounds, as in \`output: {${name}: $.body.${name}}\`, or leave it out`,
    ]);
  }
}

/** Reports names that a loop hands on, and that a loop around it hides. */
export function reportHiddenCarry(loop: PlannedStep, { loops, record }: NameScope): void {
  if (!loop.action.control?.rounds) return;
  for (const name of loop.bindings) {
    const around = loops.findLast(({ action, bindings }) => !action.control?.rounds && bindings.includes(name));
    if (!around) continue;
    const message = `\`${name}\` is the name that \`${around.id}\` around gives its steps: it cannot be carried too`;
    record.findings.error(CODES.loopName, message, loop.config.spanAt(['carry', name]), [
      'give one of the two another name',
    ]);
  }
}
