import type { Done } from '../../model/action/done.ts';
import { leaveOutLarge, leaveOutLargeResult } from '../../model/event-table/too-large.ts';
import type { Captured, Skip, StepOutput, StepRef } from '../../model/events.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { StepMeasures } from '../../model/load/measures.ts';
import type { StepPlan } from '../../model/plan.ts';
import { collectHidden } from '../events/hidden-beside.ts';
import { wantsExchange } from '../events/wants.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import { renderName } from '../names/render-name.ts';
import { placeOfStep } from '../outcome/problems.ts';
import type { Attempt, Begin, Capture, Frame, StepEnd } from './step-types.ts';

const NONE: readonly never[] = [];
/** Of a step that went well, where nobody looks at what it gave. */
const NOTHING_TOLD: StepOutput = { summary: '', captures: NONE, assertionCount: 0 };

export interface FinishedStep {
  readonly frame: Pick<Frame, 'position'>;
  readonly begin: Begin;
  readonly end: StepEnd;
  readonly attempts: number;
  readonly name?: string | undefined;
  readonly skip?: Skip | undefined;
  readonly notes: readonly string[];
  readonly exchange?: (() => Exchange) | undefined;
  readonly measures?: StepMeasures | undefined;
  readonly done?: Done | undefined;
}

/** Emits what happens to the steps of a flow. */
export class StepEvents {
  readonly #facts: FlowFacts;
  readonly #ledger: Ledger;
  readonly #services: Services;

  constructor(facts: FlowFacts, ledger: Ledger, services: Services) {
    this.#facts = facts;
    this.#ledger = ledger;
    this.#services = services;
  }

  /** Notes when a step begins. */
  begin(): Begin {
    const { clock } = this.#services;
    return { startedAt: clock.now(), monotonicMs: clock.monotonic() };
  }

  /** An attempt begins. */
  started({ step, frame, attempt }: Attempt, name: string | undefined): void {
    const { clock, emit, wants } = this.#services;
    if (wants.brief) return;
    const ref = this.#refer(step, frame, name);
    emit({ type: 'step_started', at: clock.now(), flow: this.#facts.index, step: ref, attempt });
  }

  /** A step is over; the exchange is made only when someone is to see it. */
  finished(step: StepPlan, finished: FinishedStep): void {
    const { frame, begin, end, attempts, name, skip, notes, measures, done } = finished;
    const { clock, emit } = this.#services;
    this.#ledger.ran?.add(frame.position.address);
    if (step.phase === 'steps' && !step.action.control?.watches && this.#isOfNote(step))
      this.#ledger.noteStep(step, skip);
    const isBrief = this.#services.wants.brief && end.problems.length === 0;
    emit({
      type: 'step_finished',
      at: clock.now(),
      flow: this.#facts.index,
      step: this.#refer(step, frame, isBrief ? undefined : name),
      location: placeOfStep(step),
      outcome: end.outcome,
      skip,
      problems: end.problems,
      timing: {
        startedAt: begin.startedAt,
        durationMs: Math.max(0, clock.monotonic() - begin.monotonicMs),
        attempts,
      },
      output: isBrief
        ? NOTHING_TOLD
        : {
            summary: end.summary,
            result: this.#selectResult(step, end),
            captures: end.captures.map(toCaptured),
            assertionCount: step.assert.length,
          },
      evidence: isBrief
        ? { details: NONE, notes: NONE, measures }
        : { exchange: this.#buildExchange(finished), details: end.details, notes, measures, done },
    });
  }

  /** A step does not run; gives it as its end. */
  skipped(step: StepPlan, frame: Frame, skip: Skip, notes: readonly string[]): StepEnd {
    const end: StepEnd = {
      outcome: 'skipped',
      skip,
      summary: '',
      result: undefined,
      problems: [],
      captures: [],
      details: [],
      env: frame.context,
    };
    const name = this.#nameSkipped(step, frame.context);
    this.finished(step, { frame, begin: this.begin(), end, attempts: 0, name, skip, notes });
    return end;
  }

  /** Offline nothing is judged of what computes alone, and asserts nothing. */
  #isOfNote({ action, assert }: StepPlan): boolean {
    return !this.#ledger.recorded || action.traits?.isLocal !== 'computed' || assert.length > 0;
  }

  #refer(step: StepPlan, { position }: Pick<Frame, 'position'>, name: string | undefined): StepRef {
    const phase = this.#facts.calledIn ?? step.phase;
    const { address, depth, parent, round, branch, role } = position;
    return { address, depth, parent, round, branch, role, id: step.id, name, phase, action: step.action.name };
  }

  /** What it hides by its place is masked in the problems, too: then it is there though nobody wants it, and nobody gets it. */
  #selectResult({ action }: StepPlan, { result, problems }: StepEnd): StepEnd['result'] {
    const shown = leaveOut(action.result.whole, result);
    // What problems may quote is masked by what it is in the result.
    if (this.#services.wants.results) return problems.length > 0 ? shown : shown && leaveOutLargeResult(shown);
    return problems.length > 0 && collectHidden(shown) ? shown : undefined;
  }

  /** A step that does not run may have a name that cannot be made yet; then it has none. */
  #nameSkipped(step: StepPlan, context: Frame['context']): string | undefined {
    try {
      return renderName(step, context, this.#services.createHost(`${step.address}#name`));
    } catch {
      return undefined;
    }
  }

  #buildExchange({ end, exchange }: FinishedStep): Exchange | undefined {
    if (!exchange || !wantsExchange(this.#services.wants, end.outcome)) return undefined;
    try {
      return exchange();
    } catch (error) {
      this.#services.reportBug(error);
      return undefined;
    }
  }
}

function toCaptured({ name, value, isSecret }: Capture): Captured {
  return isSecret ? { name, isSecret } : { name, value: leaveOutLarge(value), isSecret };
}

/** The result without what stands in it twice. */
function leaveOut(whole: string | undefined, result: StepEnd['result']): StepEnd['result'] {
  if (whole === undefined || result === undefined) return result;
  const { [whole]: _, ...rest } = result;
  return rest;
}
