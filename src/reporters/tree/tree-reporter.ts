import type { Consumer } from '../../model/consumer.ts';
import type { FlowStarted, OutcomeCounts, RunEvent, RunFinished, RunStarted } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { createPaint } from '../../util/paint.ts';
import { takeShown } from '../../util/take-shown.ts';
import type { FlowFailures } from '../fold/failures.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import { describeCounts, markOf, paintOutcome } from '../output/outcome.ts';
import type { Screen } from '../output/screen.ts';
import { createScreen } from '../output/screen.ts';
import { cleanText } from '../output/text.ts';
import type { TreeContext } from './context.ts';
import { createTreeContext } from './context.ts';
import { renderFailures } from './failure-lines.ts';
import { FlowLines } from './flow-lines.ts';
import { renderFlowHead } from './head-line.ts';

const MAX_FAILED_FLOWS = 100;

/** Makes the reporter for people: a tree of steps that grows as they finish, what is wrong where it happened, and a summary. */
export function createTreeReporter(options: ReporterOptions): Consumer {
  const context = createTreeContext(options, createPaint(options.isColored === true));
  const screen = createScreen({
    write: (text) => options.write(text),
    isTty: options.isTty === true && context.verbosity >= 0,
    columns: context.columns,
  });
  const tree = new Tree(screen, context);
  return {
    name: 'tree',
    wants: {
      exchanges: isVerbose(options) ? 'all' : 'failed',
      results: context.verbosity > 1,
      changes: context.verbosity > 1,
      progress: screen.isLive,
    },
    on: (event) => tree.on(event),
    async close() {
      screen.hideRunning();
      await options.finish?.();
    },
  };
}

/** A flow whose lines wait until those of the flow before it are complete. */
interface Lane {
  readonly flow: FlowLines;
  readonly waiting: string[];
  isFinished: boolean;
}

class Tree {
  readonly #screen: Screen;
  readonly #context: TreeContext;
  readonly #lanes = new Map<number, Lane>();
  readonly #failed: FlowFailures[] = [];
  /** The one flow that each file has in this run; none for a file that has several. */
  readonly #flowByFile = new Map<string, string | undefined>();
  /** Notes that came in the middle of a flow's lines while others ran beside it. */
  readonly #notes: string[] = [];
  #moreFailed = 0;
  #notReached = 0;
  #run: RunStarted | undefined;
  /** The flow whose lines go to the screen as they come. */
  #front: number | undefined;

  constructor(screen: Screen, context: TreeContext) {
    this.#screen = screen;
    this.#context = context;
  }

  on(event: RunEvent): void {
    if (event.type === 'run_started') this.#run = event;
    else if (event.type === 'run_noted') this.#note(event.level, event.text);
    else if (event.type === 'run_finished') this.#finish(event);
    else if (event.type === 'flow_started') this.#startFlow(event);
    else {
      const lane = this.#lanes.get(event.flow);
      lane?.flow.on(event);
      if (lane && event.type === 'flow_finished') this.#finishFlow(lane);
    }
  }

  #startFlow(start: FlowStarted): void {
    this.#front ??= start.flow;
    const { file, id } = start.about;
    const isFirst = !this.#flowByFile.has(file) || this.#flowByFile.get(file) === id;
    this.#flowByFile.set(file, isFirst ? id : undefined);
    const waiting: string[] = [];
    const isFront = () => this.#front === start.flow;
    const screen: Screen = {
      isLive: this.#screen.isLive,
      writeLines: (lines) => (isFront() ? this.#screen.writeLines(lines) : waiting.push(...lines)),
      showRunning: (describe) => isFront() && this.#screen.showRunning(describe),
      hideRunning: () => isFront() && this.#screen.hideRunning(),
    };
    const head = renderFlowHead(start, this.#run, this.#context);
    const flow = new FlowLines(start, { head, isAlone: this.#isAlone, context: this.#context, screen });
    this.#lanes.set(start.flow, { flow, waiting, isFinished: false });
  }

  #finishFlow(lane: Lane): void {
    lane.isFinished = true;
    const { failures, notReached } = lane.flow;
    this.#notReached += notReached;
    if (failures.failures.length > 0) {
      if (this.#failed.length <= MAX_FAILED_FLOWS) this.#failed.push(failures);
      else this.#moreFailed++;
    }
    for (const [index, next] of this.#lanes) {
      this.#front = index;
      this.#screen.writeLines(next.waiting.splice(0));
      if (!next.isFinished) return;
      this.#lanes.delete(index);
      this.#screen.writeLines(this.#notes.splice(0));
    }
    this.#front = undefined;
  }

  #finish(run: RunFinished): void {
    const { paint } = this.#context;
    this.#screen.hideRunning();
    this.#screen.writeLines(this.#notes.splice(0));
    if (!this.#isAlone) {
      const verdict = paintOutcome(`${run.outcome} in ${formatDuration(run.durationMs)}`, run.outcome, paint);
      const counts = `${countFlows(run.flows)}   steps: ${describeCounts(run.steps, this.#notReached)}`;
      this.#screen.writeLines(['', ` ${markOf(run.outcome, paint)} ${verdict}   ${counts}`]);
    }
    const { shown, hidden } = takeShown(this.#failed, MAX_FAILED_FLOWS, this.#moreFailed);
    for (const flow of shown) {
      const isFileShared = this.#flowByFile.get(flow.file) === undefined;
      const company = { isOneOfSeveral: !this.#isAlone, isFileShared };
      this.#screen.writeLines(renderFailures(flow, company, this.#context));
    }
    if (hidden > 0) this.#screen.writeLines([` … and ${countOf(hidden, 'more flow')} with failures`]);
    if (run.interrupted) this.#screen.writeLines([` interrupted by ${run.interrupted}`]);
  }

  #note(level: 'info' | 'warning' | 'error', text: string): void {
    if (this.#context.verbosity < 0 && level === 'info') return;
    const { paint } = this.#context;
    const [first = '', ...rest] = cleanText(text).split('\n');
    const words = { info: paint.dim('note: '), warning: paint.yellow('warning: '), error: paint.red('error: ') };
    const lines = [` ${words[level]}${first}`, ...rest.map((line) => `   ${line}`)];
    if (this.#lanes.size > 1) this.#notes.push(...lines);
    else this.#screen.writeLines(lines);
  }

  get #isAlone(): boolean {
    return this.#run?.flowCount === 1;
  }
}

function countFlows(flows: OutcomeCounts): string {
  const total = flows.passed + flows.failed + flows.errored + flows.skipped;
  return `${countOf(total, 'flow')}: ${total === 0 ? 'none' : describeCounts(flows)}`;
}
