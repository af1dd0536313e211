import { listRuns, toSlashes } from './run-folders.ts';

/** A flow, or a row of one, as records name it. */
export interface RecordedFlow {
  readonly id: string;
  readonly file: string;
  readonly row?: number | undefined;
}

/** The same for each run of a flow, or of a row of one. */
export function keyOfFlow({ id, file, row }: RecordedFlow): string {
  return JSON.stringify([toSlashes(file), id, row]);
}

/** What became of flows when each last ran as a whole. */
export interface FailedFlows {
  /** How many records there are to tell. */
  readonly runCount: number;
  has(flow: RecordedFlow): boolean;
}

/** Reads from the records of an output folder which flows did not pass when they last ran; of several attempts the last counts, of repetitions the worst. */
export function readFailedFlows(directory: string): FailedFlows {
  const runs = listRuns(directory).filter(({ meta }) => meta !== undefined);
  const hasFailed = new Map<string, boolean>();
  for (const { meta } of runs) {
    const ofRun = new Map<string, boolean>();
    const flows = meta?.flows ?? [];
    // What did not run since the flow before all others did not pass is to run as much as what failed.
    const isBarred = flows.some(({ role, outcome }) => role === 'before_all' && outcome !== 'passed');
    for (const { isPartial, isRetried, outcome, role, ...flow } of flows) {
      if (isPartial || isRetried || role !== undefined || (outcome === 'skipped' && !isBarred)) continue;
      const key = keyOfFlow(flow);
      ofRun.set(key, (ofRun.get(key) ?? false) || outcome !== 'passed');
    }
    for (const [key, failed] of ofRun) if (!hasFailed.has(key)) hasFailed.set(key, failed);
  }
  return { runCount: runs.length, has: (flow) => hasFailed.get(keyOfFlow(flow)) ?? false };
}
