import { addTo, countOutcomes, isAuthoringProblem, worstOutcome } from '../../engine/outcome/problems.ts';
import type { BlobFlow } from '../../model/blob-head.ts';
import {
  type FlowFinished,
  isBad,
  type Outcome,
  type Problem,
  type RunEvent,
  type RunFinished,
  type RunNoted,
  type RunStarted,
} from '../../model/events.ts';
import { keyOfFlow } from '../../records/failed-flows.ts';
import { readEvents } from '../../records/read-events.ts';
import { countOf } from '../../util/count.ts';
import { takeShown } from '../../util/take-shown.ts';
import { nameShard } from './check-blobs.ts';
import type { Blob } from './read-blobs.ts';

const MAX_NAMES = 10;

export interface Gaps {
  readonly missing: readonly number[];
  readonly isAllowed: boolean;
}

/** The events of parts as those of one run, with what became of it once they are read. */
export class MergedRun {
  finished: RunFinished | undefined;
  hasBug = false;
  hasMistake = false;
  hasIdleFlow = false;
  readonly #blobs: readonly Blob[];
  readonly #gaps: Gaps;
  /** How often each flow ran. */
  readonly #ran = new Map<string, number>();
  readonly #outcomes = new Set<Outcome>();
  readonly #problems: Problem[] = [];
  #begun: RunStarted | undefined;
  #ends: RunFinished[] = [];
  readonly #flows = countOutcomes([]);
  readonly #steps = countOutcomes([]);
  #flaky = 0;
  #count = 0;
  #at = 0;
  #longestMs = 0;

  constructor(blobs: readonly Blob[], gaps: Gaps) {
    this.#blobs = blobs;
    this.#gaps = gaps;
  }

  /** In the order of the parts; flows are counted through. */
  *read(): Generator<RunEvent> {
    for (const blob of this.#blobs) yield* this.#readPart(blob);
    if (!this.#begun) return;
    const gaps = [...this.#describeMissing(), ...this.#describeUnevenness()];
    for (const { problem, isForgiven } of gaps) {
      if (!isForgiven) this.#addProblem(problem);
      yield { type: 'run_noted', at: this.#at, level: isForgiven ? 'warning' : 'error', text: problem.message };
    }
    this.finished = this.#finish(this.#begun.runId);
    yield this.finished;
  }

  *#readPart(blob: Blob): Generator<RunEvent> {
    const flows = new Map<number, number>();
    const endCount = this.#ends.length;
    let startedAt: number | undefined;
    let endedAt = 0;
    for (const event of readEvents(blob.path)) {
      startedAt ??= event.at;
      endedAt = event.at;
      this.#at = Math.max(this.#at, event.at);
      if (event.type === 'run_started') yield* this.#begin(event, blob);
      else if (event.type === 'run_finished') this.#end(event);
      else if (event.type === 'run_noted') yield this.#nameNote(event, blob);
      else {
        const flow = flows.get(event.flow) ?? this.#count++;
        flows.set(event.flow, flow);
        if (event.type === 'flow_finished') this.#addFlow(event);
        if ('problems' in event) this.#look(event.problems);
        yield nameShardOf({ ...event, flow }, blob);
      }
    }
    if (this.#ends.length > endCount) return;
    this.#longestMs = Math.max(this.#longestMs, endedAt - (startedAt ?? endedAt));
    const message = `${nameShard(blob)} broke off: \`${blob.name}\` ends before its run did`;
    this.#addProblem({ outcome: 'errored', kind: 'missing', message });
    yield { type: 'run_noted', at: this.#at, level: 'error', text: message };
  }

  /** One run begins: that of the first part. */
  *#begin(event: RunStarted, blob: Blob): Generator<RunEvent> {
    const { flows, repeat } = blob.head;
    if (!this.#begun) yield { ...event, flowCount: flows.length * repeat };
    else if (event.seed !== this.#begun.seed) {
      const text = `${nameShard(blob)} has a seed of its own: ${event.seed}`;
      yield { type: 'run_noted', at: event.at, level: 'info', text };
    }
    this.#begun ??= event;
  }

  #nameNote(note: RunNoted, blob: Blob): RunNoted {
    return { ...note, text: `${nameShard(blob)}: ${note.text}` };
  }

  #end(event: RunFinished): void {
    this.#ends.push(event);
    this.#longestMs = Math.max(this.#longestMs, event.durationMs);
    this.#outcomes.add(event.outcome);
    for (const problem of event.problems ?? []) this.#addProblem(problem);
  }

  #addFlow({ about, outcome, retry, skip, counts }: FlowFinished): void {
    if (retry === 'follows') return;
    if (about.role !== undefined) {
      if (isBad(outcome)) this.#outcomes.add(outcome);
      return;
    }
    if (retry === 'flaky') this.#flaky++;
    this.hasIdleFlow ||= skip?.kind === 'nothing_ran';
    this.#outcomes.add(outcome);
    this.#flows[outcome]++;
    addTo(this.#steps, counts);
    const key = keyOfFlow(about);
    this.#ran.set(key, (this.#ran.get(key) ?? 0) + 1);
  }

  #addProblem(problem: Problem): void {
    this.#problems.push(problem);
    this.#outcomes.add(problem.outcome);
    this.#look([problem]);
  }

  #look(problems: readonly Problem[]): void {
    this.hasMistake ||= problems.some(isAuthoringProblem);
    this.hasBug ||= problems.some(({ kind }) => kind === 'internal');
  }

  #describeMissing(): readonly { problem: Problem; isForgiven: boolean }[] {
    const { missing, isAllowed } = this.#gaps;
    const count = this.#blobs[0]?.head.shard.count;
    return missing.map((index) => ({
      problem: { outcome: 'errored', kind: 'missing', message: `shard ${index}/${count} is missing` },
      isForgiven: isAllowed,
    }));
  }

