import {
  type FlowFinished,
  type FlowStarted,
  isBad,
  type LogWritten,
  type Problem,
  type RunEvent,
  type StepFinished,
} from '../../model/events.ts';
import type { Phase } from '../../model/phase.ts';
import { formatDuration } from '../../util/duration.ts';
import type { KnownCauses } from '../fold/failure-groups.ts';
import { type FlowFailures, toStepFailure } from '../fold/failures.ts';
import { FlowFold, type FlowView, type FoldedFlow, type FoldedStep } from '../fold/flow-fold.ts';
import { isShownByEnd } from '../fold/repeated-problems.ts';
import { groupOf, isLook, labelOf, type StepNode } from '../fold/step-node.ts';
import { renderBeside } from '../output/beside-lines.ts';
import { describeCounts, markOf, paintOutcome } from '../output/outcome.ts';
import type { Screen } from '../output/screen.ts';
import { cleanLine, measureWidth, padTo } from '../output/text.ts';
import { ChildLines, SkipCollapser, type TreeEntry } from './child-lines.ts';
import type { TreeContext } from './context.ts';
import { renderLog } from './log-lines.ts';
import {
  describeSkip,
  isPassedOver,
  renderProblemLines,
  renderStepBlock,
  renderStepLine,
  type StepView,
} from './step-lines.ts';

const MIN_NAME_WIDTH = 22;
const MAX_NAME_WIDTH = 44;
const STEP_INDENT = 3;

/** What there is around a flow. */
export interface FlowSurroundings {
  readonly head: string;
  readonly isAlone: boolean;
  readonly context: TreeContext;
  readonly screen: Screen;
  /** Why steps of this run failed. */
  readonly causes: KnownCauses;
}

/** One flow on its way to the screen: it keeps the lines of what still runs. */
export class FlowLines implements FlowView {
  readonly #start: FlowStarted;
  readonly #causes: KnownCauses;
  readonly #head: string;
  readonly #isAlone: boolean;
  readonly #context: TreeContext;
  readonly #screen: Screen;
  readonly #fold: FlowFold;
  /** Of controls that run: the lines of the steps inside. */
  readonly #children = new Map<StepNode, ChildLines>();
  readonly #skips = new SkipCollapser((lines) => this.#write(lines));
  #nameWidth: number;
  #phase: Phase | undefined;
  #hasHead = false;

  constructor(start: FlowStarted, more: FlowSurroundings) {
    this.#start = start;
    this.#causes = more.causes;
    this.#head = more.head;
    this.#isAlone = more.isAlone;
    this.#context = more.context;
    this.#screen = more.screen;
    this.#fold = new FlowFold(start, this);
    this.#nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(MIN_NAME_WIDTH, (start.longestId ?? 0) + 2));
    if (more.context.verbosity >= 0) this.#write([]);
  }

  /** What is wrong in it; complete when it has finished. */
  get failures(): FlowFailures {
    return this.#fold.failures;
  }

  /** How many of the flow's own steps were not reached. */
  get notReached(): number {
    return this.#fold.notReached;
  }

