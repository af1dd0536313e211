import type { Consumer } from '../../model/consumer.ts';
import { writeEventLine } from '../../model/event-table/event-line.ts';
import type { FlowFinished, LogWritten, RunEvent, RunNoted, RunStarted } from '../../model/events.ts';
import type { Failure } from '../fold/failures.ts';
import type { CountedStep, FlowCases } from '../fold/flow-cases.ts';
import { OF_RUN, RunCases } from '../fold/run-cases.ts';
import { beginOnce } from '../output/begin-once.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';

/** Of what the reporter `json` writes; it rises when a reader would have to change. */
export const RESULT_VERSION = 1;

/** What counts as wrong, in a line; `attempt` where it was one before the last. */
export interface ResultFailure extends Pick<Failure, 'address' | 'outcome' | 'place' | 'text'> {
  readonly attempt?: number | undefined;
}

/** Makes the reporter for programs that want the whole result as one JSON document: flows as they end, what is known of the run behind them. */
export function createJsonReporter(options: ReporterOptions): Consumer {
  const notes: RunNoted[] = [];
  let hasFlow = false;
  const open = beginOnce(options, () => renderHead(cases.run));
  const cases = new RunCases<string>({
    makeStep: renderStep,
    // What is wrong with the flow by itself stands in its own problems.
    makeFlow: () => '',
    onNote: (note) => notes.push(note),
    onFlow(flow) {
      if (flow.start.flow === OF_RUN) return;
      open();
      options.write(`${hasFlow ? ',' : ''}\n${renderFlow(flow)}`);
      hasFlow = true;
    },
  });
  return {
    name: 'json',
    wants: { exchanges: isVerbose(options) ? 'all' : 'failed', results: true },
    on: (event) => cases.on(event),
    async close() {
      cases.end();
      open();
      options.write(renderEnd(cases, notes));
      await options.finish?.();
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  return `${JSON.stringify({ version: RESULT_VERSION, notStarted: said.trimEnd(), outcome: 'errored', flows: [] })}\n`;
}

function renderHead(run: RunStarted | undefined): string {
  const { testmesh, runId, seed, isSeedFixed, at } = run ?? {};
  const head = JSON.stringify({ version: RESULT_VERSION, testmesh, runId, seed, isSeedFixed, startedAt: at });
  return `${head.slice(0, -1)},\n"flows":[`;
}

function renderStep({ step, happened, logs }: CountedStep): string {
  const { type: _, at: _at, flow: _flow, ...fields } = readFields(happened);
  const countsAs = step.outcome === happened.outcome ? undefined : step.outcome;
  return JSON.stringify({ ...fields, countsAs, logs: logs.length > 0 ? logs.map(toLog) : undefined });
}

function toLog(log: LogWritten): object {
  const { level, message, data } = readFields(log);
  return { level, message, data };
}

function renderFlow({ start, finished, failures, earlier, cases }: FlowCases<string>): string {
  const { about, inputs, isPartial } = readFields(start);
  const ended = finished ? readEnd(finished) : {};
  const wrong = {
    failures: failures.failures.map(toResultFailure),
    moreFailures: failures.more > 0 ? failures.more : undefined,
    earlier: earlier.length > 0 ? earlier.map(toResultFailure) : undefined,
  };
  const text = JSON.stringify({ about, ...ended, inputs, isPartial, ...wrong });
  return `${text.slice(0, -1)},"steps":[${cases.filter((one) => one !== '').join(',')}]}`;
}

function toResultFailure({ attempt, address, outcome, place, text }: Failure & ResultFailure): ResultFailure {
  return { attempt, address, outcome, place, text };
}

function readEnd(finished: FlowFinished): object {
  const { type: _, at: _at, flow: _flow, about: _about, ...fields } = readFields(finished);
  return fields;
}

function renderEnd(cases: RunCases<string>, notes: readonly RunNoted[]): string {
  const { outcome, interrupted, durationMs, flows, steps, flaky, problems } = cases.finished
    ? readFields(cases.finished)
    : {};
  const noted = notes.map(({ level, text }) => ({ level, text }));
  const counts = flows === undefined ? undefined : { flows, steps };
  const end = JSON.stringify({ notes: noted, outcome, interrupted, durationMs, counts, flaky, problems });
  return `\n],\n${end.slice(1)}\n`;
}

/** The fields of an event as its line in a stream has them: exact numbers, and limits. */
function readFields(event: RunEvent): Record<string, unknown> {
  return JSON.parse(writeEventLine(event));
}
