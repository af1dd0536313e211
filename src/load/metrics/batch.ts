import type { Metric, SampleBatch, TagSet } from './samples.ts';

const FIRST_SIZE = 1024;

/** Whose sample it is, as far as anybody's. */
export interface SampleOrigin {
  readonly url?: string | undefined;
  readonly vu: number;
  readonly iter: number;
}

export const NOBODY: SampleOrigin = { vu: 0, iter: 0 };

/** Gathers samples in columns. */
export class BatchWriter {
  #size = FIRST_SIZE;
  #length = 0;
  #metrics: Metric[] = [];
  #tags: TagSet[] = [];
  #urls: (string | undefined)[] = [];
  #values = new Float64Array(FIRST_SIZE);
  #atMs = new Float64Array(FIRST_SIZE);
  #vus = new Uint32Array(FIRST_SIZE);
  #iters = new Uint32Array(FIRST_SIZE);

  add(metric: Metric, tags: TagSet, sample: { value: number; atMs: number; origin: SampleOrigin }): void {
    const at = this.#length++;
    if (at === this.#size) this.#grow();
    const { value, atMs, origin } = sample;
    this.#metrics.push(metric);
    this.#tags.push(tags);
    this.#urls.push(origin.url);
    this.#values[at] = value;
    this.#atMs[at] = atMs;
    this.#vus[at] = origin.vu;
    this.#iters[at] = origin.iter;
  }

  /** What has been gathered, which is forgotten here; undefined when there is nothing. */
  take(): SampleBatch | undefined {
    const length = this.#length;
    if (length === 0) return undefined;
    const batch: SampleBatch = {
      length,
      metrics: this.#metrics,
      tags: this.#tags,
      urls: this.#urls,
      values: this.#values.subarray(0, length),
      atMs: this.#atMs.subarray(0, length),
      vus: this.#vus.subarray(0, length),
      iters: this.#iters.subarray(0, length),
    };
    this.#length = 0;
    this.#metrics = [];
    this.#tags = [];
    this.#urls = [];
    this.#values = new Float64Array(this.#size);
    this.#atMs = new Float64Array(this.#size);
    this.#vus = new Uint32Array(this.#size);
    this.#iters = new Uint32Array(this.#size);
    return batch;
  }

  #grow(): void {
    this.#size *= 2;
    this.#values = copyTo(new Float64Array(this.#size), this.#values);
    this.#atMs = copyTo(new Float64Array(this.#size), this.#atMs);
    this.#vus = copyTo(new Uint32Array(this.#size), this.#vus);
    this.#iters = copyTo(new Uint32Array(this.#size), this.#iters);
  }
}

function copyTo<T extends Float64Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
