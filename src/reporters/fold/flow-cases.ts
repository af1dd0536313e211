import {
  type FlowFinished,
  type FlowStarted,
  isBad,
  type LogWritten,
  type Outcome,
  type RunEvent,
  type StepFinished,
} from '../../model/events.ts';
import type { EarlierFailure, FlowFailures } from './failures.ts';
import { FlowFold, type FlowView, type FoldedFlow, type FoldedStep } from './flow-fold.ts';
import { isInside, type StepNode } from './step-node.ts';

/** A step that is over, as it counts: what failed below a control that passed all the same is no failure, and each failure is counted once. */
export interface CountedStep {
  /** With the outcome that counts, and the problems that are its own. */
  readonly step: StepFinished;
  readonly happened: StepFinished;
  readonly logs: readonly LogWritten[];
}

/** What stands around a case. */
export interface CasesAbout {
  readonly start: FlowStarted;
  /** What was wrong in the attempts before. */
  readonly earlier: readonly EarlierFailure[];
}

/** Makes what a report has of a step, soon after it is over: reports keep that, and no events. */
export interface CaseMaker<Case> {
  makeStep(step: CountedStep, about: CasesAbout): Case;
  /** Of a flow that is wrong by itself, or of which nothing ran: with the problems that are its own, and the outcome of that. */
  makeFlow(flow: FlowFinished, about: CasesAbout): Case;
}

export interface CaseCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface FailedCase extends CountedStep {
  readonly node: StepNode;
  readonly index: number;
}

/** One flow as a list of cases, as readers of test reports know them. */
export class FlowCases<Case> implements FlowView, CasesAbout {
  readonly start: FlowStarted;
  readonly earlier: readonly EarlierFailure[];
  readonly cases: Case[] = [];
  /** Absent while it runs, and of one that broke off. */
  finished: FlowFinished | undefined;
  readonly #maker: CaseMaker<Case>;
  readonly #fold: FlowFold;
  readonly #logs = new Map<string, LogWritten[]>();
  /** Cases that failed or errored inside of a control that still runs. */
  #failed: FailedCase[] = [];
  readonly #counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };

  constructor(start: FlowStarted, maker: CaseMaker<Case>, earlier: readonly EarlierFailure[] = []) {
    this.start = start;
    this.earlier = earlier;
    this.#maker = maker;
    this.#fold = new FlowFold(start, this);
  }

  get counts(): CaseCounts {
    return this.#counts;
  }

  get failures(): FlowFailures {
    return this.#fold.failures;
  }

  on(event: RunEvent): void {
    this.#fold.on(event);
  }

  /** What was wrong in this attempt and those before. */
  listEarlier(): readonly EarlierFailure[] {
    const { attempt = 1 } = this.start.about;
    return [...this.earlier, ...this.failures.failures.map((failure) => ({ ...failure, attempt }))];
  }

  onLog(log: LogWritten): void {
    const { address } = log.step;
    const logs = this.#logs.get(address) ?? [];
    logs.push(log);
    this.#logs.set(address, logs);
  }

  onStep({ node, event, own, hasBadChild }: FoldedStep): void {
    const { address, role } = event.step;
    const logs = this.#logs.get(address) ?? [];
    this.#logs.delete(address);
    // A look of a poll is part of the poll; as a case of its own it would count as a failure.
    if (role === 'look') return;
    const step = hasBadChild ? leaveToChildren({ ...event, problems: own }) : event;
    const counted = { step, happened: event, logs };
    if (isBad(step.outcome)) this.#failed.push({ ...counted, node, index: this.cases.length });
    else if (event.outcome === 'passed') this.#forgive(node);
    if (!node.parent) this.#failed = [];
    this.#count(step.outcome);
    this.cases.push(this.#maker.makeStep(counted, this));
  }

  onFlow({ event, own }: FoldedFlow): void {
    this.finished = event;
    if (own.length === 0 && this.cases.length > 0) return;
    const outcome = own[0]?.outcome ?? event.outcome;
    this.#count(outcome);
    this.cases.push(this.#maker.makeFlow({ ...event, outcome, problems: own }, this));
  }

  /** What failed inside a control that passed all the same (another attempt, an error that was expected) is no failure of the flow. */
  #forgive(control: StepNode): void {
    for (const { node, step, happened, logs, index } of this.#failed) {
      if (!isInside(node, control)) continue;
      const why = step.problems.map(({ message }) => message).join('\n');
      const note = `${step.outcome}, but \`${control.step.address}\` passed anyway: ${why}`;
      const passed = addNote({ ...step, outcome: 'passed', problems: [] }, note);
      this.cases[index] = this.#maker.makeStep({ step: passed, happened, logs }, this);
      if (step.outcome === 'failed') this.#counts.failures--;
      else this.#counts.errors--;
    }
    if (this.#failed.length > 0) this.#failed = this.#failed.filter(({ node }) => !isInside(node, control));
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
