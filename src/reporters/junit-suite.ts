import type { FlowFinished, FlowStarted, LogWritten, RunEvent, RunStarted, StepFinished } from '../model/events.ts';
import { isBelow } from './addresses.ts';
import { renderCase, renderFlowCase } from './junit-case.ts';
import { isBad, isToldByStep, placeOfProblem } from './outcome.ts';
import { openTag, toSeconds } from './xml.ts';

export interface SuiteCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface FailedCase {
  readonly step: StepFinished;
  readonly logs: readonly string[];
  readonly index: number;
}

/** One flow as a `testsuite`: its cases are text as soon as their steps finish. */
export class JunitSuite {
  readonly #start: FlowStarted;
  readonly #run: RunStarted | undefined;
  readonly #cases: string[] = [];
  readonly #logs = new Map<string, string[]>();
  readonly #failedPlaces = new Set<string>();
  /** Cases that failed or errored, with their positions among the cases. */
  #failed: FailedCase[] = [];
  readonly #counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  #finished: FlowFinished | undefined;

  constructor(start: FlowStarted, run: RunStarted | undefined) {
    this.#start = start;
    this.#run = run;
  }

  get counts(): SuiteCounts {
    return this.#counts;
  }

  on(event: RunEvent): void {
    if (event.type === 'log_written') this.#log(event);
    else if (event.type === 'step_finished') this.#addStep(event);
    else if (event.type === 'flow_finished') this.#finish(event);
  }

  render(): string {
    const { at, about } = this.#start;
    const { id, name, file, line, traceId } = about;
    const time = toSeconds(this.#finished?.durationMs ?? 0);
    const attributes = { name, ...this.#counts, time, timestamp: toTimestamp(at), file, line };
    const properties = [
      ['flow', id],
      ['seed', this.#run?.seed],
      ['run_id', this.#run?.runId],
      ['trace_id', traceId],
    ] as const;
    return [
      `  ${openTag('testsuite', attributes)}`,
      '    <properties>',
      ...properties
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([key, value]) => `      ${openTag('property', { name: key, value }, true)}`),
      '    </properties>',
      ...this.#cases,
      '  </testsuite>\n',
    ].join('\n');
  }

  #log(log: LogWritten): void {
    const lines = this.#logs.get(log.step.address) ?? [];
    lines.push(`${log.level}: ${log.message}`);
    this.#logs.set(log.step.address, lines);
  }

  #addStep(step: StepFinished): void {
    const logs = this.#logs.get(step.step.address) ?? [];
    this.#logs.delete(step.step.address);
    // A look of a poll is part of the poll; as a case of its own it would count as a failure.
    if (step.step.role === 'look') return;
    const told = this.#leaveToChildren(step);
    if (isBad(step.outcome)) {
      this.#failedPlaces.add(placeOfProblem(step));
      if (isBad(told.outcome)) this.#failed.push({ step: told, logs, index: this.#cases.length });
    } else if (step.outcome === 'passed' && this.#failed.length > 0) this.#forgive(step.step.address);
    this.#count(told.outcome);
    this.#cases.push(renderCase(told, { flow: this.#start, logs }));
  }

  /** A control that only tells again what cases of its children tell is no failure of its own: each is counted once. */
  #leaveToChildren(step: StepFinished): StepFinished {
    if (!isBad(step.outcome) || !this.#failed.some((one) => isBelow(one.step.step.address, step.step.address)))
      return step;
    const problems = step.problems.filter(
      (problem) => problem.kind !== 'child' && !isToldByStep(problem, this.#failedPlaces),
    );
    if (problems.length > 0) return { ...step, problems };
    const note = `${step.outcome}, and counted with the steps inside that ${step.outcome}`;
    return addNote({ ...step, outcome: 'passed', problems }, note);
  }

  /** What failed inside a control that passed all the same (another attempt, an error that was expected) is no failure of the flow. */
  #forgive(control: string): void {
    const isForgiven = ({ step }: FailedCase) => isBelow(step.step.address, control);
    for (const { step, logs, index } of this.#failed.filter(isForgiven)) {
      const why = step.problems.map(({ message }) => message).join('\n');
      const note = `${step.outcome}, but \`${control}\` passed all the same: ${why}`;
      const passed = addNote({ ...step, outcome: 'passed', problems: [] }, note);
      this.#cases[index] = renderCase(passed, { flow: this.#start, logs });
      if (step.outcome === 'failed') this.#counts.failures--;
      else this.#counts.errors--;
    }
    this.#failed = this.#failed.filter((one) => !isForgiven(one));
  }

  #finish(flow: FlowFinished): void {
    this.#finished = flow;
    const problems = flow.problems.filter((problem) => !isToldByStep(problem, this.#failedPlaces));
    if (problems.length === 0 && this.#cases.length > 0) return;
    this.#count(problems[0]?.outcome ?? flow.outcome);
    this.#cases.push(renderFlowCase({ ...flow, problems }));
  }

  #count(outcome: FlowFinished['outcome']): void {
    this.#counts.tests++;
    if (outcome === 'failed') this.#counts.failures++;
    if (outcome === 'errored') this.#counts.errors++;
    if (outcome === 'skipped') this.#counts.skipped++;
  }
}

function addNote(step: StepFinished, note: string): StepFinished {
  const { evidence } = step;
  return { ...step, evidence: { ...evidence, notes: [...evidence.notes, note] } };
}

function toTimestamp(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 19);
}
