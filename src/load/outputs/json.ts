import type { Metric, MetricUnit, Output, OutputAbout, OutputEnd, SampleBatch, TagSet } from '../metrics/samples.ts';
import { FileSink } from './file-sink.ts';
import type { OutputWorld } from './output-world.ts';
import { TimeText } from './time-text.ts';

const CONTAINS: Readonly<Record<MetricUnit, string>> = { ms: 'time', bytes: 'data', none: 'default' };

/** Writes each sample as a line of JSON, as k6 does. */
export function createJsonOutput(file: string, world: OutputWorld): Output {
  return new JsonOutput(new FileSink('json', file), world.cwd);
}

class JsonOutput implements Output {
  readonly name = 'json';
  readonly wantsRaw = true;
  readonly #sink: FileSink;
  readonly #cwd: string;
  readonly #times = new TimeText();
  readonly #known = new Set<Metric>();
  readonly #tags = new Map<TagSet, string>();
  #common: ReadonlyMap<string, string> = new Map();

  constructor(sink: FileSink, cwd: string) {
    this.#sink = sink;
    this.#cwd = cwd;
  }

  async start({ testId, tags }: OutputAbout): Promise<void> {
    this.#common = new Map([...tags, ['testid', testId]]);
    await this.#sink.open(this.#cwd);
  }

  takeBatch(batch: SampleBatch): void {
    this.#sink.writeBatch(batch, (metric, tags, at) => this.#describe({ metric, tags }, batch, at));
  }

  close(): Promise<OutputEnd> {
    return this.#sink.close();
  }

  #describe({ metric, tags }: { metric: Metric; tags: TagSet }, batch: SampleBatch, at: number): string {
    const name = JSON.stringify(metric.name);
    const url = batch.urls[at];
    const own = this.#tagsOf(tags);
    const urlTag = url === undefined ? '' : `${own === '' ? '' : ','}"url":${JSON.stringify(url)}`;
    const vu = batch.vus[at] ?? 0;
    const metadata = vu === 0 ? '' : `,"metadata":{"iter":"${batch.iters[at]}","vu":"${vu}"}`;
    const time = this.#times.format(batch.atMs[at] ?? 0);
    const data = `{"time":"${time}","value":${batch.values[at]},"tags":{${own}${urlTag}}${metadata}}`;
    return `${this.#introduce(metric, name)}{"metric":${name},"type":"Point","data":${data}}\n`;
  }

  /** A line about a metric stands before its first point. */
  #introduce(metric: Metric, name: string): string {
    if (this.#known.has(metric)) return '';
    this.#known.add(metric);
    const { kind, unit } = metric;
    const data = `{"name":${name},"type":"${kind}","contains":"${CONTAINS[unit]}","thresholds":[],"submetrics":null}`;
    return `{"type":"Metric","data":${data},"metric":${name}}\n`;
  }

  #tagsOf(tags: TagSet): string {
    let text = this.#tags.get(tags);
    if (text === undefined) {
      const all = Object.fromEntries([...new Map([...this.#common, ...tags.tags])].sort());
      text = JSON.stringify(all).slice(1, -1);
      this.#tags.set(tags, text);
    }
    return text;
  }
}
