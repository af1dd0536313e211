import type { Stop } from '../../stop/stop.ts';
import type { Hold } from '../capacity/hold.ts';
import type { SampleOrigin } from '../metrics/batch.ts';
import type { Channel, Meter } from '../metrics/meter.ts';
import type { Metric, TagSet } from '../metrics/samples.ts';
import type { KnownSteps } from './known-steps.ts';
import type { StepTags } from './step-tags.ts';

/** What the executions of one flow in one scenario have in common. */
export interface IterationTerms {
  /** Absent for setup and teardown. */
  readonly scenario?: string | undefined;
  readonly flowId: string;
  readonly tags: StepTags;
  readonly steps: KnownSteps;
  /** Whether it is not counted. */
  readonly isWarmUp: boolean;
  /** The rate at which it began, where the highest is looked for. */
  readonly hold?: Hold | undefined;
}

/** One execution of a flow, or of its setup or teardown, whose samples are taken. */
export class Iteration {
  readonly terms: IterationTerms;
  readonly origin: SampleOrigin;
  /** Ends it. */
  readonly stop: Stop;
  sentBytes = 0;
  receivedBytes = 0;
  /** Whether a request failed in the step of depth 0 that runs, or below it. */
  hasFailedRequest = false;
  /** Whether the last look of a poll in it did not get the answer that it was to get. */
  hasFailedLook = false;
  readonly #meter: Meter;
  /** Of the request of which samples were taken last. */
  #ofRequest: SampleOrigin;

  constructor(terms: IterationTerms, about: { meter: Meter; origin: SampleOrigin; stop: Stop }) {
    this.terms = terms;
    this.#meter = about.meter;
    this.origin = about.origin;
    this.#ofRequest = about.origin;
    this.stop = about.stop;
  }

  /** The metric of this name, of which threads may have told before. */
  metricLike(metric: Metric): Metric {
    return this.#meter.metricLike(metric);
  }

  add(metric: Metric, tags: TagSet, sample: { value: number; atMs: number; url?: string | undefined }): void {
    const { value, atMs, url } = sample;
    const origin = this.originOf(url);
    if (this.terms.isWarmUp) this.#meter.addRaw(metric, tags, { value, atMs, origin });
    else this.#meter.add(metric, tags, { value, atMs, origin });
    this.terms.hold?.meter.add(metric, tags, { value, atMs });
  }

  /** The same, for who has the way of its samples. */
  addTo(channel: Channel, value: number, { atMs, origin }: { atMs: number; origin: SampleOrigin }): void {
    channel.add(value, atMs, origin);
    this.terms.hold?.meter.add(channel.metric, channel.tags, { value, atMs });
  }

  /** Whose a sample is: one for all samples of a request. */
  originOf(url?: string): SampleOrigin {
    if (url === undefined || !this.#meter.keepsRaw) return this.origin;
    if (this.#ofRequest.url !== url) this.#ofRequest = { ...this.origin, url };
    return this.#ofRequest;
  }
}
