import type { ScenarioPlan } from '../../model/load/load-plan.ts';
import { runArrivals } from './run-arrivals.ts';
import { runCapacity } from './run-capacity.ts';
import { runIterations, runVus } from './run-loops.ts';
import { type ScenarioIo, waitUntil } from './scenario-io.ts';

/** Runs a scenario from its start time to the end of its last iteration. */
export async function runScenario(scenario: ScenarioPlan, io: ScenarioIo): Promise<void> {
  await waitUntil(io, io.clock.monotonic() + scenario.startMs);
  if (io.stop.asked) return;
  const { executor } = scenario;
  switch (executor.kind) {
    case 'shared-iterations':
    case 'per-vu-iterations':
      return runIterations(scenario, executor, io);
    case 'constant-vus':
    case 'ramping-vus':
      return runVus(scenario, executor, io);
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return runArrivals(scenario, executor, io);
    case 'find-capacity':
      return runCapacity(scenario, executor, io);
  }
}
