import { selectWanted } from '../../src/engine/events/wants.ts';
import type { Value } from '../../src/expr/index.ts';
import type { Consumer } from '../../src/model/consumer.ts';
import {
  EVENT_VERSION,
  type Evidence,
  type FlowFinished,
  type FlowStarted,
  type FlowValues,
  type LogWritten,
  type Outcome,
  type OutcomeCounts,
  type Problem,
  type RunEvent,
  type RunFinished,
  type RunNoted,
  type RunStarted,
  type SkipKind,
  type StepFinished,
  type StepOutput,
  type StepPosition,
  type StepProgress,
  type StepRef,
  type StepRemembered,
  type StepTiming,
} from '../../src/model/events.ts';
import type { FlowAbout } from '../../src/model/flow-about.ts';
import type { FlowOutput } from '../../src/model/flow-output.ts';

/** What differs from a step that passed, whichever part of its event it stands in. */
export type StepDetails = Partial<Omit<StepRef, 'address'>> &
  Partial<StepTiming> &
  Partial<StepOutput> &
  Partial<Evidence> &
  Partial<Pick<StepFinished, 'location' | 'outcome' | 'skip' | 'problems'>>;

type FlowDetails = Partial<FlowAbout> &
  Partial<FlowValues> &
  Partial<Pick<FlowStarted, 'flow' | 'isPartial' | 'replayOf' | 'longestId'>>;
type FlowEnd = Partial<FlowOutput> & Partial<Omit<FlowFinished, 'type' | 'about' | 'output'>>;

const START = Date.UTC(2026, 0, 31, 10);
/** The kinds of skips that have words of their own. */
const SKIPS: Readonly<Record<string, SkipKind>> = { 'not reached': 'not_reached', 'when is false': 'when' };
const NO_COUNTS: OutcomeCounts = { passed: 0, failed: 0, errored: 0, skipped: 0 };

/** Builds the events of a run by hand, in order, with the counts that the engine would give. */
export class EventBuilder {
  readonly events: RunEvent[] = [];
  #at = START;
  #flow = -1;
  #about: FlowAbout = { id: '', name: '', file: '', line: 1, traceId: '', tags: [] };
  #counts = { ...NO_COUNTS };
  readonly #running = new Set<string>();
  #flowCounts = { ...NO_COUNTS };
  #stepCounts = { ...NO_COUNTS };

