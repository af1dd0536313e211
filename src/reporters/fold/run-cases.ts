import type { FlowFinished, FlowStarted, RunEvent, RunFinished, RunNoted, RunStarted } from '../../model/events.ts';
import { keyOfAttempts } from '../../model/flow-about.ts';
import type { EarlierFailure } from './failures.ts';
import { type CaseCounts, type CaseMaker, FlowCases } from './flow-cases.ts';

/** What a report draws of a run. */
export interface RunView<Case> extends CaseMaker<Case> {
  /** A flow is over, of several attempts the last, which knows what was wrong before. */
  onFlow(flow: FlowCases<Case>): void;
  onNote?(note: RunNoted): void;
}

/** The position of what stands for the run itself among flows. */
export const OF_RUN = -1;

/** A run as flows of cases, each handed on when it is over. */
export class RunCases<Case> {
  /** Absent until it began. */
  run: RunStarted | undefined;
  finished: RunFinished | undefined;
  totals: CaseCounts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  readonly #view: RunView<Case>;
  readonly #flows = new Map<number, FlowCases<Case>>();
  /** What was wrong in attempts that others follow. */
  readonly #earlier = new Map<string, readonly EarlierFailure[]>();

  constructor(view: RunView<Case>) {
    this.#view = view;
  }

  on(event: RunEvent): void {
    if (event.type === 'run_started') this.run = event;
    else if (event.type === 'run_finished') this.finished = event;
    else if (event.type === 'run_noted') this.#view.onNote?.(event);
    else if (event.type === 'flow_started') this.#start(event);
    else if ('flow' in event) this.#flows.get(event.flow)?.on(event);
    if (event.type === 'flow_finished') this.#finish(event);
  }

  /** Hands on the flows that never finished, as far as they came, and what is wrong with the run itself, as one more. */
  end(): void {
    for (const flow of [...this.#flows.keys()]) this.#handOn(flow);
    const events = this.finished ? describeRun(this.finished) : [];
    for (const event of events) this.on(event);
  }

  #start(event: FlowStarted): void {
    const earlier = this.#earlier.get(keyOfAttempts(event.about)) ?? [];
    this.#flows.set(event.flow, new FlowCases(event, this.#view, earlier));
  }

  #finish({ flow, about, retry }: FlowFinished): void {
    const cases = this.#flows.get(flow);
    if (retry !== 'follows' || !cases) {
      this.#earlier.delete(keyOfAttempts(about));
      this.#handOn(flow);
      return;
    }
    this.#earlier.set(keyOfAttempts(about), cases.listEarlier());
    this.#flows.delete(flow);
  }

  #handOn(flow: number): void {
    const cases = this.#flows.get(flow);
    if (!cases) return;
    this.#flows.delete(flow);
    const { counts } = cases;
    this.totals = {
      tests: this.totals.tests + counts.tests,
      failures: this.totals.failures + counts.failures,
      errors: this.totals.errors + counts.errors,
      skipped: this.totals.skipped + counts.skipped,
    };
    this.#view.onFlow(cases);
  }
}

/** The problems of what lived longer than a flow as the events of a flow that has them. */
function describeRun({ at, outcome, problems = [] }: RunFinished): readonly RunEvent[] {
  if (problems.length === 0) return [];
  const about = { id: 'run', name: 'the run itself', file: '', line: 1, traceId: '', tags: [] };
  const inputs = { overrides: [], variables: {}, volatileNames: [] };
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const output = { captures: {}, secretNames: [] };
  const ended = { outcome, durationMs: 0, counts, output, problems };
  return [
    { type: 'flow_started', at, flow: OF_RUN, about, inputs, isPartial: false },
    { type: 'flow_finished', at, flow: OF_RUN, about, ...ended },
  ];
}
