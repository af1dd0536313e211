import type {
  ConstantVusExecutor,
  IterationsExecutor,
  RampingVusExecutor,
  ScenarioPlan,
} from '../../model/load/load-plan.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { lengthOf, mostVusOf, sharedIterationsOf } from '../executors/extent.ts';
import { listVuChanges } from '../executors/vu-changes.ts';
import { letOthersIn, type ScenarioIo, waitUntil } from './scenario-io.ts';
import { UserLoop } from './user-loop.ts';

/** As many virtual users as are planned for each moment, each in a loop. */
export async function runVus(
  scenario: ScenarioPlan,
  executor: ConstantVusExecutor | RampingVusExecutor,
  io: ScenarioIo,
): Promise<void> {
  const startedAt = io.clock.monotonic();
  const loops = createLoops(mostVusOf(executor, io.slice), () => new UserLoop(io, scenario, () => true), io);
  const rampDownMs = executor.kind === 'ramping-vus' ? executor.gracefulRampDownMs : 0;
  let count = 0;
  for (const { atMs, vus } of listVuChanges(executor, io.slice)) {
    await waitUntil(io, startedAt + atMs);
    if (io.stop.asked) break;
    await startLoops(loops.slice(count, vus));
    for (const loop of loops.slice(vus, count)) loop.retire('gracefulRampDown', rampDownMs);
    count = vus;
  }
  await waitUntil(io, startedAt + lengthOf(executor));
  await endLoops(loops, scenario);
}

/** A number of iterations, of all together or of each virtual user. */
export async function runIterations(
  scenario: ScenarioPlan,
  executor: IterationsExecutor,
  io: ScenarioIo,
): Promise<void> {
  const startedAt = io.clock.monotonic();
  const isShared = executor.kind === 'shared-iterations';
  const left: number[] = [];
  const create = (index: number): UserLoop => {
    const own = isShared ? 0 : index;
    left[own] = isShared ? sharedIterationsOf(executor, io.slice) : executor.iterations;
    return new UserLoop(io, scenario, () => {
      const count = left[own] ?? 0;
      if (count > 0) left[own] = count - 1;
      return count > 0;
    });
  };
  const loops = createLoops(mostVusOf(executor, io.slice), create, io);
  await startLoops(loops);
  const all = Promise.all(loops.map((loop) => loop.settle()));
  const wait = new Stop(io.stop);
  await Promise.race([all, waitUntil({ clock: io.clock, stop: wait }, startedAt + executor.maxDurationMs)]);
  wait.ask(new StopError('stopped', 'all iterations are done'));
  wait.leave();
  await endLoops(loops, scenario);
  const rest = left.reduce((sum, count) => sum + count, 0);
  // Those that a stop leaves over were given up by whoever asked for it.
  if (rest > 0 && !io.stop.asked) io.onDropped(rest);
}

/** So many begin in one turn. A thousand iterations at the same moment hold far more than the users do who think most of the time, and memory is not given back. */
const MOST_TOGETHER = 50;

async function startLoops(loops: readonly UserLoop[]): Promise<void> {
  for (const [at, loop] of loops.entries()) {
    if (at > 0 && at % MOST_TOGETHER === 0) await letOthersIn();
    loop.start();
  }
}

function createLoops(count: number, create: (index: number) => UserLoop, io: ScenarioIo): readonly UserLoop[] {
  io.onUsers({ there: count });
  return Array.from({ length: count }, (_, index) => create(index));
}

async function endLoops(loops: readonly UserLoop[], { gracefulStopMs }: ScenarioPlan): Promise<void> {
  for (const loop of loops) loop.retire('gracefulStop', gracefulStopMs);
  await Promise.all(loops.map((loop) => loop.close()));
}
