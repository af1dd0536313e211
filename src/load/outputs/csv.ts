import {
  type Metric,
  type Output,
  type OutputAbout,
  type OutputEnd,
  OutputMistake,
  type SampleBatch,
  type TagSet,
} from '../metrics/samples.ts';
import { FileSink } from './file-sink.ts';
import type { OutputWorld } from './output-world.ts';
import { TimeText } from './time-text.ts';

/** k6's columns of tags, in its order; `url` is the last of them. */
const COLUMNS = [
  ...['check', 'error', 'error_code', 'expected_response', 'group', 'method', 'name', 'proto', 'scenario'],
  ...['service', 'status', 'subproto', 'tls_version'],
];
const HEAD = ['metric_name', 'timestamp', 'metric_value', ...COLUMNS, 'url', 'extra_tags', 'metadata'];
const FORMATS = ['unix', 'unix_milli', 'unix_micro', 'unix_nano', 'rfc3339', 'rfc3339_nano'] as const;

type TimeFormat = (typeof FORMATS)[number];

/** Writes each sample as a line of CSV, as k6 does. @throws OutputMistake when K6_CSV_TIME_FORMAT has no such format */
export function createCsvOutput(file: string, world: OutputWorld): Output {
  const wanted = world.env['K6_CSV_TIME_FORMAT'] || 'unix';
  const format = FORMATS.find((each) => each === wanted);
  if (!format)
    throw new OutputMistake(`--out csv: K6_CSV_TIME_FORMAT is \`${wanted}\`: expected ${FORMATS.join(', ')}`);
  return new CsvOutput(new FileSink('csv', file), world.cwd, format);
}

interface Row {
  /** The columns of tags before the address, and those that have none. */
  readonly columns: string;
  readonly extra: string;
}

class CsvOutput implements Output {
  readonly name = 'csv';
  readonly wantsRaw = true;
  readonly #sink: FileSink;
  readonly #cwd: string;
  readonly #format: TimeFormat;
  readonly #times = new TimeText();
  readonly #rows = new Map<TagSet, Row>();
  #common: ReadonlyMap<string, string> = new Map();

  constructor(sink: FileSink, cwd: string, format: TimeFormat) {
    this.#sink = sink;
    this.#cwd = cwd;
    this.#format = format;
  }

  async start({ testId, tags }: OutputAbout): Promise<void> {
    this.#common = new Map([...tags, ['testid', testId]]);
    await this.#sink.open(this.#cwd);
    this.#sink.write(`${HEAD.join(',')}\n`, 0);
  }

  takeBatch(batch: SampleBatch): void {
    this.#sink.writeBatch(batch, (metric, tags, at) => this.#describe({ metric, tags }, batch, at));
  }

  close(): Promise<OutputEnd> {
    return this.#sink.close();
  }

  #describe({ metric, tags }: { metric: Metric; tags: TagSet }, batch: SampleBatch, at: number): string {
    const { columns, extra } = this.#rowOf(tags);
    const vu = batch.vus[at] ?? 0;
    const metadata = vu === 0 ? '' : `iter=${batch.iters[at]}&vu=${vu}`;
    const time = this.#writeTime(batch.atMs[at] ?? 0);
    const value = (batch.values[at] ?? Number.NaN).toFixed(6);
    return `${quote(metric.name)},${time},${value},${columns},${quote(batch.urls[at] ?? '')},${extra},${metadata}\n`;
  }

  #rowOf(tags: TagSet): Row {
    let row = this.#rows.get(tags);
    if (!row) {
      const all = new Map([...this.#common, ...tags.tags]);
      const rest = [...all].filter(([name]) => !COLUMNS.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
      row = {
        columns: COLUMNS.map((name) => quote(all.get(name) ?? '')).join(','),
        extra: quote(rest.map(([name, value]) => `${name}=${value}`).join('&')),
      };
      this.#rows.set(tags, row);
    }
    return row;
  }

  #writeTime(atMs: number): string {
    switch (this.#format) {
      case 'unix':
        return String(Math.floor(atMs / 1000));
      case 'unix_milli':
        return String(Math.floor(atMs));
      case 'unix_micro':
        return String(Math.floor(atMs * 1000));
      case 'unix_nano':
        return `${Math.floor(atMs * 1000)}000`;
      case 'rfc3339':
        return this.#times.format(atMs).replace(/\.\d+/, '');
      case 'rfc3339_nano':
        return this.#times.format(atMs);
      default:
        return this.#format satisfies never;
    }
  }
}

function quote(text: string): string {
  return /[",\r\n]|^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
