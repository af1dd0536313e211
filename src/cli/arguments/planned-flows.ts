import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import type { ChosenCompanions } from './choose-companions.ts';
import type { Project } from './find-project.ts';
import type { Sources } from './load-flows.ts';

/** What flow files and flags say, whether the flows are to be run or put load on a system. */
export interface PlannedFlows {
  readonly runs: readonly FlowRun[];
  /** Of all files. */
  readonly flows: readonly FlowPlan[];
  readonly inputs: GivenInputs;
  readonly project: Project | undefined;
  /** Those that the flows need. */
  readonly companions: ChosenCompanions['companions'];
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly string[];
  readonly sources: Sources;
}
