import type { ConstantVusExecutor, RampingVusExecutor } from '../../model/load/load-plan.ts';
import { type Slice, WHOLE } from './slice.ts';

/** From then on there are to be so many virtual users. */
export interface VuChange {
  readonly atMs: number;
  readonly vus: number;
}

/** How many virtual users of the slice there are to be when. */
export function* listVuChanges(
  executor: ConstantVusExecutor | RampingVusExecutor,
  slice: Slice = WHOLE,
): Generator<VuChange> {
  let before: number | undefined;
  for (const { atMs, vus: all } of listAll(executor)) {
    const vus = slice.count(all);
    if (vus !== before) yield { atMs, vus };
    before = vus;
  }
}

/** Of all: one more or less at a time, evenly over each stage. */
function* listAll(executor: ConstantVusExecutor | RampingVusExecutor): Generator<VuChange> {
  if (executor.kind === 'constant-vus') {
    yield { atMs: 0, vus: executor.vus };
    return;
  }
  let vus = executor.startVus;
  let startMs = 0;
  yield { atMs: 0, vus };
  for (const { durationMs, target } of executor.stages) {
    const count = Math.abs(target - vus);
    const step = Math.sign(target - vus);
    // A stage that takes no time is a jump.
    if (count > 0 && durationMs === 0) yield { atMs: startMs, vus: target };
    else
      for (let done = 1; done <= count; done++)
        yield { atMs: startMs + (durationMs * done) / count, vus: vus + step * done };
    vus = target;
    startMs += durationMs;
  }
}
