import { join } from 'node:path';
import type { Value } from '../../expr/index.ts';
import { EVENT_VERSION, type RunEvent } from '../../model/events.ts';
import { keyOfFlow, type RecordedFlow } from '../failed-flows.ts';
import { readRecordLines } from '../read-events.ts';
import { EVENTS_FILE, listRuns, type RunFolder } from '../run-folders.ts';

/** What a step gave in a run in which it passed. */
export interface GreenResult {
  readonly runId: string;
  readonly result: Value;
}

/** How much may still be read for comparisons; a run has one. */
export interface ReadingBudget {
  bytes: number;
}

const MOST_RUNS = 3;
const UNUSED: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'run_started',
  'flow_started',
  'phase_started',
  'step_started',
  'step_progress',
  'log_written',
  'step_remembered',
  'flow_finished',
  'run_finished',
  'run_noted',
]);

/** The results of a flow's steps where they passed, by address, newest first: of the last three runs that hold the flow and have any. */
export function readGreenResults(
  directory: string,
  flow: RecordedFlow,
  budget: ReadingBudget,
): ReadonlyMap<string, readonly GreenResult[]> {
  const found = new Map<string, GreenResult[]>();
  let runCount = 0;
  for (const run of listRuns(directory)) {
    if (runCount === MOST_RUNS) break;
    const results = readRun(run, flow, budget);
    if (results.size > 0) runCount++;
    for (const [address, result] of results) {
      const known = found.get(address);
      const green = { runId: run.meta?.runId ?? run.name, result };
      if (known) known.push(green);
      else found.set(address, [green]);
    }
  }
  return found;
}

/** Of several passes of the flow in one run the last counts. */
function readRun({ meta, path }: RunFolder, flow: RecordedFlow, budget: ReadingBudget): ReadonlyMap<string, Value> {
  const results = new Map<string, Value>();
  const key = keyOfFlow(flow);
  if (meta?.version !== EVENT_VERSION) return results;
  for (const part of meta.flows.filter((one) => keyOfFlow(one) === key)) {
    budget.bytes -= part.end - part.start;
    if (budget.bytes < 0) break;
    const { start, end } = part;
    for (const line of readRecordLines({ path: join(path, EVENTS_FILE), start, end, without: UNUSED })) {
      if (line.kind !== 'event' || line.event.type !== 'step_finished' || line.event.flow !== part.flow) continue;
      const { outcome, step, output } = line.event;
      if (outcome === 'passed' && output.result !== undefined) results.set(step.address, output.result);
    }
  }
  return results;
}
