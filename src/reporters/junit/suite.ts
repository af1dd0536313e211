import type { FlowStarted, LogWritten, Outcome, RunEvent, RunStarted, StepFinished } from '../../model/events.ts';
import { createPaint } from '../../util/paint.ts';
import { FlowFold, type FlowView, type FoldedFlow, type FoldedStep } from '../fold/flow-fold.ts';
import { isInside, type StepNode } from '../fold/step-node.ts';
import { renderBeside } from '../output/beside-lines.ts';
import { isBad } from '../output/outcome.ts';
import { describeEarlier, type EarlierFailure, renderCase, renderFlowCase } from './test-case.ts';
import { openTag, textElement, toSeconds } from './xml.ts';

export interface SuiteCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface FailedCase {
  readonly node: StepNode;
  readonly step: StepFinished;
  readonly logs: readonly string[];
  readonly index: number;
}

/** One flow as a `testsuite`: its cases are text as soon as their steps finish. */
export class JunitSuite implements FlowView {
  readonly #start: FlowStarted;
  readonly #run: RunStarted | undefined;
  /** What was wrong in the attempts before. */
  readonly #earlier: readonly EarlierFailure[];
  readonly #fold: FlowFold;
  readonly #cases: string[] = [];
  readonly #logs = new Map<string, string[]>();
  /** Cases that failed or errored inside of a control that still runs, with their positions among the cases. */
  #failed: FailedCase[] = [];
  readonly #counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  #durationMs = 0;
  /** What was seen beside the steps. */
  #output = '';

  constructor(start: FlowStarted, run: RunStarted | undefined, earlier: readonly EarlierFailure[] = []) {
    this.#start = start;
    this.#run = run;
    this.#earlier = earlier;
    this.#fold = new FlowFold(start, this);
  }

  get counts(): SuiteCounts {
    return this.#counts;
  }

  on(event: RunEvent): void {
    this.#fold.on(event);
  }

  /** What was wrong in this attempt and those before. */
  listEarlier(): readonly EarlierFailure[] {
    const { attempt = 1 } = this.#start.about;
    return [...this.#earlier, ...this.#fold.failures.failures.map((failure) => ({ ...failure, attempt }))];
  }

  render(): string {
    const { at, about } = this.#start;
    const { id, name, file, line, traceId, attempt } = about;
    const time = toSeconds(this.#durationMs);
    const attributes = { name, ...this.#counts, time, timestamp: toTimestamp(at), file, line };
    const output = [...this.#earlier.map(describeEarlier), this.#output].join('\n').trim();
    const properties = [
      ['flow', id],
      ['seed', this.#run?.seed],
      ['run_id', this.#run?.runId],
      ['trace_id', traceId],
      ['attempts', attempt],
    ] as const;
    return [
      `  ${openTag('testsuite', attributes)}`,
      '    <properties>',
      ...properties
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([key, value]) => `      ${openTag('property', { name: key, value }, true)}`),
      '    </properties>',
      ...this.#cases,
      ...(output === '' ? [] : [`    ${textElement('system-out', {}, output)}`]),
      '  </testsuite>\n',
    ].join('\n');
  }

  onLog(log: LogWritten): void {
    const { address } = log.step;
    const lines = this.#logs.get(address) ?? [];
    lines.push(`${log.level}: ${log.message}`);
    this.#logs.set(address, lines);
  }

  onStep({ node, event, own, hasBadChild }: FoldedStep): void {
    const { address, role } = event.step;
    const logs = this.#logs.get(address) ?? [];
    this.#logs.delete(address);
    // A look of a poll is part of the poll; as a case of its own it would count as a failure.
    if (role === 'look') return;
    const step = hasBadChild ? leaveToChildren({ ...event, problems: own }) : event;
    if (isBad(step.outcome)) this.#failed.push({ node, step, logs, index: this.#cases.length });
    else if (event.outcome === 'passed') this.#forgive(node);
    if (!node.parent) this.#failed = [];
    this.#count(step.outcome);
    this.#cases.push(renderCase(step, { flow: this.#start, logs, earlier: this.#earlier }));
  }

  onFlow({ event, own }: FoldedFlow): void {
    this.#durationMs = event.durationMs;
    this.#output = renderBeside(event, createPaint(false)).join('\n').trim();
    if (own.length === 0 && this.#cases.length > 0) return;
    this.#count(own[0]?.outcome ?? event.outcome);
    this.#cases.push(renderFlowCase({ ...event, problems: own }));
  }

  /** What failed inside a control that passed all the same (another attempt, an error that was expected) is no failure of the flow. */
  #forgive(control: StepNode): void {
    const forgiven = this.#failed.filter(({ node }) => isInside(node, control));
    for (const { step, logs, index } of forgiven) {
      const why = step.problems.map(({ message }) => message).join('\n');
      const note = `${step.outcome}, but \`${control.step.address}\` passed anyway: ${why}`;
      const passed = addNote({ ...step, outcome: 'passed', problems: [] }, note);
      this.#cases[index] = renderCase(passed, { flow: this.#start, logs });
      if (step.outcome === 'failed') this.#counts.failures--;
      else this.#counts.errors--;
    }
    if (forgiven.length > 0) this.#failed = this.#failed.filter(({ node }) => !isInside(node, control));
  }

  #count(outcome: Outcome): void {
    this.#counts.tests++;
    if (outcome === 'failed') this.#counts.failures++;
    if (outcome === 'errored') this.#counts.errors++;
    if (outcome === 'skipped') this.#counts.skipped++;
  }
}

/** A control that only repeats what cases of its children report is no failure of its own: each is counted once. */
function leaveToChildren(step: StepFinished): StepFinished {
  if (!isBad(step.outcome) || step.problems.length > 0) return step;
  return addNote(
    { ...step, outcome: 'passed' },
    `${step.outcome}, and counted with the steps inside it that ${step.outcome}`,
  );
}

function addNote(step: StepFinished, note: string): StepFinished {
  const { evidence } = step;
  return { ...step, evidence: { ...evidence, notes: [...evidence.notes, note] } };
}

function toTimestamp(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 19);
}
