import type { StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';
import type { RanStep } from './run-list.ts';
import type { RunsSteps } from './runs-steps.ts';
import type { Frame } from './step-types.ts';

type Watches = readonly StepPlan[];

/** Prepares what watches right before what it watches begins; gives whether all went well: what did not comes out when they are judged. */
export async function armWatches(
  { preparer }: Pick<RunsSteps, 'preparer'>,
  watches: Watches,
  frameOf: (watch: StepPlan) => Frame,
): Promise<boolean> {
  let areReady = true;
  for (const watch of watches) if (!(await preparer.prepareNow(watch, frameOf(watch)))) areReady = false;
  return areReady;
}

/** Lets what watches judge; not where everything is to end. */
export async function judgeWatches(
  runner: Pick<RunsSteps, 'run'>,
  watches: Watches,
  { stop, frameOf }: { readonly stop: Stop; readonly frameOf: (watch: StepPlan) => Frame },
): Promise<readonly RanStep[]> {
  const ends: RanStep[] = [];
  for (const step of watches) if (!stop.asked) ends.push({ step, end: await runner.run(step, frameOf(step)) });
  return ends;
}

/** Where what watches a step stands: below it. */
export function placeWatch({ id }: StepPlan, frame: Frame): Frame {
  const { address: parent, depth, role = 'watch' } = frame.position;
  const position = { address: `${parent}/${id}`, parent, depth: depth + 1, role };
  return { ...frame, position, stream: `${frame.stream}/${id}`, captures: undefined };
}
