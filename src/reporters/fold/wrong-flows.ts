import {
  type FlowFinished,
  isBad,
  type Location,
  type Outcome,
  type Problem,
  type RunEvent,
  type RunFinished,
  type RunNoted,
} from '../../model/events.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { FlowAbout } from '../../model/flow-about.ts';
import { type Shown, takeShown } from '../../util/take-shown.ts';
import { SharedFiles } from './again.ts';
import { type FailureGroup, FailureGroups } from './failure-groups.ts';
import type { EarlierFailure, FlowFailures } from './failures.ts';
import type { CasesAbout, CountedStep, FlowCases } from './flow-cases.ts';
import { RunCases } from './run-cases.ts';

/** Of so many flows all is kept that is known of what is wrong with them; of others a line for each failure. */
const MAX_KNOWN = 200;
const MAX_STEPS = 20;
const MAX_LISTED = 50;
/** From so many alike on nothing more is kept of each. */
const LEAST_ALIKE = 3;

/** A step, or a flow by itself, that is wrong. */
export interface WrongStep {
  /** Address of the step; empty for the flow itself. */
  readonly address: string;
  readonly outcome: Outcome;
  readonly place: Pick<Location, 'file' | 'line'> & Partial<Location>;
  readonly problems: readonly Problem[];
  readonly exchange: Exchange | undefined;
}

/** Flows that fail for one reason. */
export interface WrongGroup extends FailureGroup {
  /** What is wrong with the first of them; none where there are too many. */
  readonly steps: readonly WrongStep[];
  readonly isFileShared: boolean;
}

export interface FlakyFlow {
  readonly about: FlowAbout;
  readonly earlier: readonly EarlierFailure[];
}

export interface SlowFlow {
  readonly about: FlowAbout;
  readonly durationMs: number;
}

/** Of the first flow of a group so many steps, and how many failures of it there are besides. */
export function takeSteps({ first, steps }: WrongGroup, max: number): Shown<WrongStep> {
  const more = Math.max(0, first.failures.length + first.more - steps.length);
  const { shown, hidden } = takeShown(steps, max, more);
  return { shown, hidden: steps.length > 0 ? hidden : 0 };
}

/** What is wrong in a run, by cause, for reports that say little else. It keeps what they show, and counts the rest. */
export class WrongFlows {
  readonly notes: RunNoted[] = [];
  readonly flaky: FlakyFlow[] = [];
  flakyCount = 0;
  slow: readonly SlowFlow[] = [];
  readonly #slowest: number;
  readonly #files = new SharedFiles();
  readonly #groups = new FailureGroups();
  readonly #steps = new Map<FlowFailures, readonly WrongStep[]>();
  readonly #cases = new RunCases<WrongStep | undefined>({
    makeStep,
    makeFlow,
    onFlow: (flow) => this.#add(flow),
    onNote: (note) => this.notes.length < MAX_LISTED && this.notes.push(note),
  });

  constructor({ slowest = 0 }: { readonly slowest?: number | undefined } = {}) {
    this.#slowest = slowest;
  }

  /** Notes of a run that are more than news. */
  get warnings(): readonly RunNoted[] {
    return this.notes.filter(({ level }) => level !== 'info');
  }

  get finished(): RunFinished | undefined {
    return this.#cases.finished;
  }

  on(event: RunEvent): void {
    if (event.type === 'flow_started') this.#files.add(event.about);
    this.#cases.on(event);
  }

  /** Everything that was wrong; after the last event. */
  end(): readonly WrongGroup[] {
    this.#cases.end();
    return this.#groups.list().map((group) => {
      const { first, members } = group;
      const isFileShared = this.#files.has(first.file);
      return { first, members, steps: this.#steps.get(first) ?? [], isFileShared };
    });
  }

  #add({ start, finished, failures, cases, earlier }: FlowCases<WrongStep | undefined>): void {
    const { about } = start;
    if (finished?.retry === 'flaky' && ++this.flakyCount <= MAX_LISTED) this.flaky.push({ about, earlier });
    if (finished && finished.outcome !== 'skipped') this.#time(about, finished.durationMs);
    if (failures.failures.length === 0) return;
    const alike = this.#groups.add(failures);
    if (alike >= LEAST_ALIKE || this.#steps.size >= MAX_KNOWN) return;
    this.#steps.set(failures, cases.filter((one) => one !== undefined).slice(0, MAX_STEPS));
  }

  #time(about: FlowAbout, durationMs: number): void {
    if (this.#slowest === 0) return;
    const all = [...this.slow, { about, durationMs }];
    this.slow = all.sort((a, b) => b.durationMs - a.durationMs).slice(0, this.#slowest);
  }
}

function makeStep({ step }: CountedStep, { start }: CasesAbout): WrongStep | undefined {
  if (!isBad(step.outcome)) return undefined;
  const { outcome, problems, evidence } = step;
  const at = problems[0]?.location ?? step.location;
  const place = { ...at, file: at.file || start.about.file };
  return { address: step.step.address, outcome, place, problems, exchange: evidence.exchange };
}

function makeFlow({ outcome, problems }: FlowFinished, { start }: CasesAbout): WrongStep | undefined {
  if (!isBad(outcome)) return undefined;
  const { file, line } = start.about;
  return { address: '', outcome, place: problems[0]?.location ?? { file, line }, problems, exchange: undefined };
}
