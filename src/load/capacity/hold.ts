import type { Clock } from '../../model/action/resources.ts';
import type { FindCapacityExecutor, ThresholdPlan } from '../../model/load/load-plan.ts';
import type { CapacityLimit, GaveWay, HoldSummary, ThresholdSummary } from '../metrics/load-summary.ts';
import { findWorstStep } from '../metrics/merged.ts';
import { METRICS, Meter } from '../metrics/meter.ts';
import type { GeneratorHealth } from '../run/generator-health.ts';
import { evaluateThreshold, holds } from '../thresholds/evaluate.ts';
import { countUnjudged, type JudgedFacts } from '../thresholds/unjudged.ts';

/** An arrival may be so late, as a share of the time for which a rate is kept, and it was that rate still. */
const LATE_SHARE = 0.01;
const LATE_MS = 50;

export interface HoldTerms {
  readonly rate: number;
  readonly executor: FindCapacityExecutor;
  readonly checks: JudgedFacts['checks'];
  readonly allowsEmpty: boolean;
  readonly clock: Clock;
  /** Of this time alone. */
  readonly health: GeneratorHealth;
}

/** What comes of the iterations that begin while one rate is kept. */
export class Hold {
  /** Their samples, and no others. */
  readonly meter = new Meter();
  readonly #terms: HoldTerms;
  readonly #startedAt: number;
  readonly #failures = { requests: 0, assertions: 0, isNothingDone: false };
  readonly #failedSteps = new Map<string, number>();
  /** Since when what gave way did. */
  readonly #since = new Map<ThresholdPlan | 'failures' | 'dropped' | 'unfinished', number>();
  #iterations = 0;
  #dropped = 0;
  #unfinished = 0;
  #durationMs = 0;

  constructor(terms: HoldTerms) {
    this.#terms = terms;
    this.#startedAt = terms.clock.monotonic();
    terms.health.start(() => undefined);
  }

  get rate(): number {
    return this.#terms.rate;
  }

  /** Whether nothing more needs to be seen of this rate. */
  get isOver(): boolean {
    return this.#dropped > 0;
  }

  noteBegun(lagMs: number): void {
    this.#iterations += 1;
    this.#terms.health.noteLag(lagMs);
  }

  noteDropped(count: number): void {
    this.#dropped += count;
    this.#begin('dropped');
    this.look();
  }

  noteFailure(kind: 'requests' | 'assertions', step: string): void {
    this.#failures[kind] += 1;
    this.#failedSteps.set(step, (this.#failedSteps.get(step) ?? 0) + 1);
    this.#begin('failures');
  }

  /** Looks which thresholds hold so far: at the end the one counts that has not held for longest. */
  look(): void {
    for (const threshold of this.#terms.executor.thresholds) {
      if (this.#evaluate(threshold).passed) this.#since.delete(threshold);
      else this.#begin(threshold);
    }
  }

  /** No further iteration begins. */
  end(): void {
    this.#durationMs = this.#elapsedMs();
    this.#terms.health.stop();
  }

  /** What it came to when its iterations are over, but for so many that were ended. */
  summarize(unfinished: number): HoldSummary {
    this.#unfinished = unfinished;
    if (unfinished > 0) this.#begin('unfinished');
    this.look();
    const thresholds = this.#terms.executor.thresholds.map((plan) => this.#evaluate(plan));
    const gaveWay = this.#findGaveWay(thresholds);
    return {
      rate: this.rate,
      held: gaveWay === undefined,
      durationMs: this.#durationMs,
      iterations: this.#iterations,
      dropped: this.#dropped,
      thresholds,
      ...(gaveWay && { gaveWay }),
    };
  }

  #findGaveWay(thresholds: readonly ThresholdSummary[]): GaveWay | undefined {
    const { executor, checks, health } = this.#terms;
    // What begins late comes in bursts: it was not this rate, whatever came of it.
    if (this.#isLate()) return { by: 'generator', metric: 'scheduler_lag', value: health.describe().schedulerLagP99Ms };
    const unjudged = countUnjudged({ checks, thresholds, failures: this.#failures });
    if (unjudged === 0) this.#since.delete('failures');
    const [first] = [...this.#since].sort(([, a], [, b]) => a - b);
    if (!first) return undefined;
    const [what] = first;
    if (what === 'dropped') return { by: 'virtual users', metric: 'dropped_iterations', value: this.#dropped };
    if (what === 'unfinished') return { by: 'service', metric: 'iteration_duration', value: this.#unfinished };
    if (what === 'failures') {
      const [step] = [...this.#failedSteps].sort(([, a], [, b]) => b - a)[0] ?? [];
      return { by: 'service', metric: 'checks', value: unjudged, ...(step !== undefined && { step }) };
    }
    const value = thresholds[executor.thresholds.indexOf(what)]?.value ?? null;
    const step = this.#nameStep(what);
    const told = { metric: what.key, threshold: what.condition.text, value, ...(step !== undefined && { step }) };
    return { by: this.#whoseIs(what, value), ...told };
  }

  /** The generator's, where the threshold would have held without what itself was late. */
  #whoseIs({ metric, condition }: ThresholdPlan, value: number | null): CapacityLimit {
    const { saturated, eventLoopP99Ms, schedulerLagP99Ms } = this.#terms.health.describe();
    const isTime = Object.hasOwn(METRICS, metric) && METRICS[metric as keyof typeof METRICS].unit === 'ms';
    if (!saturated || !isTime || value === null) return 'service';
    return holds(value - eventLoopP99Ms - schedulerLagP99Ms, condition) ? 'generator' : 'service';
  }

  #isLate(): boolean {
    const mostMs = Math.max(LATE_MS, LATE_SHARE * this.#terms.executor.holdMs);
    return this.#terms.health.describe().schedulerLagP99Ms > mostMs;
  }

  /** Of all steps that a threshold is about, the one whose samples keep it least. */
  #nameStep({ metric, tags, condition }: ThresholdPlan): string | undefined {
    const named = tags.get('step') ?? tags.get('name');
    if (named !== undefined) return named;
    const isMore = condition.operator.startsWith('<');
    return findWorstStep(this.meter.listOf(metric), { tags, statistic: condition.statistic, isMore });
  }

  #evaluate(threshold: ThresholdPlan): ThresholdSummary {
    const { allowsEmpty } = this.#terms;
    const elapsedMs = this.#durationMs > 0 ? this.#durationMs : this.#elapsedMs();
    return evaluateThreshold(threshold, { meter: this.meter, elapsedMs, allowsEmpty });
  }

  #elapsedMs(): number {
    return this.#terms.clock.monotonic() - this.#startedAt;
  }

  #begin(what: ThresholdPlan | 'failures' | 'dropped' | 'unfinished'): void {
    if (!this.#since.has(what)) this.#since.set(what, this.#elapsedMs());
  }
}
