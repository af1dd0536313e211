import type { FlowFinished, OutcomeCounts, RunFinished } from '../../model/events.ts';
import { type FlowAbout, keyOfAttempts } from '../../model/flow-about.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { takeShown } from '../../util/take-shown.ts';
import { SharedFiles } from '../fold/again.ts';
import { FailureGroups } from '../fold/failure-groups.ts';
import type { FlowFailures } from '../fold/failures.ts';
import { describeCounts, markOf, paintOutcome, sumOf } from '../output/outcome.ts';
import { cleanLine, padTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';
import { renderFailureLines } from './failure-lines.ts';
import { renderGroup } from './group-lines.ts';

const MAX_FAILED_FLOWS = 100;
const MAX_FLAKY_FLOWS = 50;

/** A flow that is over. */
export interface EndedFlow {
  readonly event: FlowFinished;
  readonly failures: FlowFailures;
  readonly notReached: number;
  /** Of its own steps. */
  readonly slowest: SlowStep | undefined;
}

export interface SlowStep {
  readonly address: string;
  readonly durationMs: number;
}

interface SlowFlow {
  readonly about: FlowAbout;
  readonly durationMs: number;
  readonly step: SlowStep | undefined;
}

interface FlakyFlow {
  readonly about: FlowAbout;
  /** What was wrong in the attempt before. */
  readonly before: FlowFailures | undefined;
}

/** What stands at the end of a run: the counts, what is wrong once more, which flows are flaky, and which slow. It keeps what it shows. */
export class RunSummary {
  readonly #context: TreeContext;
  readonly #failed = new FailureGroups();
  readonly #flaky: FlakyFlow[] = [];
  #moreFlaky = 0;
  /** What was wrong in attempts that others follow. */
  readonly #before = new Map<string, FlowFailures>();
  #slow: readonly SlowFlow[] = [];
  #notReached = 0;
  readonly #files = new SharedFiles();

  constructor(context: TreeContext) {
    this.#context = context;
  }

  startFlow(about: FlowAbout): void {
    this.#files.add(about);
  }

  /** Gives how many flows failed alike before. */
  endFlow({ event, failures, notReached, slowest }: EndedFlow): number {
    const { about, retry, durationMs } = event;
    const key = keyOfAttempts(about);
    if (retry === 'follows') {
      this.#before.set(key, failures);
      return 0;
    }
    if (retry === 'flaky') this.#addFlaky({ about, before: this.#before.get(key) });
    this.#before.delete(key);
    this.#notReached += notReached;
    const count = this.#context.slowest;
    if (count > 0 && event.outcome !== 'skipped') {
      const all = [...this.#slow, { about, durationMs, step: slowest }];
      this.#slow = all.sort((a, b) => b.durationMs - a.durationMs).slice(0, count);
    }
    return failures.failures.length === 0 ? 0 : this.#failed.add(failures);
  }

  /** The lines; of a run of one flow, whose own end says it already, no counts. */
  render(run: RunFinished, { isAlone }: { isAlone: boolean }): readonly string[] {
    const { shown, hidden } = takeShown(this.#failed.list(), MAX_FAILED_FLOWS);
    const failures = shown.flatMap((group) => {
      const isFileShared = this.#files.has(group.first.file);
      return renderGroup(group, { isOneOfSeveral: !isAlone, isFileShared }, this.#context);
    });
    return [
      ...this.#renderSlow(),
      ...(isAlone ? [] : this.#renderCounts(run)),
      ...failures,
      ...(hidden > 0 ? [` … and ${countOf(hidden, 'more flow')} with failures`] : []),
      ...this.#renderFlaky(),
      ...(run.interrupted ? [` interrupted by ${run.interrupted}`] : []),
    ];
  }

  #addFlaky(flow: FlakyFlow): void {
    if (this.#flaky.length <= MAX_FLAKY_FLOWS) this.#flaky.push(flow);
    else this.#moreFlaky++;
  }

  #renderCounts({ outcome, durationMs, flows, steps, flaky }: RunFinished): readonly string[] {
    const { paint } = this.#context;
    const verdict = paintOutcome(`${outcome} in ${formatDuration(durationMs)}`, outcome, paint);
    const ofFlaky = flaky === undefined ? '' : `   ${paint.yellow(`${flaky} flaky`)}`;
    const counts = `${countFlows(flows)}${ofFlaky}   steps: ${describeCounts(steps, this.#notReached)}`;
    return ['', ` ${markOf(outcome, paint)} ${verdict}   ${counts}`];
  }

  #renderFlaky(): readonly string[] {
    const { paint } = this.#context;
    const { shown, hidden } = takeShown(this.#flaky, MAX_FLAKY_FLOWS, this.#moreFlaky);
    const lines = shown.flatMap(({ about, before }) => [
      ` ${paint.yellow('~')} ${paint.bold(cleanLine(about.name))}   ${cleanLine(about.file)}   flaky: passed at attempt ${about.attempt}, before:`,
      ...(before ? renderFailureLines(before, '     ', this.#context) : []),
    ]);
    return hidden > 0 ? [...lines, ` … and ${countOf(hidden, 'more flow')} that are flaky`] : lines;
  }

  #renderSlow(): readonly string[] {
    if (this.#slow.length === 0) return [];
    const times = this.#slow.map(({ durationMs }) => formatDuration(durationMs));
    const width = Math.max(...times.map((time) => time.length));
    const lines = this.#slow.map(({ about, step }, index) => {
      const ofStep = step ? [`${cleanLine(step.address)} ${formatDuration(step.durationMs)}`] : [];
      const place = `${cleanLine(about.file)}:${about.line}`;
      return `   ${padTo(times[index] ?? '', width)}   ${[cleanLine(about.name), place, ...ofStep].join('   ')}`;
    });
    return ['', ` ${this.#context.paint.dim('slowest')}`, ...lines];
  }
}

function countFlows(flows: OutcomeCounts): string {
  const total = sumOf(flows);
  return `${countOf(total, 'flow')}: ${total === 0 ? 'none' : describeCounts(flows)}`;
}