  run(details: Partial<RunStarted> = {}): this {
    return this.#add({
      type: 'run_started',
      at: this.#at,
      version: EVENT_VERSION,
      testmesh: '0.1.0',
      runId: 'run-1',
      seed: 4711,
      isSeedFixed: false,
      flowCount: 1,
      ...details,
    });
  }

  flow(details: FlowDetails = {}): this {
    const {
      flow = this.#flow + 1,
      isPartial = false,
      replayOf,
      longestId,
      overrides,
      variables,
      volatileNames,
      ...about
    } = details;
    this.#flow++;
    this.#counts = { ...NO_COUNTS };
    this.#about = {
      id: 'order',
      name: 'Order is placed',
      file: 'flows/order.yaml',
      line: 1,
      traceId: '0123456789abcdef0123456789abcdef',
      tags: [],
      ...about,
    };
    const inputs = { overrides: overrides ?? [], variables: variables ?? {}, volatileNames: volatileNames ?? [] };
    const started = { at: this.#at, flow, about: this.#about, inputs, isPartial, replayOf, longestId };
    return this.#add({ type: 'flow_started', ...started });
  }

  start(address: string, { attempt = 1, ...details }: Partial<StepRef> & { readonly attempt?: number } = {}): this {
    const step = { ...this.#locate(address), action: 'http_request', ...details };
    this.#running.add(address);
    return this.#add({ type: 'step_started', at: this.#at, flow: this.#flow, step, attempt });
  }

  progress(address: string, text: string): this {
    return this.#add({
      type: 'step_progress',
      at: this.#at,
      flow: this.#flow,
      step: this.#locate(address),
      text,
    } satisfies StepProgress);
  }

  log(address: string, message: string, details: Partial<LogWritten> = {}): this {
    const log = { at: this.#at, flow: this.#flow, step: this.#locate(address), level: 'info', message } as const;
    return this.#add({ type: 'log_written', ...log, ...details });
  }

  remember(address: string, key: string, value: Value): this {
    const remembered = { at: this.#at, flow: this.#flow, step: this.#locate(address), key, value } satisfies Omit<
      StepRemembered,
      'type'
    >;
    return this.#add({ type: 'step_remembered', ...remembered });
  }

  finish(address: string, details: StepDetails = {}): this {
    const { durationMs = 12, attempts = 1, startedAt = this.#at, ...given } = details;
    const {
      assertionCount = 1,
      summary = summarize(details.problems, assertionCount),
      captures = [],
      result,
      ...more
    } = given;
    const { exchange, details: lines = [], notes = [], outcome = 'passed', ...rest } = more;
    const { skip, problems = [], location, ...ref } = rest;
    this.#at += durationMs;
    const step = { ...this.#locate(address), action: 'http_request', ...ref };
    this.#running.delete(address);
    if (step.depth === 0) this.#counts[outcome]++;
    return this.#add({
      type: 'step_finished',
      at: this.#at,
      flow: this.#flow,
      step,
      location: location ?? { file: this.#about.file, line: 10, column: 7, endLine: 14, endColumn: 1 },
      outcome,
      ...(skip && { skip }),
      problems,
      timing: { startedAt, durationMs, attempts },
      output: { summary, ...(result === undefined ? {} : { result }), captures, assertionCount },
      evidence: { ...(exchange === undefined ? {} : { exchange }), details: lines, notes },
    });
  }

  /** A step that starts and finishes. */
  step(address: string, details: StepDetails = {}): this {
    const { name, action, role } = details;
    this.start(address, { ...(name && { name }), ...(action && { action }), ...(role && { role }) });
    return this.finish(address, details);
  }

  /** Steps that are not run, one after another. */
  skip(reason: string, ...addresses: readonly string[]): this {
    for (const address of addresses)
      this.finish(address, {
        outcome: 'skipped',
        skip: { kind: SKIPS[reason] ?? 'skip', reason },
        durationMs: 0,
        summary: '',
      });
    return this;
  }

  endFlow(outcome: Outcome = 'passed', { captures = {}, secretNames = [], ...details }: FlowEnd = {}): this {
    this.#flowCounts[outcome]++;
    for (const word of ['passed', 'failed', 'errored', 'skipped'] as const)
      this.#stepCounts[word] += this.#counts[word];
    return this.#add({
      type: 'flow_finished',
      at: this.#at,
      flow: this.#flow,
      about: this.#about,
      outcome,
      durationMs: 412,
      counts: this.#counts,
      output: { captures, secretNames },
      problems: [],
      ...details,
    });
  }

  endRun(outcome: Outcome = 'passed', details: Partial<RunFinished> = {}): this {
    return this.#add({
      type: 'run_finished',
      at: this.#at,
      runId: 'run-1',
      outcome,
      durationMs: 3210,
      flows: this.#flowCounts,
      steps: this.#stepCounts,
      ...details,
    });
  }

  note(level: RunNoted['level'], text: string): this {
    return this.#add({ type: 'run_noted', at: this.#at, level, text });
  }

  /** Moves the events of other flows behind: as workers would, events of several flows come interleaved. */
  add(...events: readonly RunEvent[]): this {
    this.events.push(...events);
    return this;
  }

  /** Hands a consumer all events, with what it wants of them, and closes it. */
  async play(consumer: Consumer): Promise<void> {
    for (const event of this.events) {
      const selected = selectWanted(event, consumer.wants);
      if (selected) consumer.on(selected);
    }
    await consumer.close();
  }

  /** Where a step stands among those that have started and not finished. */
  #locate(address: string): StepPosition & Pick<StepRef, 'id' | 'phase'> {
    const head = address.split('/')[0];
    const phase = head === 'setup' || head === 'teardown' ? head : 'steps';
    const parts = (phase === 'steps' ? address : address.slice(phase.length + 1)).split('>');
    const parent = [...this.#running].findLast((one) => address.startsWith(`${one}>`) || address.startsWith(`${one}[`));
    const [, round, branch] = /^(?:\[(\d+)\])?>?(?:(.*)>)?/.exec(address.slice(parent?.length)) ?? [];
    return {
      address,
      id: parts.at(-1) ?? address,
      phase,
      depth: parts.length - 1,
      ...(parent !== undefined && { parent }),
      ...(parent !== undefined && round !== undefined && { round: Number(round) }),
      ...(parent !== undefined && branch !== undefined && { branch }),
    };
  }

  #add(event: RunEvent): this {
    this.events.push(event);
    return this;
  }
}

/** The words of the engine. */
function summarize(problems: readonly Problem[] = [], total: number): string {
  const broken = problems.filter(({ kind }) => kind === 'assertion').length;
  const noun = total === 1 ? 'assertion' : 'assertions';
  return broken === 0 || total === 0
    ? '201'
    : `201, ${broken} of ${total} ${noun} ${broken === 1 ? 'is' : 'are'} false`;
}

/** A failed assertion about a total, with the lines around it and the values of its parts. */
export function failedAssertion(): Problem {
  return {
    outcome: 'failed',
    kind: 'assertion',
    message: 'assertion is false',
    location: {
      file: 'flows/order.yaml',
      line: 61,
      column: 11,
      endLine: 61,
      endColumn: 41,
      excerpt: [
        { line: 60, text: '        - status == 201' },
        { line: 61, text: '        - body.total == price * quantity' },
      ],
    },
    explained: {
      parts: [
        { offset: 0, length: 10, text: 'body.total', type: 'float', value: 60.98 },
        { offset: 14, length: 16, text: 'price * quantity', type: 'float', value: 59.98 },
      ],
    },
  };
}

/** A connection that was refused. */
export function refusedConnection(): Problem {
  return {
    outcome: 'errored',
    kind: 'connection',
    code: 'ECONNREFUSED',
    message: 'nothing answers at `localhost:5003`',
    location: {
      file: 'flows/order.yaml',
      line: 20,
      column: 14,
      endLine: 20,
      endColumn: 27,
      excerpt: [{ line: 20, text: '        url: "{{ORDER_URL}}/orders"' }],
    },
    hints: ['start the service, or set `ORDER_URL`'],
  };
}
