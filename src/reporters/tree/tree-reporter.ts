import type { Consumer } from '../../model/consumer.ts';
import type { FlowFinished, FlowStarted, RunEvent, RunFinished, RunStarted, StepFinished } from '../../model/events.ts';
import type { FlowAbout } from '../../model/flow-about.ts';
import { createPaint } from '../../util/paint.ts';
import { KnownCauses } from '../fold/failure-groups.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import { createScreen, type LiveTerminal, type Screen } from '../output/screen.ts';
import { cleanText } from '../output/text.ts';
import type { TreeContext } from './context.ts';
import { createTreeContext } from './context.ts';
import { FlowLines } from './flow-lines.ts';
import { renderFlowHead } from './head-line.ts';
import { type RowFold, RowFolds } from './row-folds.ts';
import { RunSummary, type SlowStep } from './run-summary.ts';
import { renderRunning } from './running-block.ts';

/** Makes the reporter for people: a tree of steps that grows as they finish, what is wrong where it happened, and a summary. */
export function createTreeReporter(options: ReporterOptions): Consumer {
  const context = createTreeContext(options, createPaint(options.isColored === true));
  const screen = createScreen({
    write: (text) => options.write(text),
    live: context.verbosity >= 0 ? options.live : undefined,
  });
  const tree = new Tree(screen, context, options.live);
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
      tree.stop();
      await options.finish?.();
    },
  };
}

/** How often what runs is drawn, ms. */
const DRAW_MS = 100;

/** So many rows that fail alike are shown in full. */
const SHOWN_ALIKE = 3;

/** A flow whose lines wait until those of the flow before it are complete. */
interface Lane {
  readonly about: FlowAbout;
  readonly flow: FlowLines;
  durationMs: number;
  /** By the clock of the terminal, ms. */
  readonly startedAt: number;
  readonly waiting: string[];
  isFinished: boolean;
  /** Whether its lines wait for its end, and are left out when they say no more than others did. */
  readonly isHeld: boolean;
  /** Whether something in it is worth its lines though it passed: a note, a log. */
  isTelling: boolean;
  fold: RowFold | undefined;
  /** Of its own steps that are over. */
  slowest: SlowStep | undefined;
}

class Tree {
  readonly #screen: Screen;
  readonly #context: TreeContext;
  readonly #lanes = new Map<number, Lane>();
  readonly #summary: RunSummary;
  readonly #rows: RowFolds;
  readonly #causes = new KnownCauses();
  /** Notes that came in the middle of a flow's lines while others ran beside it. */
  readonly #notes: string[] = [];
  #run: RunStarted | undefined;
  readonly #live: LiveTerminal | undefined;
  readonly #startedAt: number;
  readonly #ended = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  /** Ends the drawing of what runs at the same time, once more flows than one did. */
  #cancelDraw: (() => void) | undefined;
  /** The flow whose lines go to the screen as they come. */
  #front: number | undefined;

  constructor(screen: Screen, context: TreeContext, live: LiveTerminal | undefined) {
    this.#screen = screen;
    this.#live = screen.isLive ? live : undefined;
    this.#startedAt = live?.now() ?? 0;
    this.#context = context;
    this.#summary = new RunSummary(context);
    this.#rows = new RowFolds(context, (lines) => screen.writeLines(lines));
  }

  on(event: RunEvent): void {
    if (event.type === 'run_started') this.#run = event;
    else if (event.type === 'run_noted') this.#note(event.level, event.text);
    else if (event.type === 'run_finished') this.#finish(event);
    else if (event.type === 'flow_started') this.#startFlow(event);
    else {
      const lane = this.#lanes.get(event.flow);
      lane?.flow.on(event);
      if (lane && event.type === 'step_finished') noteStep(lane, event);
      if (lane && event.type === 'log_written') lane.isTelling ||= event.level !== 'debug';
      if (lane && event.type === 'flow_finished') this.#finishFlow(lane, event);
    }
  }

