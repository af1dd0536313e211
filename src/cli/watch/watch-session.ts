import { createClock } from '../../engine/lifetimes/clock.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { countOf } from '../../util/count.ts';
import type { PlannedRun } from '../commands/plan-run.ts';
import { runPlanned } from '../commands/run-command.ts';
import type { SignalWatch } from '../process/interrupt.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { createMemoryTrimmer } from '../process/trim-memory.ts';
import { describeUsage, EXIT, UsageError } from '../process/usage-error.ts';
import { KeptAround } from './kept-around.ts';
import { KeptServices } from './kept-services.ts';
import type { Wish } from './keys.ts';
import { RunBook } from './run-book.ts';
import { describeWait, namePaths } from './watch-lines.ts';
import type { Planned, WatchPlanner } from './watch-planner.ts';
import { WatchedFiles } from './watched-files.ts';

/** Runs that follow each other: the first of all flows, the others of what changes touch and of what somebody asks for. */
export class WatchSession {
  readonly #planner: WatchPlanner;
  readonly #about: CommandAbout;
  readonly #signals: SignalWatch;
  readonly #services: KeptServices;
  readonly #files: WatchedFiles;
  readonly #book = new RunBook();
  readonly #around = new KeptAround();
  readonly #trimmer = createMemoryTrimmer();
  /** Files that changed since they were planned. */
  readonly #changed = new Set<string>();
  /** Flow files that were to run, and have not come to their end. */
  #due: readonly string[] = [];
  #wish: Wish | undefined = { kind: 'all' };
  /** Only this step runs, and only flows of paths with this text. */
  readonly #only = { step: '', path: '' };
  readonly #told = new Set<string>();
  /** Of the run that goes on. */
  #work: Stop | undefined;
  #isOver = false;
  #exitCode: number | undefined;
  #wake: () => void = () => undefined;

