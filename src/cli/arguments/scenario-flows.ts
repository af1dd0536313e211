import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { NO_OVERRIDES } from '../../plan/load/overrides.ts';
import { listScenarioFiles, planLoad } from '../../plan/load/plan-load.ts';
import { type LoadedPlans, type LoadOptions, loadPlans } from './load-plans.ts';

/** The flows that scenarios run out of files that nobody named. */
export function loadScenarioFlows(loaded: LoadedPlans, options: LoadOptions): LoadedPlans | undefined {
  const known = new Set(loaded.flows.map(({ file }) => file.absolutePath));
  const paths = listScenarioFiles(loaded.loads).filter((path) => !known.has(path));
  return paths.length === 0 ? undefined : loadPlans(paths, options);
}

/** What is wrong with the loads that flows say of themselves, each file by itself. */
export function findLoadMistakes(loaded: LoadedPlans, options: LoadOptions): readonly Diagnostic[] {
  const more = loadScenarioFlows(loaded, options);
  const flows: readonly FlowPlan[] = [...loaded.flows, ...(more?.flows ?? [])];
  const { functions } = options;
  const { givenNames } = loaded;
  const files = new Set(loaded.loads.map(({ file }) => file));
  return [...files].flatMap((file) => {
    const documents = loaded.loads.filter((load) => load.file === file);
    return planLoad({ documents, flows, overrides: NO_OVERRIDES, functions, givenNames }).diagnostics;
  });
}
