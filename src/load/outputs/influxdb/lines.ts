import type { Metric, SampleBatch, TagSet } from '../../metrics/samples.ts';
import type { Parcel } from '../send/backlog.ts';
import { MicrosText, SeriesTimes } from './unique-times.ts';

/** A tag that is written as a field, so that it is no index, and what its value is. */
export interface TagAsField {
  readonly tag: string;
  readonly type: 'string' | 'int' | 'float' | 'bool';
}

/** A database takes lines best in portions of 5,000 to 10,000. */
const LINES_PER_PARCEL = 5000;
/** Addresses whose text as a field is kept. */
const KEPT_URLS = 5000;

interface SeriesLine {
  /** Measurement, tags and the beginning of the fields, up to the value. */
  readonly head: string;
  /** Fields that are the same in all of its points. */
  readonly fields: string;
  readonly times: SeriesTimes;
}

/** Writes samples as InfluxDB's line protocol. */
export class LineWriter {
  readonly #common: ReadonlyMap<string, string>;
  readonly #asFields: ReadonlyMap<string, TagAsField['type']>;
  readonly #series = new Map<Metric, Map<TagSet, SeriesLine>>();
  readonly #urls = new Map<string, string>();
  readonly #micros = new MicrosText();
  #batches = 0;
  /** Values that no field can hold. */
  unwritable = 0;

  /** `common` are tags of each point. */
  constructor(common: ReadonlyMap<string, string>, asFields: readonly TagAsField[]) {
    this.#common = common;
    this.#asFields = new Map(asFields.map(({ tag, type }) => [tag, type]));
  }

  write(batch: SampleBatch): readonly Parcel[] {
    const parcels: Parcel[] = [];
    const number = this.#batches++;
    for (let from = 0; from < batch.length; from += LINES_PER_PARCEL) {
      parcels.push(this.#writePart(batch, from, Math.min(batch.length, from + LINES_PER_PARCEL), number));
    }
    return parcels;
  }

  #writePart(batch: SampleBatch, from: number, to: number, number: number): Parcel {
    const { metrics, tags, values, atMs, urls, vus, iters } = batch;
    let text = '';
    let points = 0;
    // Those of one request follow each other, and share what is their own.
    let own = '';
    let ownOf = -1;
    for (let at = from; at < to; at++) {
      const metric = metrics[at];
      const tagSet = tags[at];
      const value = values[at];
      if (metric === undefined || tagSet === undefined || value === undefined || !Number.isFinite(value)) {
        this.unwritable += 1;
        continue;
      }
      if (ownOf < 0 || urls[at] !== urls[ownOf] || vus[at] !== vus[ownOf] || iters[at] !== iters[ownOf]) {
        own = this.#ownFields(urls[at], vus[at] ?? 0, iters[at] ?? 0);
        ownOf = at;
      }
      const { head, fields, times } = this.#seriesOf(metric, tagSet);
      text += `${head}${value}${fields}${own} ${times.next(atMs[at] ?? 0, number)}\n`;
      points += 1;
    }
    return { points, bytes: Buffer.from(text) };
  }

  #ownFields(url: string | undefined, vu: number, iter: number): string {
    const asFields = this.#asFields;
    const urlField = url !== undefined && asFields.has('url') ? this.#urlField(url) : '';
    if (vu === 0) return urlField;
    const vuField = asFields.has('vu') ? writeField('vu', String(vu), asFields.get('vu')) : '';
    const iterField = asFields.has('iter') ? writeField('iter', String(iter), asFields.get('iter')) : '';
    return `${urlField}${vuField}${iterField}`;
  }

  #urlField(url: string): string {
    const known = this.#urls.get(url);
    if (known !== undefined) return known;
    const made = writeField('url', url, 'string');
    if (this.#urls.size < KEPT_URLS) this.#urls.set(url, made);
    return made;
  }

  #seriesOf(metric: Metric, tags: TagSet): SeriesLine {
    let ofMetric = this.#series.get(metric);
    if (!ofMetric) {
      ofMetric = new Map();
      this.#series.set(metric, ofMetric);
    }
    let series = ofMetric.get(tags);
    if (!series) {
      series = this.#describe(metric, tags);
      ofMetric.set(tags, series);
    }
    return series;
  }

  #describe({ name }: Metric, { tags }: TagSet): SeriesLine {
    const all = [...new Map([...this.#common, ...tags])].sort(([a], [b]) => (a < b ? -1 : 1));
    let head = escapeText(name, /[,\s]/g);
    let fields = '';
    for (const [tag, value] of all) {
      const type = this.#asFields.get(tag);
      if (type !== undefined) fields += writeField(tag, value, type);
      else if (value !== '') head += `,${escapeText(tag, /[,=\s]/g)}=${escapeTagValue(value)}`;
    }
    return { head: `${head} value=`, fields, times: new SeriesTimes(this.#micros) };
  }
}

/** A line ends at each line break, so that one becomes a blank. */
function escapeText(text: string, special: RegExp): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(special, (match) => `\\${match}`);
}

/** A backslash at its end would escape what follows; a blank after it keeps it. */
function escapeTagValue(value: string): string {
  const escaped = escapeText(value, /[,=\s]/g);
  return escaped.endsWith('\\') ? `${escaped}\\ ` : escaped;
}

/** A field with the comma before it; empty for a number that is none. */
function writeField(name: string, value: string, type: TagAsField['type'] = 'string'): string {
  const key = `,${escapeText(name, /[,=\s]/g)}=`;
  if (type === 'string') return `${key}"${value.replaceAll(/["\\]/g, (match) => `\\${match}`)}"`;
  if (type === 'bool') return `${key}${value === 'true'}`;
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return '';
  return type === 'int' ? `${key}${Math.trunc(number)}i` : `${key}${number}`;
}