  #startFlow(start: FlowStarted): void {
    this.#front ??= start.flow;
    this.#summary.startFlow(start.about);
    const waiting: string[] = [];
    const isHeld = start.about.row !== undefined && this.#context.verbosity <= 0;
    const isFront = () => this.#front === start.flow;
    const isWritten = () => isFront() && !isHeld;
    const screen: Screen = {
      isLive: this.#screen.isLive,
      writeLines: (lines) => (isWritten() ? this.#write(lines) : waiting.push(...lines)),
      showRunning: (describe) => isFront() && !this.#cancelDraw && this.#screen.showRunning(describe),
      showBlock: (block) => this.#screen.showBlock(block),
      hideRunning: () => isFront() && !this.#cancelDraw && this.#screen.hideRunning(),
    };
    const head = renderFlowHead(start, this.#run, this.#context);
    const flow = new FlowLines(start, {
      head,
      isAlone: this.#isAlone,
      context: this.#context,
      screen,
      causes: this.#causes,
    });
    this.#lanes.set(start.flow, {
      about: start.about,
      durationMs: 0,
      startedAt: this.#live?.now() ?? 0,
      flow,
      waiting,
      isFinished: false,
      isHeld,
      isTelling: false,
      fold: undefined,
      slowest: undefined,
    });
    if (this.#live && !this.#cancelDraw && this.#running.length > 1) this.#draw(this.#live);
  }

  get #running(): readonly Lane[] {
    return [...this.#lanes.values()].filter(({ isFinished }) => !isFinished);
  }

  /** Draws what runs, again and again until the run is over. */
  #draw(live: LiveTerminal): void {
    this.#cancelDraw = live.after(DRAW_MS, () => this.#draw(live));
    const running = this.#running.map(({ about: { name }, startedAt, flow }) => ({
      ...{ name, startedAt },
      step: flow.describeRunning(),
    }));
    const so = { running, ended: this.#ended, flowCount: this.#run?.flowCount, startedAt: this.#startedAt };
    this.#screen.showBlock(renderRunning(so, live));
  }

  /** Nothing is drawn any more. */
  stop(): void {
    this.#cancelDraw?.();
    this.#cancelDraw = undefined;
    this.#screen.hideRunning();
  }

  #finishFlow(lane: Lane, event: FlowFinished): void {
    lane.isFinished = true;
    if (event.retry !== 'follows') this.#ended[event.outcome]++;
    lane.durationMs = event.durationMs;
    const { failures, notReached } = lane.flow;
    const alike = this.#summary.endFlow({ event, failures, notReached, slowest: lane.slowest });
    if (lane.isHeld) lane.fold = chooseFold(lane, event, alike);
    for (const [index, next] of this.#lanes) {
      this.#front = index;
      if (next.isHeld && !next.isFinished) return;
      if (next.fold) this.#rows.add(next.fold, next.about, next.durationMs);
      else this.#write(next.waiting.splice(0));
      if (!next.isFinished) return;
      this.#lanes.delete(index);
      if (this.#notes.length > 0) this.#write(this.#notes.splice(0));
    }
    this.#front = undefined;
  }

  #finish(run: RunFinished): void {
    this.stop();
    this.#write(this.#notes.splice(0));
    this.#write(this.#summary.render(run, { isAlone: this.#isAlone }));
  }

  #note(level: 'info' | 'warning' | 'error', text: string): void {
    if (this.#context.verbosity < 0 && level === 'info') return;
    const { paint } = this.#context;
    const [first = '', ...rest] = cleanText(text).split('\n');
    const words = { info: paint.dim('note: '), warning: paint.yellow('warning: '), error: paint.red('error: ') };
    const lines = [` ${words[level]}${first}`, ...rest.map((line) => `   ${line}`)];
    if (this.#lanes.size > 1) this.#notes.push(...lines);
    else this.#write(lines);
  }

  #write(lines: readonly string[]): void {
    this.#rows.flush();
    this.#screen.writeLines(lines);
  }

  get #isAlone(): boolean {
    return this.#run?.flowCount === 1;
  }
}

/** A row that passed says no more than that; one that failed as several before, that it did. */
function chooseFold(
  { isTelling }: Lane,
  { outcome, skip, retry, details = [] }: FlowFinished,
  alike: number,
): RowFold | undefined {
  if (retry !== undefined) return undefined;
  if (skip?.kind === 'not_reached') return 'unreached';
  if (outcome === 'passed') return isTelling || details.some(({ isExtra }) => !isExtra) ? undefined : 'passed';
  return alike >= SHOWN_ALIKE ? 'alike' : undefined;
}

function noteStep(lane: Lane, { step, timing, evidence }: StepFinished): void {
  lane.isTelling ||= evidence.notes.length > 0;
  const { durationMs } = timing;
  if (step.depth === 0 && durationMs > (lane.slowest?.durationMs ?? -1))
    lane.slowest = { address: step.address, durationMs };
}