  constructor(planner: WatchPlanner, about: CommandAbout, signals: SignalWatch) {
    this.#planner = planner;
    this.#about = about;
    this.#signals = signals;
    const { terminal, version } = about;
    this.#services = new KeptServices({ terminal, version, stops: signals });
    this.#files = new WatchedFiles({
      clock: createClock(),
      mayMatter: (path) => planner.mayMatter(path),
      note: (text) => this.#say(`note: ${text}`),
      onChange: (paths) => this.#noteChange(paths),
    });
    signals.work.onAsk(() => this.#wake());
  }

  /** Goes on until somebody ends it; gives the exit code. @throws UsageError where there is nothing to watch */
  async run(): Promise<number> {
    const { work } = this.#signals;
    try {
      while (!this.#isOver && !work.asked) {
        if (this.#wish || this.#changed.size > 0) await this.#planAndRun();
        else await new Promise<void>((wake) => (this.#wake = wake));
      }
      await this.#runEnd();
    } finally {
      this.#files.close();
      for (const text of await this.#services.close()) this.#say(`warning: ${text}`);
    }
    return work.asked?.signal ? EXIT[work.asked.signal] : (this.#exitCode ?? EXIT.passed);
  }

  /** Somebody wants something: what runs is stopped for it. */
  take(wish: Wish): void {
    if (wish.kind === 'help') {
      this.#tellWait();
      return;
    }
    if (wish.kind === 'step' || wish.kind === 'path') this.#only[wish.kind] = wish.text;
    if (wish.kind === 'all') Object.assign(this.#only, { step: '', path: '' });
    if (wish.kind === 'quit') this.#isOver = true;
    else this.#wish = wish;
    this.#interrupt(wish.kind === 'quit' ? 'the watch is ended' : 'another run is asked for');
    this.#wake();
  }

  #noteChange(paths: readonly string[]): void {
    for (const path of paths) this.#changed.add(path);
    const touched = this.#work ? (this.#planner.last?.plan.listTouched(new Set(paths)) ?? []) : [];
    if (touched.length > 0) this.#interrupt(`${namePaths(paths, this.#about.terminal.cwd)} changed`);
    this.#wake();
  }

  /** As Ctrl-C does: teardown runs. */
  #interrupt(why: string): void {
    if (!this.#work || this.#work.asked) return;
    this.#say(`${why}: what runs is stopped; teardown runs`, '\n');
    this.#work.ask(new StopError('interrupted', `interrupted: ${why}`));
  }

  /** Plans what there is by now, and runs what is to run of it. */
  async #planAndRun(): Promise<void> {
    const changed = new Set(this.#changed);
    const wish = this.#wish;
    const before = this.#planner.last;
    this.#changed.clear();
    this.#wish = undefined;
    const since = Date.now();
    try {
      const now = await this.#planner.plan(changed, this.#only.step);
      this.#files.follow(this.#planner.listFollowed(now), now.plan.folders, since);
      const touched = [...now.plan.listTouched(changed), ...(before?.plan.listNew(now.plan) ?? [])];
      const isLeft = (file: string) => !touched.includes(file) && now.isBroken(file);
      const left = this.#due.filter(isLeft);
      const flowFiles = new Set([...this.#due.filter((file) => !left.includes(file)), ...touched]);
      await this.#runDue(now, { wish, flowFiles, changed: before && !wish ? changed : new Set() });
      this.#due = [...this.#due, ...left];
    } catch (error) {
      if (!before || !(error instanceof UsageError)) throw error;
      this.#due = [...this.#due, ...before.plan.listTouched(changed)];
      this.#exitCode = error.exitCode;
      this.#about.terminal.writeError(describeUsage(error));
      this.#tellWait();
    }
  }

  async #runDue(
    { planned, plan, flags }: Planned,
    {
      wish,
      flowFiles,
      changed,
    }: { wish: Wish | undefined; flowFiles: ReadonlySet<string>; changed: ReadonlySet<string> },
  ): Promise<void> {
    const runs = planned.runs.filter((run) => this.#isChosen(run, wish, flowFiles));
    const files = new Set([...flowFiles, ...runs.map(({ plan: { file } }) => file.absolutePath)]);
    const isAll = wish?.kind === 'all';
    const diagnostics = planned.diagnostics.filter(
      ({ span }) => isAll || !span || plan.isOf(files, span.file.absolutePath),
    );
    const isBroken = diagnostics.some(({ severity }) => severity === 'error');
    if (runs.length === 0 && !isBroken) {
      this.#due = [];
      if (wish) this.#say(wish.kind === 'failed' ? 'nothing failed' : 'there is no such flow');
      if (wish) this.#tellWait();
      return;
    }
    if (changed.size > 0 && !flags.quiet) this.#say(this.#describeRuns(changed, isBroken ? [] : runs), '\n');
    const notes = planned.notes.filter((note) => !this.#told.has(note) && this.#told.add(note));
    const { before } = planned.around;
    const isAnew = isAll || (before !== undefined && plan.isTouched(before.plan, changed));
    const needsBefore = !isBroken && this.#around.needsBefore(planned, isAnew);
    if (needsBefore) await this.#runEnd();
    const around = isBroken ? planned.around : this.#around.take(planned, needsBefore);
    await this.#run({ ...planned, runs, whole: runs, diagnostics, notes, around }, flags, files);
    this.#tellWait();
  }

  async #run(planned: PlannedRun, flags: Planned['flags'], files: ReadonlySet<string>): Promise<void> {
    const work = new Stop(this.#signals.work);
    const undo = new Stop(this.#signals.undo);
    this.#work = work;
    let hasRun = false;
    const book = this.#book.begin(planned.runs, () => work.asked !== undefined);
    try {
      const exitCode = await runPlanned(planned, flags, this.#about, {
        interrupt: { work, undo },
        kept: this.#services.keptFor({ isLearnt: planned.around.before !== undefined }),
        consumers: [book, this.#trimmer],
        makeServices: (beside, up) => {
          hasRun = true;
          return this.#services.open(beside, up);
        },
      });
      if (!work.asked || this.#exitCode === undefined) this.#exitCode = exitCode;
    } finally {
      this.#work = undefined;
      work.leave();
      undo.leave();
    }
    if (!hasRun) this.#due = [...files];
    else if (!work.asked) this.#due = [];
    else this.#due = planned.runs.flatMap((run) => (this.#book.hasEnded(run) ? [] : [run.plan.file.absolutePath]));
  }

  /** Runs what is after all flows, where they were begun; also after an interruption, until the second signal. */
  async #runEnd(): Promise<void> {
    const { last } = this.#planner;
    const planned = last && this.#around.takeEnd();
    if (!planned) return;
    const work = new Stop(this.#signals.undo);
    const exitCode = await runPlanned(planned, { ...last.flags, passWithNoTests: true }, this.#about, {
      interrupt: { work, undo: this.#signals.undo },
      kept: this.#services.keptFor({ isLearnt: false }),
      consumers: [this.#trimmer],
      makeServices: (beside, up) => this.#services.open(beside, up),
    });
    work.leave();
    if (exitCode !== EXIT.passed && !this.#exitCode) this.#exitCode = exitCode;
  }

  #isChosen(run: FlowRun, wish: Wish | undefined, flowFiles: ReadonlySet<string>): boolean {
    if (!run.plan.file.path.includes(this.#only.path)) return false;
    if (flowFiles.has(run.plan.file.absolutePath)) return true;
    if (wish?.kind === 'failed') return this.#book.hasFailed(run);
    if (wish?.kind === 'again') return this.#book.wasLast(run);
    return wish !== undefined;
  }

  #describeRuns(changed: ReadonlySet<string>, { length }: readonly FlowRun[]): string {
    const what = length === 0 ? '' : `: ${countOf(length, 'flow')} to run`;
    const known = [...changed].filter((path) => this.#files.isFollowed(path));
    return `${namePaths(known.length > 0 ? known : changed, this.#about.terminal.cwd)} changed${what}`;
  }

  #tellWait(): void {
    const { last } = this.#planner;
    if (this.#isOver || this.#signals.work.asked || this.#work || !last || last.flags.quiet) return;
    if (this.#wish || this.#changed.size > 0) return;
    this.#say(describeWait({ flowFiles: last.plan.flowFileCount, files: this.#files.count, ...this.#only }));
  }

  #say(text: string, before = ''): void {
    this.#about.terminal.writeError(`${before} ${text}\n`);
  }
}
