import type { ActionOutcome } from '../../model/action/outcome.ts';
import { ActionError, type ChildOutcome } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';
import type { RecordedStep } from '../../model/inputs.ts';
import type { StepPlan } from '../../model/plan.ts';
import { toPlanAddress } from '../../model/walk-steps.ts';
import type { Bounded } from '../../stop/run-bounded.ts';
import type { Stop } from '../../stop/stop.ts';
import { stoppedByControl } from '../../stop/stop-error.ts';
import { countOf } from '../../util/count.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { type Acted, skipActed } from '../outcome/acted.ts';
import { describeStop } from '../outcome/thrown.ts';
import type { ChildIo } from '../run/child-runner.ts';
import type { Frame, StepNotes } from '../run/step-types.ts';
import { refuseComputed, refuseHidden } from './hidden-reads.ts';
import type { RecordedSteps } from './recorded-steps.ts';
import { compareSettings, listConditions, withoutConditions } from './settings-digest.ts';
import { describeDifferent, notJudged, takeDone } from './take-done.ts';

/** One attempt of a step without any contact. */
export interface OfflineAttempt {
  readonly step: StepPlan;
  readonly frame: Frame;
  readonly around: Surroundings;
  readonly config: unknown;
  readonly settings: readonly string[];
}

/** Ends a control whose steps have nothing more to be judged by. */
class NothingMore extends Error {
  override readonly name = 'NothingMore';
}

/** Of what would be measured anew, and be another. */
const NOT_KNOWN = '***';

/** What becomes of a step of which nothing is done: what was recorded is taken, and what computes or runs others does so over that. */
export class OfflineStep {
  readonly #recorded: RecordedSteps;
  readonly #attempt: OfflineAttempt;
  readonly #was: RecordedStep | undefined;

  constructor(recorded: RecordedSteps, attempt: OfflineAttempt) {
    this.#recorded = recorded;
    this.#attempt = attempt;
    this.#was = recorded.take(attempt.frame.position.address);
  }

  /** What was sent and received then, for those who look at it. */
  get exchange(): StepNotes['exchange'] {
    const exchange = this.#was?.finished.evidence.exchange;
    return exchange && (() => exchange);
  }

  /** What takes the place of the action; undefined where it runs all the same. */
  takeInstead(): Acted | undefined {
    const { step, settings, config, around } = this.#attempt;
    const { runId } = this.#recorded;
    const isDone = step.children.length > 0 || step.action.traits?.isLocal === 'computed' || step.calls;
    if (!isDone) return takeDone(this.#was, { step, settings, config, around, runId });
    if (step.children.length === 0) return undefined;
    const refused = listConditions(config).map(({ at }) => refuseHidden(at, around.env));
    return toThrown(refused.find((problem) => problem));
  }

  /** What a control runs its steps with. */
  surround(io: ChildIo): ChildIo {
    return {
      ...io,
      runStep: async (child, choices = {}) => {
        const below = child.address.slice(toPlanAddress(this.#attempt.step.address).length);
        const address = `${this.#attempt.frame.position.address}${below}`;
        if (choices.isProbe && !this.#recorded.hasLook(address)) return this.#endLooking(address, choices.stop);
        const end = await io.runStep(child, choices);
        if (end.skip?.kind === 'not_judged') throw new NothingMore();
        this.#refuse(end.env);
        return end;
      },
      runSteps: async (children, choices = {}) => {
        const end = await io.runSteps(children, choices);
        // What a round carries on is not known without it.
        if (choices.carried && this.#findUnjudged() !== undefined) throw new NothingMore();
        if (choices.carried) this.#refuse(end.env);
        return end;
      },
    };
  }

  /** A control that was left because there is nothing more to be judged by has ended. */
  endEarly(bounded: Bounded<ActionOutcome>): Bounded<ActionOutcome> {
    const isOver = bounded.kind === 'threw' && bounded.error instanceof NothingMore;
    return isOver ? { kind: 'done', value: { result: {}, summary: '' } } : bounded;
  }

  /** What came of an action that ran over what was recorded. */
  judgeOwn(acted: Acted): Acted {
    const { step, config, around } = this.#attempt;
    if (step.children.length === 0) {
      if (acted.kind === 'threw') return acted;
      return toThrown(refuseComputed(listConditions(config), acted.outcome.result, around.env)) ?? acted;
    }
    const unjudged = this.#findUnjudged();
    const hasFailed = (acted.children?.problems.length ?? 0) > 0;
    if (unjudged !== undefined) return hasFailed ? acted : skipActed(notJudged(unjudged));
    if (acted.kind === 'threw' && acted.thrown.problem.kind === 'authoring') return acted;
    const isOwnEnd = acted.kind === 'threw' || (acted.outcome.problems ?? []).length > 0;
    if (isOwnEnd && !hasFailed) return this.#judgeOwnEnd(acted);
    return acted.kind === 'done' ? { ...acted, outcome: this.#restoreTimes(acted.outcome) } : acted;
  }

  /** A control that ends for a reason of its own has to be the same control. */
  #judgeOwnEnd(acted: Acted): Acted {
    const { runId } = this.#recorded;
    const different = this.#compare();
    if (!different) return skipActed(notJudged(`run ${runId} has no record of it`));
    return different.length === 0 ? acted : skipActed(notJudged(describeDifferent(different, runId)));
  }

  /** How long it took is what it was, where it went the same way. */
  #restoreTimes(outcome: ActionOutcome): ActionOutcome {
    const result = { ...outcome.result };
    const was = this.#was?.finished.output.result;
    for (const key of Object.keys(this.#attempt.step.action.result.keys)) {
      if (!key.endsWith('_ms') || !(key in result)) continue;
      result[key] = was && was['attempts'] === result['attempts'] ? (was[key] ?? null) : NOT_KNOWN;
    }
    return { ...outcome, result };
  }

  /** There is no further look: a poll that gave up then does so, and any other is not judged. */
  #endLooking(address: string, stop: Stop | undefined): ChildOutcome {
    const done = this.#was?.finished.evidence.done;
    const gaveUp = done !== undefined && (done.isThrown || done.problemCount > 0);
    const looked = `run ${this.#recorded.runId} has ${countOf(this.#recorded.count(address), 'look')}`;
    const reason = stoppedByControl(looked);
    if (!gaveUp || !stop || this.#compare()?.length !== 0) {
      this.#recorded.leave(address, `${looked}, and it would look on`);
      throw new NothingMore();
    }
    stop.end(reason);
    const { env } = this.#attempt.around;
    const none = { result: undefined, details: [], captures: {}, summary: '' };
    return { ...none, outcome: 'errored', problems: [describeStop(reason)], env };
  }

  #compare(): readonly string[] | undefined {
    const { settings, config } = this.#attempt;
    const before = this.#was?.finished.evidence.done?.settings;
    return before && compareSettings(withoutConditions(before, config), withoutConditions(settings, config));
  }

  #findUnjudged(): string | undefined {
    return this.#recorded.findUnjudgedBelow(this.#attempt.frame.position.address);
  }

  /** @throws ActionError where a condition of the control reads what no record keeps */
  #refuse(env: Surroundings['env']): void {
    for (const { at } of listConditions(this.#attempt.config)) {
      const problem = refuseHidden(at, env);
      if (problem) throw new ActionError(problem);
    }
  }
}

function toThrown(problem: Problem | undefined): Acted | undefined {
  return problem && { kind: 'threw', thrown: { problem, details: [], data: {}, source: 'flow' } };
}