  /** Flows of the whole list that ran in no part, and those that ran in several. */
  #describeUnevenness(): readonly { problem: Problem; isForgiven: boolean }[] {
    const { flows = [], repeat = 1 } = this.#blobs[0]?.head ?? {};
    const wanted = new Map<string, { readonly flow: BlobFlow; count: number }>();
    for (const flow of flows) {
      const known = wanted.get(keyOfFlow(flow)) ?? { flow, count: 0 };
      wanted.set(keyOfFlow(flow), { flow, count: known.count + repeat });
    }
    const all = [...wanted].map(([key, { flow, count }]) => ({ flow, more: (this.#ran.get(key) ?? 0) - count }));
    const nowhere = all.filter(({ more }) => more < 0).map(({ flow }) => flow);
    const twice = all.filter(({ more }) => more > 0).map(({ flow }) => flow);
    const { missing, isAllowed } = this.#gaps;
    return [
      ...(nowhere.length > 0
        ? [describeFlows(nowhere, 'ran in no shard', { kind: 'missing', isForgiven: isAllowed && missing.length > 0 })]
        : []),
      ...(twice.length > 0
        ? [describeFlows(twice, 'ran in more than one shard', { kind: 'authoring', isForgiven: false })]
        : []),
    ];
  }

  #finish(runId: string): RunFinished {
    const interrupted = this.#ends.find((end) => end.interrupted !== undefined)?.interrupted;
    return {
      ...{ type: 'run_finished', at: this.#at, runId, outcome: worstOutcome(this.#outcomes) },
      ...(interrupted && { interrupted }),
      ...{ durationMs: this.#longestMs, flows: this.#flows, steps: this.#steps, problems: this.#problems },
      ...(this.#flaky > 0 && { flaky: this.#flaky }),
    };
  }
}

/** What runs before and after the flows of each part has a name of its own. */
function nameShardOf(event: RunEvent, blob: Blob): RunEvent {
  if (!('about' in event) || event.about.role === undefined) return event;
  return { ...event, about: { ...event.about, name: `${event.about.name} of ${nameShard(blob)}` } };
}

function describeFlows(
  flows: readonly BlobFlow[],
  what: string,
  { kind, isForgiven }: { kind: string; isForgiven: boolean },
): { problem: Problem; isForgiven: boolean } {
  const { shown, hidden } = takeShown(flows.map(nameFlow), MAX_NAMES);
  const more = hidden > 0 ? ` and ${hidden} more` : '';
  const message = `${countOf(flows.length, 'flow')} ${what}: ${shown.join(', ')}${more}`;
  return { problem: { outcome: 'errored', kind, message }, isForgiven };
}

function nameFlow({ file, id, row }: BlobFlow): string {
  return `\`${id}\` of ${file}${row === undefined ? '' : ` row ${row}`}`;
}
