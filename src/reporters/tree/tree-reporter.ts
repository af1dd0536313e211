import type { Consumer } from '../../model/consumer.ts';
import type { FlowFinished, FlowStarted, RunEvent, RunFinished, RunStarted, StepFinished } from '../../model/events.ts';
import { createPaint } from '../../util/paint.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import type { Screen } from '../output/screen.ts';
import { createScreen } from '../output/screen.ts';
import { cleanText } from '../output/text.ts';
import type { TreeContext } from './context.ts';
import { createTreeContext } from './context.ts';
import { FlowLines } from './flow-lines.ts';
import { renderFlowHead } from './head-line.ts';
import { RunSummary, type SlowStep } from './run-summary.ts';

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
  /** Of its own steps that are over. */
  slowest: SlowStep | undefined;
}

class Tree {
  readonly #screen: Screen;
  readonly #context: TreeContext;
  readonly #lanes = new Map<number, Lane>();
  readonly #summary: RunSummary;
  /** Notes that came in the middle of a flow's lines while others ran beside it. */
  readonly #notes: string[] = [];
  #run: RunStarted | undefined;
  /** The flow whose lines go to the screen as they come. */
  #front: number | undefined;

  constructor(screen: Screen, context: TreeContext) {
    this.#screen = screen;
    this.#context = context;
    this.#summary = new RunSummary(context);
  }

  on(event: RunEvent): void {
    if (event.type === 'run_started') this.#run = event;
    else if (event.type === 'run_noted') this.#note(event.level, event.text);
    else if (event.type === 'run_finished') this.#finish(event);
    else if (event.type === 'flow_started') this.#startFlow(event);
    else {
      const lane = this.#lanes.get(event.flow);
      lane?.flow.on(event);
      if (lane && event.type === 'step_finished') noteSlowest(lane, event);
      if (lane && event.type === 'flow_finished') this.#finishFlow(lane, event);
    }
  }

  #startFlow(start: FlowStarted): void {
    this.#front ??= start.flow;
    this.#summary.startFlow(start.about);
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
    this.#lanes.set(start.flow, { flow, waiting, isFinished: false, slowest: undefined });
  }

  #finishFlow(lane: Lane, event: FlowFinished): void {
    lane.isFinished = true;
    const { failures, notReached } = lane.flow;
    this.#summary.endFlow({ event, failures, notReached, slowest: lane.slowest });
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
    this.#screen.hideRunning();
    this.#screen.writeLines(this.#notes.splice(0));
    this.#screen.writeLines(this.#summary.render(run, { isAlone: this.#isAlone }));
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

function noteSlowest(lane: Lane, { step, timing }: StepFinished): void {
  const { durationMs } = timing;
  if (step.depth === 0 && durationMs > (lane.slowest?.durationMs ?? -1))
    lane.slowest = { address: step.address, durationMs };
}