  /** The step that waits for something, and for what, else the one that began last. */
  describeRunning(): string {
    const running = [...this.#fold.running];
    const node = running.find(({ progress }) => progress !== '') ?? running.at(-1);
    return node ? describeRunning(node, 0) : '';
  }

  on(event: RunEvent): void {
    this.#fold.on(event);
  }

  onStart(node: StepNode): void {
    this.#children.delete(node);
    if (node.parent) this.#childrenOf(node.parent).expect(node.step.address);
    this.#showRunning();
  }

  onProgress(node: StepNode): void {
    this.#showRunning(node);
  }

  onStep({ node, event, own }: FoldedStep): void {
    const { step, parent } = node;
    const { address, depth, phase, role } = step;
    const label = labelOf(node);
    this.#nameWidth = Math.max(this.#nameWidth, Math.min(MAX_NAME_WIDTH, measureWidth(label) + 2 + 2 * depth));
    const view: StepView = {
      step: event,
      label,
      indent: STEP_INDENT + 2 * depth,
      nameWidth: this.#nameWidth - 2 * depth,
      problems: own.length === 0 ? own : own.filter((problem) => !isShownByEnd(problem)),
      isShownAbove: isLook(node),
      knownFrom: this.#findKnown(event, own),
    };
    const entry = this.#render(view, this.#children.get(node)?.render(view.indent + 2) ?? []);
    this.#children.delete(node);
    if (!parent) this.#writeStep(phase, entry);
    else if (entry.lines.length > 0 || entry.skip)
      this.#childrenOf(parent).set({ address, group: groupOf(node), isReplaced: role === 'look' }, entry);
    this.#showRunning();
  }

  onLog(log: LogWritten, node: StepNode | undefined): void {
    if (this.#context.verbosity < (log.level === 'debug' ? 1 : 0)) return;
    if (node) this.#openPhase(node.step.phase);
    this.#skips.flush();
    const label = node && node.step.depth > 0 ? labelOf(node) : undefined;
    this.#write(renderLog(log, label, this.#context));
  }

  onFlow({ event, listed }: FoldedFlow): void {
    for (const node of this.#fold.running) this.#write(this.#children.get(node)?.render(STEP_INDENT + 2) ?? []);
    this.#skips.flush();
    for (const problem of listed) {
      const lines = renderProblemLines(problem, STEP_INDENT, this.#context).map((line) => `   ${line}`.trimEnd());
      this.#write(['', ` ${markOf(problem.outcome, this.#context.paint)} the flow itself`, ...lines, '']);
    }
    const { verbosity, paint } = this.#context;
    if (verbosity >= 0 || isBad(event.outcome))
      this.#write(renderBeside(event, paint, { isEverything: verbosity > 1 }));
    if (this.#context.verbosity >= 0 || this.#isAlone) this.#write(['', this.#describeEnd(event)]);
    this.#screen.hideRunning();
  }

  /** The flow in which a step failed for the same reason, when several did: what explains it stands there. */
  #findKnown(event: StepFinished, own: readonly Problem[]): string | undefined {
    const isOfFlow = event.step.depth === 0 && isBad(event.outcome) && own.length > 0;
    if (!isOfFlow || this.#context.verbosity > 0) return undefined;
    const { flow, about } = this.#start;
    return this.#causes.note(toStepFailure(event, own), { key: flow, name: about.name });
  }

  #childrenOf(control: StepNode): ChildLines {
    const lines = this.#children.get(control) ?? new ChildLines();
    this.#children.set(control, lines);
    return lines;
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

  #describeEnd(flow: FlowFinished): string {
    const { paint } = this.#context;
    const mark = markOf(flow.outcome, paint);
    if (flow.outcome === 'skipped') {
      const reason = flow.skip ? `: ${cleanLine(flow.skip.reason)}` : ', nothing ran';
      return ` ${mark} ${paint.dim(`skipped${reason}`)}`;
    }
    const verdict = paintOutcome(`${flow.outcome} in ${formatDuration(flow.durationMs)}`, flow.outcome, paint);
    const retry = { follows: '   tried again', flaky: `   ${paint.yellow('flaky')}` };
    const more = flow.retry === undefined ? '' : retry[flow.retry];
    return ` ${mark} ${verdict}   ${describeCounts(flow.counts, this.notReached)}${more}`;
  }

  /** Shows a step as running, on a terminal: the one that began last, unless another is named. */
  #showRunning(named?: StepNode): void {
    if (!this.#screen.isLive) return;
    const node = named ?? [...this.#fold.running].at(-1);
    if (!node) {
      this.#screen.hideRunning();
      return;
    }
    this.#screen.showRunning(() => describeRunning(node, this.#nameWidth));
  }

  #write(lines: readonly string[]): void {
    if (!this.#hasHead) this.#screen.writeLines(['', this.#head, '']);
    this.#hasHead = true;
    this.#screen.writeLines(lines);
  }
}

function describeRunning(node: StepNode, nameWidth: number): string {
  const attempt = node.attempt > 1 ? `attempt ${node.attempt}` : '';
  const words = [node.step.action, attempt, cleanLine(node.progress)].filter((word) => word !== '').join('   ');
  return `${padTo(labelOf(node), nameWidth)}${nameWidth > 0 ? '' : '   '}${words}`;
}
