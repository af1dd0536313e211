import type {
  FlowFinished,
  FlowStarted,
  LogWritten,
  Problem,
  RunEvent,
  StepFinished,
  StepStarted,
} from '../model/events.ts';
import type { Phase } from '../model/phase.ts';
import { formatDuration } from '../util/duration.ts';
import { findParent, isBelow, labelBelow } from './addresses.ts';
import type { Failure, FlowFailures } from './failures.ts';
import { toFlowFailure, toStepFailure } from './failures.ts';
import {
  describeCounts,
  isBad,
  isToldByEnd,
  isToldByStep,
  markOf,
  nameLeftUndone,
  paintOutcome,
  placeOfProblem,
} from './outcome.ts';
import type { Screen } from './screen.ts';
import { cleanLine, measureWidth, padTo } from './text.ts';
import type { TreeEntry } from './tree-children.ts';
import { ChildLines, SkipCollapser } from './tree-children.ts';
import type { TreeContext } from './tree-context.ts';
import { renderLog } from './tree-log.ts';
import type { StepView } from './tree-step.ts';
import { describeSkip, isPassedOver, renderProblemLines, renderStepBlock, renderStepLine } from './tree-step.ts';

interface RunningStep {
  readonly started: StepStarted;
  readonly label: string;
  children: ChildLines | undefined;
  /** Keys of problems that its children have shown. */
  shownProblems: Set<string> | undefined;
  hasFailedChild: boolean;
  progress: string;
}

const MIN_NAME_WIDTH = 22;
const MAX_NAME_WIDTH = 44;
const STEP_INDENT = 3;
const MAX_FAILURES = 50;

/** One flow on its way to the screen: a fold over its events that keeps only what still runs. */
export class TreeFlow {
  readonly #start: FlowStarted;
  readonly #head: string;
  readonly #isAlone: boolean;
  readonly #context: TreeContext;
  readonly #screen: Screen;
  readonly #running = new Map<string, RunningStep>();
  readonly #skips = new SkipCollapser((lines) => this.#write(lines));
  #failures: Failure[] = [];
  readonly #failedPlaces = new Set<string>();
  readonly #leftUndone = { unended: [] as string[], unreached: [] as string[] };
  #moreFailures = 0;
  #notReached = 0;
  #nameWidth = MIN_NAME_WIDTH;
  #phase: Phase | undefined;
  #hasHead = false;

  constructor(start: FlowStarted, more: { head: string; isAlone: boolean; context: TreeContext; screen: Screen }) {
    this.#start = start;
    this.#head = more.head;
    this.#isAlone = more.isAlone;
    this.#context = more.context;
    this.#screen = more.screen;
    this.#nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(MIN_NAME_WIDTH, (start.longestId ?? 0) + 2));
    if (more.context.verbosity >= 0) this.#write([]);
  }

  /** What is wrong in it; complete when it has finished. */
  get failures(): FlowFailures {
    const { name, file, line, row } = this.#start.about;
    return { name, file, line, row, failures: this.#failures, more: this.#moreFailures };
  }

  /** How many of the flow's own steps were not reached. */
  get notReached(): number {
    return this.#notReached;
  }

  on(event: RunEvent): void {
    if (event.type === 'step_started') this.#startStep(event);
    else if (event.type === 'step_finished') this.#finishStep(event);
    else if (event.type === 'log_written') this.#log(event);
    else if (event.type === 'flow_finished') this.#finish(event);
    else if (event.type === 'step_progress') {
      const running = this.#running.get(event.step.address);
      if (running) running.progress = event.text;
      this.#showRunning(running);
    }
  }

  #startStep(started: StepStarted): void {
    const { address, name, id } = started.step;
    const parent = findParent(address, (one) => this.#running.has(one));
    const label = cleanLine(labelBelow(parent, address, name ?? id));
    if (parent !== undefined) childrenOf(this.#running.get(parent))?.expect(address);
    this.#running.delete(address);
    this.#running.set(address, {
      started,
      label,
      children: undefined,
      shownProblems: undefined,
      hasFailedChild: false,
      progress: '',
    });
    this.#showRunning();
  }

