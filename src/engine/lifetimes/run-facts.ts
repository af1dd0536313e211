import { dirname } from 'node:path';
import type { RunFacts } from '../../model/action/io.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { FlowName } from '../names/flow-name.ts';

/** The facts of a run that the steps of a flow see. */
export function createRunFacts(plan: FlowPlan, run: Pick<RunFacts, 'runId' | 'traceId'>, name: FlowName): RunFacts {
  const { runId, traceId } = run;
  return new NamedFacts({ runId, traceId, flowId: plan.id, directory: dirname(plan.file.absolutePath) }, name);
}

/** A class, for an object that is written with a getter of its own stays until V8's next long collection, with all that it reaches. */
class NamedFacts implements RunFacts {
  readonly runId: string;
  readonly flowId: string;
  readonly traceId: string;
  readonly directory: string;
  readonly #name: FlowName;

  constructor({ runId, flowId, traceId, directory }: Omit<RunFacts, 'flowName'>, name: FlowName) {
    this.runId = runId;
    this.flowId = flowId;
    this.traceId = traceId;
    this.directory = directory;
    this.#name = name;
  }

  /** Made of variables, which are not there from the beginning. */
  get flowName(): string {
    return this.#name.text;
  }
}
