import {
  type FlowFinished,
  type FlowStarted,
  isBad,
  type LogWritten,
  type Problem,
  type RunEvent,
  type StepFinished,
  type StepPosition,
  type StepRef,
  type StepStarted,
} from '../../model/events.ts';
import type { SentTrace } from '../../model/flow-output.ts';
import { FailureList } from './failure-list.ts';
import { type FlowFailures, toFlowFailure, toStepFailure } from './failures.ts';
import { isShownByEnd, isShownByStep, keyOfProblem, nameLeftUndone, placeOfProblem } from './repeated-problems.ts';
import type { StepNode } from './step-node.ts';

/** What happens in a flow, with what is known of it from before; a report draws it. */
export interface FlowView {
  /** An attempt of a step begins. */
  onStart?(node: StepNode): void;
  onProgress?(node: StepNode): void;
  /** A step logs something; one that is not known to run has no node. */
  onLog?(log: LogWritten, node: StepNode | undefined): void;
  onStep(step: FoldedStep): void;
  onFlow(flow: FoldedFlow): void;
}

/** A step that is over. */
export interface FoldedStep {
  readonly node: StepNode;
  readonly event: StepFinished;
  /** Those of its problems that no step inside of it has shown. */
  readonly own: readonly Problem[];
  /** Whether a step inside of it failed or errored, looks aside. */
  readonly hasBadChild: boolean;
}

/** A flow that is over. */
export interface FoldedFlow {
  readonly event: FlowFinished;
  /** Those of its problems that no step has shown. */
  readonly own: readonly Problem[];
  /** The same without what the end of the run says, and with what a cut teardown left undone. */
  readonly listed: readonly Problem[];
}

/** What is known of a step while it runs. */
interface Running extends StepNode {
  attempt: number;
  progress: string;
  hasBadChild: boolean;
  /** Problems that steps inside of it have shown. */
  shown: Set<string> | undefined;
}

/** One flow, folded: which steps run, which problem belongs to whom, and what is wrong in the end. It keeps only what still runs. */
export class FlowFold {
  readonly #start: FlowStarted;
  readonly #view: FlowView;
  readonly #running = new Map<string, Running>();
  readonly #failures = new FailureList();
  /** Where steps failed. */
  readonly #badPlaces = new Set<string>();
  readonly #leftUndone = { unended: [] as string[], unreached: [] as string[] };
  #notReached = 0;
  #trace: SentTrace | undefined;

  constructor(start: FlowStarted, view: FlowView) {
    this.#start = start;
    this.#view = view;
  }

  /** What is wrong in it; complete when it has finished. */
  get failures(): FlowFailures {
    const { name, file, line, row } = this.#start.about;
    const { failures, more } = this.#failures;
    return { name, file, line, row, trace: this.#trace, failures, more };
  }

  /** How many of the flow's own steps were not reached. */
  get notReached(): number {
    return this.#notReached;
  }

  /** The steps that run, the one that began last behind the others. */
  get running(): Iterable<StepNode> {
    return this.#running.values();
  }

  on(event: RunEvent): void {
    if (event.type === 'step_started') this.#startStep(event);
    else if (event.type === 'step_finished') this.#finishStep(event);
    else if (event.type === 'log_written') this.#view.onLog?.(event, this.#find(event.step));
    else if (event.type === 'flow_finished') this.#finish(event);
    else if (event.type === 'step_progress') this.#progress(event.step, event.text);
  }

  #startStep({ step, attempt }: StepStarted): void {
    const known = this.#running.get(step.address);
    const node = known ?? this.#makeNode(step);
    Object.assign(node, { attempt, progress: '', hasBadChild: false, shown: undefined });
    this.#running.delete(step.address);
    this.#running.set(step.address, node);
    this.#view.onStart?.(node);
  }

  #progress({ address }: StepPosition, text: string): void {
    const node = this.#running.get(address);
    if (!node) return;
    node.progress = text;
    this.#view.onProgress?.(node);
  }

  #finishStep(event: StepFinished): void {
    const { step, outcome } = event;
    const node = this.#running.get(step.address) ?? this.#makeNode(step);
    this.#running.delete(step.address);
    const { hasBadChild } = node;
    const own = event.problems.length === 0 ? event.problems : this.#chooseOwn(event.problems, node);
    this.#noteUnreached(event);
    if (outcome === 'passed') this.#failures.forgive(node);
    else if (isBad(outcome) && step.role !== 'look') this.#noteBad({ node, event, own, hasBadChild });
    this.#failures.close(node);
    this.#view.onStep({ node, event, own, hasBadChild });
  }

  #chooseOwn(problems: readonly Problem[], { hasBadChild, shown }: Running): readonly Problem[] {
    return problems.filter(
      (problem) =>
        !(problem.kind === 'child' && hasBadChild) &&
        !isShownByStep(problem, this.#badPlaces) &&
        !shown?.has(keyOfProblem(problem)),
    );
  }

  #noteUnreached({ step, skip }: StepFinished): void {
    if (step.depth > 0 || skip?.kind !== 'not_reached') return;
    this.#notReached++;
    if (step.phase === 'teardown') this.#leftUndone.unreached.push(step.name ?? step.id);
  }

  #noteBad({ node, event, own, hasBadChild }: FoldedStep): void {
    const { step, problems } = event;
    this.#badPlaces.add(placeOfProblem(event));
    const isInterrupted = problems.length > 0 && problems.every(({ kind }) => kind === 'interrupted');
    if (isInterrupted && step.phase === 'teardown' && step.depth === 0)
      this.#leftUndone.unended.push(step.name ?? step.id);
    const listed = own.filter((problem) => !isShownByEnd(problem));
    const hasOwnProblem = listed.some(({ kind }) => kind === 'assertion' || kind === 'capture');
    if ((!hasBadChild || hasOwnProblem) && !isInterrupted) this.#failures.add(toStepFailure(event, listed), node);
    const parent = node.parent && this.#running.get(node.parent.step.address);
    if (parent) this.#noteShown(parent, event, node);
  }

  #noteShown(parent: Running, { problems }: StepFinished, node: StepNode & Partial<Running>): void {
    parent.hasBadChild = true;
    parent.shown ??= new Set();
    for (const problem of problems) parent.shown.add(keyOfProblem(problem));
    for (const key of node.shown ?? []) parent.shown.add(key);
  }

  #finish(event: FlowFinished): void {
    this.#trace = event.output.trace;
    const own = event.problems.filter((problem) => !isShownByStep(problem, this.#badPlaces));
    const listed = own
      .filter((problem) => !isShownByEnd(problem))
      .map((problem) => nameLeftUndone(problem, this.#leftUndone));
    for (const problem of listed) this.#failures.add(toFlowFailure(event.about, problem));
    this.#view.onFlow({ event, own, listed });
    this.#running.clear();
  }

  #makeNode(step: StepRef): Running {
    const parent = step.parent === undefined ? undefined : this.#running.get(step.parent);
    return { step, parent, attempt: 1, progress: '', hasBadChild: false, shown: undefined };
  }

  /** The step itself, or the control that runs it. */
  #find({ address, parent }: StepPosition): StepNode | undefined {
    return this.#running.get(address) ?? (parent === undefined ? undefined : this.#running.get(parent));
  }
}
