import type { Consumer } from '../../model/consumer.ts';
import type { Problem, RunEvent, StepFinished } from '../../model/events.ts';
import { LOAD_METRICS, type LoadMetricName } from '../../model/load/load-metrics.ts';
import type { CheckMeasure, RequestMeasure, ValueMeasure } from '../../model/load/measures.ts';
import { type Channel, METRICS } from '../metrics/meter.ts';
import type { Metric } from '../metrics/samples.ts';
import type { Iteration } from './iteration.ts';
import { type AcceptSink, takeAccepted } from './reconciling.ts';
import type { StepChannels } from './step-tags.ts';
import type { VerdictBook } from './verdict-book.ts';

const MOST_WORDS = 200;

/** Makes samples of what happens in the flows of a load. */
export class StepSampler implements Consumer {
  readonly name = 'load';
  readonly wants = { measures: true, brief: true };
  /** What was wrong last, of whatever. */
  lastProblem: string | undefined;
  readonly #iterations = new Map<number, Iteration>();
  readonly #own = new Map<string, Metric>();
  readonly #book: VerdictBook;
  /** ms since 1970, with fraction. */
  readonly #now: () => number;
  readonly #accepting: AcceptSink | undefined;

  constructor(book: VerdictBook, now: () => number, accepting?: AcceptSink) {
    this.#book = book;
    this.#now = now;
    this.#accepting = accepting;
  }

  /** From now on what the flow at this place of the run does is this iteration's. */
  follow(index: number, iteration: Iteration): void {
    this.#iterations.set(index, iteration);
  }

  leave(index: number): void {
    this.#iterations.delete(index);
  }

  on(event: RunEvent): void {
    if (event.type === 'flow_finished') this.#noteProblem(event.problems);
    if (event.type !== 'step_finished') return;
    this.#noteProblem(event.problems);
    const iteration = this.#iterations.get(event.flow);
    if (iteration) this.#sample(event, iteration);
  }

  async close(): Promise<void> {}

