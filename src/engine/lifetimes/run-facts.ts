import { dirname } from 'node:path';
import type { RunFacts } from '../../model/action/io.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { FlowName } from '../names/flow-name.ts';

/** The facts of a run that the steps of a flow see. */
export function createRunFacts(
  plan: FlowPlan,
  run: Pick<RunFacts, 'runId' | 'traceId' | 'others' | 'services' | 'turn'>,
  name: FlowName,
): RunFacts {
  const { runId, traceId, others, services, turn } = run;
  return new NamedFacts(
    { runId, traceId, others, flowId: plan.id, directory: dirname(plan.file.absolutePath), services, turn },
    name,
  );
}

/** A class, for an object that is written with a getter of its own stays until V8's next long collection, with all that it reaches. */
class NamedFacts implements RunFacts {
  readonly runId: string;
  readonly flowId: string;
  readonly traceId: string;
  readonly others: RunFacts['others'];
  readonly directory: string;
  readonly services: RunFacts['services'];
  readonly turn: RunFacts['turn'];
  readonly #name: FlowName;

  constructor(facts: Omit<RunFacts, 'flowName'>, name: FlowName) {
    const { runId, flowId, traceId, others, directory, services, turn } = facts;
    this.runId = runId;
    this.flowId = flowId;
    this.traceId = traceId;
    this.others = others;
    this.directory = directory;
    this.services = services;
    this.turn = turn;
    this.#name = name;
  }

  /** Made of variables, which are not there from the beginning. */
  get flowName(): string {
    return this.#name.text;
  }
}
