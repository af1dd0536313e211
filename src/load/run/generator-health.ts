import type { Clock } from '../../model/action/resources.ts';
import { Histogram, type HistogramData } from '../metrics/histogram.ts';
import type { GeneratorSummary } from '../metrics/load-summary.ts';

const BEAT_MS = 20;
/** More of a core than this, for so many seconds on end, is more than a generator may use. */
const MOST_CPU = 0.8;
const MOST_BUSY_SECONDS = 5;
const MOST_DELAY_MS = 10;
/** Arrivals keep to their plan while they are behind by no more than this share of all that were due, and so many. */
const MOST_BEHIND_SHARE = 0.01;
const MOST_BEHIND = 2;
/** Of fewer, one late timer would be the 99th percentile. */
const FEWEST = 100;

/** What was seen of a generator: how late timers were, and iterations. */
export interface HealthData {
  readonly delays: HistogramData;
  readonly lags: HistogramData;
  /** How many arrivals waited to begin, of those that were due, at the worst. */
  readonly behind: { readonly count: number; readonly due: number } | undefined;
}

/** Watches whether the generator itself keeps up. */
export class GeneratorHealth {
  readonly #clock: Clock;
  /** So many threads share the work. */
  readonly #threads: number;
  readonly #delays = new Histogram();
  readonly #lags = new Histogram();
  readonly #startedAt: number;
  readonly #startedCpu: number;
  #lookedAt: number;
  #lookedCpu: number;
  #busySeconds = 0;
  #mostBusySeconds = 0;
  #behind: HealthData['behind'];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, threads = 1) {
    this.#clock = clock;
    this.#threads = threads;
    this.#startedAt = clock.monotonic();
    this.#startedCpu = clock.cpuMs();
    this.#lookedAt = this.#startedAt;
    this.#lookedCpu = this.#startedCpu;
  }

  /** Calls back with how late a timer is, some fifty times a second. */
  start(onDelay: (ms: number) => void): void {
    const dueAt = this.#clock.monotonic() + BEAT_MS;
    this.#cancel = this.#clock.after(BEAT_MS, () => {
      const ms = Math.max(0, this.#clock.monotonic() - dueAt);
      this.#delays.record(ms);
      onDelay(ms);
      this.start(onDelay);
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  noteLag(ms: number): void {
    this.#lags.record(ms);
  }

  noteBehind(count: number, due: number): void {
    if (count > MOST_BEHIND + MOST_BEHIND_SHARE * due && count > (this.#behind?.count ?? 0))
      this.#behind = { count, due };
  }

  /** What was seen, which begins anew. */
  take(): HealthData {
    const taken = { delays: this.#delays.toJSON(), lags: this.#lags.toJSON(), behind: this.#behind };
    this.#behind = undefined;
    this.#delays.clear();
    this.#lags.clear();
    return taken;
  }

  /** Adds what was seen in a thread. */
  addAll({ delays, lags, behind }: HealthData): void {
    this.#delays.addAll(Histogram.from(delays));
    this.#lags.addAll(Histogram.from(lags));
    if (behind && behind.count > (this.#behind?.count ?? 0)) this.#behind = behind;
  }

  /** The share of a core that was used since the last look, on the average of the threads; called once a second. */
  look(): number {
    const now = this.#clock.monotonic();
    const cpuMs = this.#clock.cpuMs();
    const ms = (now - this.#lookedAt) * this.#threads;
    const cpu = ms > 0 ? (cpuMs - this.#lookedCpu) / ms : 0;
    this.#lookedAt = now;
    this.#lookedCpu = cpuMs;
    this.#busySeconds = cpu > MOST_CPU ? this.#busySeconds + ms / 1000 / this.#threads : 0;
    this.#mostBusySeconds = Math.max(this.#mostBusySeconds, this.#busySeconds);
    return cpu;
  }

  describe(): GeneratorSummary {
    const ms = (this.#clock.monotonic() - this.#startedAt) * this.#threads;
    const cpu = ms > 0 ? (this.#clock.cpuMs() - this.#startedCpu) / ms : 0;
    const eventLoopP99Ms = this.#delays.percentile(99);
    const schedulerLagP99Ms = this.#lags.percentile(99);
    const notes: string[] = [];
    if (this.#mostBusySeconds >= MOST_BUSY_SECONDS)
      notes.push(
        `it used more than ${MOST_CPU * 100} % of a core${this.#threads > 1 ? ' for each thread,' : ''} for ${Math.round(this.#mostBusySeconds)} s`,
      );
    if (eventLoopP99Ms > MOST_DELAY_MS && this.#delays.count >= FEWEST)
      notes.push(`its event loop was ${round(eventLoopP99Ms)} ms late (p99)`);
    if (schedulerLagP99Ms > MOST_DELAY_MS && this.#lags.count >= FEWEST)
      notes.push(`iterations began ${round(schedulerLagP99Ms)} ms late (p99)`);
    if (this.#behind)
      notes.push(`arrivals were up to ${this.#behind.count} behind their plan, of ${this.#behind.due} that were due`);
    return { saturated: notes.length > 0, cpu, eventLoopP99Ms, schedulerLagP99Ms, notes };
  }
}

function round(ms: number): string {
  return ms.toFixed(1);
}
