import { type Difference, formatValue } from '../../expr/index.ts';
import type { Detail, RunEvent, StepFinished } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { keyOfFlow, type RecordedFlow } from '../failed-flows.ts';
import { type GreenResult, type ReadingBudget, readGreenResults } from './read-green.ts';
import { listSteadyDifferences } from './steady-differences.ts';

/** Of so many steps of a run it is said what changed, and so many records are read for it at most. */
const MOST_STEPS = 50;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_LINES = 12;
const WIDEST_PATH = 40;

/** Makes what says beside a step that did not pass how its result differs from the last one with which it did, by the records of a folder. */
export function createGreenComparison(directory: string): (event: RunEvent) => RunEvent {
  const flows = new Map<number, RecordedFlow>();
  /** Of a step around another that says it already nothing more is said. */
  const said = new Map<number, Set<string>>();
  const read = new Map<string, ReadonlyMap<string, readonly GreenResult[]>>();
  const budget: ReadingBudget = { bytes: MOST_BYTES };
  let stepCount = 0;

  const findGreen = (flow: RecordedFlow, address: string): readonly GreenResult[] => {
    const key = keyOfFlow(flow);
    const known = read.get(key) ?? readGreenResults(directory, flow, budget);
    read.set(key, known);
    return known.get(address) ?? [];
  };
  return (event) => {
    if (event.type === 'flow_started') flows.set(event.flow, event.about);
    if (event.type === 'flow_finished') {
      flows.delete(event.flow);
      said.delete(event.flow);
    }
    if (event.type !== 'step_finished' || event.problems.length === 0 || stepCount >= MOST_STEPS) return event;
    const flow = flows.get(event.flow);
    const { address, parent } = event.step;
    const around = said.get(event.flow) ?? new Set<string>();
    if (parent !== undefined) said.set(event.flow, around.add(parent));
    const detail = flow && !around.has(address) ? describeChange(event, findGreen(flow, address)) : undefined;
    if (!detail) return event;
    stepCount++;
    return { ...event, evidence: { ...event.evidence, details: [...event.evidence.details, detail] } };
  };
}

/** What changed since a step last passed; undefined where there is nothing to compare. */
function describeChange({ output: { result } }: StepFinished, greens: readonly GreenResult[]): Detail | undefined {
  const [last] = greens;
  if (result === undefined || last === undefined) return undefined;
  const { differences, masked } = listSteadyDifferences(
    result,
    greens.map((green) => green.result),
  );
  const hidden = masked === 0 ? [] : [`${countOf(masked, 'value')} cannot be compared: masked`];
  const lines = writeColumns(differences.slice(0, MOST_LINES));
  const more = differences.length - lines.length;
  return {
    title: `since it last passed, in run ${last.runId}`,
    lines:
      lines.length === 0
        ? ['nothing of its result changed, but for ids, times and what differs from run to run', ...hidden]
        : [...lines, ...(more > 0 ? [`… and ${more} more`] : []), ...hidden],
  };
}

function writeColumns(differences: readonly Difference[]): readonly string[] {
  const width = Math.min(Math.max(0, ...differences.map(({ path }) => path.length)), WIDEST_PATH);
  return differences.map((difference) => `${difference.path.padEnd(width)}   ${describeDifference(difference)}`);
}

function describeDifference({ kind, actual = null, expected = null }: Difference): string {
  if (kind === 'missing') return `was ${formatValue(expected)}, is gone`;
  if (kind === 'extra') return `is new: ${formatValue(actual)}`;
  if (kind === 'order') return 'has another order';
  return `was ${formatValue(expected)}, is ${formatValue(actual)}`;
}
