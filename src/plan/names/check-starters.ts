import { positionAt } from '../../model/source-file.ts';
import { listPhases, listSteps, ownChildren, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import type { CalledFlow, PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

/** Checks that what a setting names by a step's id is what a step of the right action has started by then. */
export function checkStarters(flow: Pick<CalledFlow, 'setup' | 'steps' | 'teardown'>, findings: Findings): void {
  const listed = listPhases(flow);
  // Where steps stand in one that repeats them or runs them side by side, any of them may be first.
  const places = listed.flatMap((top, place) =>
    listSteps([top], ownChildren).map((step): readonly [PlannedStep, number] => [step, place]),
  );
  const placeOf = new Map(places);
  for (const step of listSteps(listed, ownChildrenAndCleanups))
    for (const mention of step.mentions)
      if (mention.kind === 'stub' || mention.kind === 'proxy') checkStarter(step, mention, { placeOf, findings });
}

function checkStarter(
  step: PlannedStep,
  { id, kind, span, check }: PlannedStep['mentions'][number],
  { placeOf, findings }: { placeOf: ReadonlyMap<PlannedStep, number>; findings: Findings },
): void {
  const named = [...placeOf.keys()].filter((one) => one.id === id);
  const [first, ...more] = named.filter(({ action }) => action.result.started === kind);
  if (first === undefined) {
    const [other] = named;
    if (other === undefined || other.isBroken) return;
    const message = `\`${id}\` starts no ${kind}: its action is \`${other.action.name}\``;
    findings.error(CODES.unknownName, message, span, [`a ${kind} is named by the id of the step that starts it`]);
    return;
  }
  const place = placeOf.get(step);
  const isLater = [first, ...more].every((one) => place !== undefined && place < (placeOf.get(one) ?? 0));
  if (isLater) {
    const { line } = positionAt(first.span.file, first.span.start);
    const message = `the ${kind} \`${id}\` is used before its step (line ${line}) has started it`;
    findings.error(CODES.usedBeforeCapture, message, span, [`move \`${id}\` before this step, or into \`setup\``]);
    return;
  }
  if (more.length > 0) return;
  for (const finding of check?.(first.authored) ?? [])
    findings.error(finding.code, finding.message, step.config.spanAt(finding.path), finding.help);
}