  #noteProblem([problem]: readonly Problem[]): void {
    if (problem) this.lastProblem = problem.message;
  }

  #sample(event: StepFinished, iteration: Iteration): void {
    const { step, outcome, evidence, timing } = event;
    if (outcome === 'skipped') return;
    const { terms } = iteration;
    const isWhole = step.depth === 0;
    const hasFailedBelow = isWhole && (iteration.hasFailedRequest || iteration.hasFailedLook);
    if (isWhole) {
      iteration.hasFailedRequest = false;
      iteration.hasFailedLook = false;
    }
    const channels = terms.tags.ofStep(step, terms.flowId);
    const atMs = this.#now();
    const isCut = outcome === 'errored' && iteration.stop.asked !== undefined && event.problems.some(isEnd);
    const { measures } = evidence;
    let hasFailedRequest = false;
    for (const request of measures?.requests ?? []) {
      const isExpected = request.isMoved || terms.steps.isExpected(step.address, request.status);
      hasFailedRequest ||= !isExpected;
      this.#addRequest(request, { iteration, channels, atMs, isExpected, isCut });
    }
    if (this.#accepting && terms.steps.isAccepting(step.address)) {
      const isExpected = (status: number): boolean => terms.steps.isExpected(step.address, status);
      takeAccepted({ outcome, measures, isExpected }, this.#accepting);
    }
    for (const measure of measures?.values ?? []) {
      const metric = this.#metricOf(measure, iteration);
      if (metric) iteration.add(metric, channels.tags, { value: measure.value, atMs });
    }
    if (isCut) return;
    const isErrored = outcome === 'errored';
    if (!terms.isWarmUp && (isErrored || !terms.steps.isLocal(step.address))) this.#book.noteStep(!isErrored);
    // Looks before the last one are expected to find nothing yet.
    if (step.role === 'look') iteration.hasFailedLook = isErrored || hasFailedRequest;
    if (step.role === 'look' || step.role === 'cleanup') return;
    this.#addChecks(event, { iteration, channels, atMs });
    const isFailed = isErrored || outcome === 'failed';
    const { durationMs } = timing;
    const at = { atMs, origin: iteration.originOf() };
    iteration.addTo(channels.duration, durationMs, at);
    iteration.addTo(channels.groupDuration, durationMs, at);
    iteration.addTo(channels.failed, isFailed ? 1 : 0, at);
    if (isFailed) iteration.addTo(channels.errors, 1, at);
    if (outcome === 'passed' && terms.steps.isMark(step.address))
      iteration.add(METRICS.timeline_marks, channels.tags, { value: 1, atMs });
    if (terms.isWarmUp || !isFailed) return;
    this.#book.noteReason(`${terms.scenario ?? ''} ${step.id}`, describeReason(event));
    const isOfRequest = isErrored || hasFailedRequest || hasFailedBelow;
    // What failed in a control is counted there.
    if (!isWhole) iteration.hasFailedRequest ||= isOfRequest;
    // Beyond a capacity steps fail: of that the search knows.
    else if (terms.hold) terms.hold.noteFailure(isOfRequest ? 'requests' : 'assertions', step.id);
    else this.#book.noteFailure(isOfRequest ? 'request' : 'assertion');
  }

  /** One object for each; undefined for what is no metric of a load. */
  #metricOf({ name, own }: ValueMeasure, iteration: Iteration): Metric | undefined {
    if (!own) return isMetric(name) ? METRICS[name] : undefined;
    let metric = this.#own.get(name);
    if (!metric) {
      metric = iteration.metricLike({ name, kind: own.kind, unit: own.unit });
      this.#own.set(name, metric);
    }
    return metric;
  }

  #addRequest(
    request: RequestMeasure,
    about: { iteration: Iteration; channels: StepChannels; atMs: number; isExpected: boolean; isCut: boolean },
  ): void {
    const { iteration, channels, atMs, isExpected, isCut } = about;
    const of = channels.ofRequest(request, isExpected);
    const { url, sendMs, waitMs, receiveMs } = request;
    const at = { atMs, origin: iteration.originOf(url) };
    iteration.sentBytes += request.sentBytes;
    iteration.receivedBytes += request.receivedBytes;
    // One that we ended ourselves was sent, and says nothing of the service.
    iteration.addTo(of.http_reqs, 1, at);
    if (isCut && request.status === 0) return;
    iteration.addTo(of.http_req_duration, sendMs + waitMs + receiveMs, at);
    iteration.addTo(of.http_req_blocked, request.blockedMs, at);
    iteration.addTo(of.http_req_looking_up, request.dnsMs, at);
    iteration.addTo(of.http_req_connecting, request.connectMs, at);
    iteration.addTo(of.http_req_tls_handshaking, request.tlsMs, at);
    iteration.addTo(of.http_req_sending, sendMs, at);
    iteration.addTo(of.http_req_waiting, waitMs, at);
    iteration.addTo(of.http_req_receiving, receiveMs, at);
    iteration.addTo(of.http_req_failed, isExpected ? 0 : 1, at);
  }

  #addChecks(event: StepFinished, about: { iteration: Iteration; channels: StepChannels; atMs: number }): void {
    const { iteration, channels, atMs } = about;
    const checks = event.evidence.measures?.checks ?? [];
    const when = { atMs, origin: iteration.originOf() };
    const ways = channels.ofChecks(checks);
    for (let at = 0; at < checks.length; at++) {
      const check = checks[at] as CheckMeasure;
      const channel = ways[at] as Channel;
      iteration.addTo(channel, check.holds ? 1 : 0, when);
      const { id } = channel.tags;
      if (check.holds || iteration.terms.isWarmUp || this.#book.firstOf(`${id}`) !== undefined) continue;
      // What an action or a watch found wanting is told beside what is false.
      const isOf = ({ message }: Problem): boolean => message.includes(`\`${check.text.trim()}\``);
      const problem = event.problems.find(isOf) ?? event.problems[0];
      this.#book.noteCheck(`${id}`, `${describeAnswer(event)}${cut(problem?.message ?? '')}`);
    }
  }
}

function isMetric(name: string): name is LoadMetricName {
  return Object.hasOwn(LOAD_METRICS, name);
}

function isEnd({ kind }: Problem): boolean {
  return kind === 'interrupted' || kind === 'stopped';
}

/** In a few words, the same for what fails for the same reason: `502`, `ECONNREFUSED`. */
function describeReason({ evidence, problems: [first] }: StepFinished): string {
  const last = evidence.measures?.requests.at(-1);
  return last ? (last.error ?? String(last.status)) : (first?.code ?? first?.kind ?? 'failed');
}

function describeAnswer({ evidence }: StepFinished): string {
  const last = evidence.measures?.requests.at(-1);
  return last ? `${last.error ?? last.status}, ` : '';
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}
