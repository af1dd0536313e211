import type { FlowFinished, Problem, RunEvent, StepFinished } from '../../model/events.ts';
import { toSlashes } from '../run-folders.ts';
import { HISTORY_VERSION, type HistoryEntry, type HistoryFlow, type HistoryStep } from './entry.ts';

const MOST_STEPS = 1_000;
const LONGEST_CAUSE = 200;

/** Makes the entry of one run from its events; of flows whose steps were chosen nothing is kept. */
export class HistoryFold {
  #runId: string | undefined;
  #startedAt = 0;
  readonly #steps = new Map<number, HistoryStep[]>();
  readonly #flows: HistoryFlow[] = [];

  add(event: RunEvent): void {
    if (event.type === 'run_started') {
      this.#runId = event.runId;
      this.#startedAt = event.at;
    } else if (event.type === 'flow_started' && !event.isPartial) this.#steps.set(event.flow, []);
    else if (event.type === 'step_finished') this.#addStep(event);
    else if (event.type === 'flow_finished') this.#addFlow(event);
  }

  /** Undefined where the events are of no run, or no flow of it ended. */
  finish(commit: string | undefined): HistoryEntry | undefined {
    if (this.#runId === undefined || this.#flows.length === 0) return undefined;
    return {
      type: 'history',
      version: HISTORY_VERSION,
      runId: this.#runId,
      startedAt: this.#startedAt,
      ...(commit !== undefined && { commit }),
      flows: this.#flows,
    };
  }

  /** Steps inside of others count where they did not pass: a loop has as many as it likes. */
  #addStep({ flow, step, outcome, timing, problems }: StepFinished): void {
    const steps = this.#steps.get(flow);
    if (!steps || outcome === 'skipped' || steps.length >= MOST_STEPS) return;
    if (step.depth > 0 && outcome === 'passed') return;
    const cause = describeCause(problems);
    steps.push({
      address: step.address,
      outcome,
      durationMs: toMicroseconds(timing.durationMs),
      ...(cause !== undefined && { cause }),
    });
  }

  #addFlow({ flow, about, outcome, retry, durationMs, problems }: FlowFinished): void {
    const steps = this.#steps.get(flow);
    this.#steps.delete(flow);
    if (!steps || retry === 'follows' || outcome === 'skipped') return;
    const own = describeCause(problems);
    if (own !== undefined) steps.push({ address: '', outcome, durationMs: 0, cause: own });
    const { file, id, row, name } = about;
    this.#flows.push({
      file: toSlashes(file),
      id,
      ...(row !== undefined && { row }),
      name,
      outcome,
      ...(retry === 'flaky' && { isFlaky: true }),
      durationMs: toMicroseconds(durationMs),
      steps,
    });
  }
}

/** The first of what was wrong, in a line. */
function describeCause(problems: readonly Problem[]): string | undefined {
  return problems[0]?.message.split('\n')[0]?.slice(0, LONGEST_CAUSE);
}

/** Milliseconds to the microsecond. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