  #finishStep(step: StepFinished): void {
    const { address, name, id, depth, role, phase } = step.step;
    const running = this.#running.get(address);
    this.#running.delete(address);
    const parentAddress = findParent(address, (one) => this.#running.has(one));
    const parent = parentAddress === undefined ? undefined : this.#running.get(parentAddress);
    const indent = STEP_INDENT + 2 * depth;
    const label = running?.label ?? cleanLine(labelBelow(parentAddress, address, name ?? id));
    this.#nameWidth = Math.max(this.#nameWidth, Math.min(MAX_NAME_WIDTH, measureWidth(label) + 2 + 2 * depth));
    const problems = step.problems.length === 0 ? step.problems : chooseProblems(step, running);
    const isShownAbove = role === 'look' && parent !== undefined && parent.started.step.role !== 'look';
    const view = { step, label, indent, nameWidth: this.#nameWidth - 2 * depth, problems, isShownAbove };
    this.#countStep(view, running, parent);
    const entry = this.#render(view, running?.children?.render(indent + 2) ?? []);
    if (parent) {
      if (entry.lines.length > 0 || entry.skip) childrenOf(parent)?.set({ address, isProbe: role === 'look' }, entry);
    } else {
      this.#writeStep(phase, entry);
    }
    this.#showRunning();
  }

  /** Keeps the books: what the end of the flow tells. */
  #countStep(view: StepView, running: RunningStep | undefined, parent: RunningStep | undefined): void {
    const { step, problems } = view;
    const { phase, depth, role } = step.step;
    if (depth === 0 && step.skip?.kind === 'not_reached') {
      this.#notReached++;
      if (phase === 'teardown') this.#leftUndone.unreached.push(view.label);
    }
    // What failed inside a control that passed all the same is no failure of the flow.
    if (step.outcome === 'passed' && this.#failures.length > 0)
      this.#failures = this.#failures.filter(({ address }) => !isBelow(address, step.step.address));
    if (!isBad(step.outcome) || role === 'look') return;
    this.#failedPlaces.add(placeOfProblem(step));
    const hasOwnProblem = problems.some((problem) => problem.kind === 'assertion' || problem.kind === 'capture');
    const isInterrupted = step.problems.length > 0 && step.problems.every(({ kind }) => kind === 'interrupted');
    if (isInterrupted && phase === 'teardown' && depth === 0) this.#leftUndone.unended.push(view.label);
    if ((!running?.hasFailedChild || hasOwnProblem) && !isInterrupted)
      this.#addFailure(toStepFailure({ ...step, problems }));
    if (!parent) return;
    parent.hasFailedChild = true;
    parent.shownProblems ??= new Set();
    for (const problem of step.problems) parent.shownProblems.add(keyOf(problem));
    for (const key of running?.shownProblems ?? []) parent.shownProblems.add(key);
  }

  #addFailure(failure: Failure): void {
    if (this.#failures.length < MAX_FAILURES) this.#failures.push(failure);
    else this.#moreFailures++;
  }

  #render(view: StepView, children: readonly string[]): TreeEntry {
    const { step } = view;
    const { verbosity } = this.#context;
    const isPassed = step.outcome === 'passed';
    const isQuiet = verbosity < 0 && (!isBad(step.outcome) || step.step.role === 'look') && children.length === 0;
    if (isQuiet) return { lines: [], isPassed };
    const reason = describeSkip(step.skip);
    if (step.skip && isPassedOver(step.skip) && verbosity <= 0) {
      const render = (more: number) =>
        renderStepLine(view, this.#context, more > 0 ? `${reason} (and ${more} more)` : reason);
      return { lines: [], isPassed, skip: { reason, render } };
    }
    const lines = [renderStepLine(view, this.#context, reason), ...children, ...renderStepBlock(view, this.#context)];
    return { lines, isPassed };
  }

  #writeStep(phase: Phase, entry: TreeEntry): void {
    if (entry.lines.length === 0 && !entry.skip) return;
    this.#openPhase(phase);
    this.#skips.add(entry);
  }

  #openPhase(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#skips.flush();
    this.#phase = phase;
    if (this.#context.verbosity >= 0) this.#write([` ${this.#context.paint.dim(phase)}`]);
  }

  #log(log: LogWritten): void {
    const around = findParent(log.step.address, (address) => this.#running.has(address)) ?? '';
    const running = this.#running.get(log.step.address) ?? this.#running.get(around);
    if (this.#context.verbosity < (log.level === 'debug' ? 1 : 0)) return;
    if (running) this.#openPhase(running.started.step.phase);
    this.#skips.flush();
    const label = running && running.started.step.depth > 0 ? running.label : undefined;
    this.#write(renderLog(log, label, this.#context));
  }

  #finish(flow: FlowFinished): void {
    for (const { children } of this.#running.values()) this.#write(children?.render(STEP_INDENT + 2) ?? []);
    this.#running.clear();
    this.#skips.flush();
    for (const told of flow.problems) {
      if (isToldByStep(told, this.#failedPlaces) || isToldByEnd(told)) continue;
      const problem = nameLeftUndone(told, this.#leftUndone);
      this.#addFailure(toFlowFailure(flow, problem));
      const lines = renderProblemLines(problem, STEP_INDENT, this.#context).map((line) => `   ${line}`.trimEnd());
      this.#write(['', ` ${markOf(problem.outcome, this.#context.paint)} the flow itself`, ...lines, '']);
    }
    if (this.#context.verbosity >= 0 || this.#isAlone) this.#write(['', this.#describeEnd(flow)]);
    this.#screen.hideRunning();
  }

  #describeEnd(flow: FlowFinished): string {
    const { paint } = this.#context;
    const mark = markOf(flow.outcome, paint);
    if (flow.outcome === 'skipped') {
      const reason = flow.skip ? `: ${cleanLine(flow.skip.reason)}` : ', nothing ran';
      return ` ${mark} ${paint.dim(`skipped${reason}`)}`;
    }
    const verdict = paintOutcome(`${flow.outcome} in ${formatDuration(flow.durationMs)}`, flow.outcome, paint);
    return ` ${mark} ${verdict}   ${describeCounts(flow.counts, this.#notReached)}`;
  }

  /** Shows a step as running, on a terminal: the one that began last, unless another is named. */
  #showRunning(named?: RunningStep): void {
    if (!this.#screen.isLive) return;
    const step = named ?? [...this.#running.values()].at(-1);
    if (!step) {
      this.#screen.hideRunning();
      return;
    }
    this.#screen.showRunning(() => {
      const attempt = step.started.attempt > 1 ? `attempt ${step.started.attempt}` : '';
      const words = [step.started.step.action, attempt, cleanLine(step.progress)]
        .filter((word) => word !== '')
        .join('   ');
      return `${padTo(step.label, this.#nameWidth)}${words}`;
    });
  }

  #write(lines: readonly string[]): void {
    if (!this.#hasHead) this.#screen.writeLines(['', this.#head, '']);
    this.#hasHead = true;
    this.#screen.writeLines(lines);
  }
}

function childrenOf(step: RunningStep | undefined): ChildLines | undefined {
  if (step) step.children ??= new ChildLines();
  return step?.children;
}

/** The problems that its children have not shown. */
function chooseProblems(step: StepFinished, running: RunningStep | undefined): readonly Problem[] {
  const isTold = ({ kind }: Problem): boolean => kind === 'child' && running?.hasFailedChild === true;
  return step.problems.filter(
    (problem) => !isTold(problem) && !isToldByEnd(problem) && !running?.shownProblems?.has(keyOf(problem)),
  );
}

function keyOf(problem: {
  kind: string;
  message: string;
  location?: FlowFinished['problems'][number]['location'];
}): string {
  const { location } = problem;
  return `${problem.kind}\n${problem.message}\n${location?.file}:${location?.line}:${location?.column}`;
}
