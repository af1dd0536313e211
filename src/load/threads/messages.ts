import type { RestData } from '../../engine/lifetimes/rest-data.ts';
import type { Value } from '../../expr/index.ts';
import type { StopDetails, StopKind } from '../../stop/stop-error.ts';
import type { SeriesSummary } from '../metrics/load-summary.ts';
import type { Metric } from '../metrics/samples.ts';
import type { ScenarioCounts } from '../run/engine-user.ts';
import type { HealthData } from '../run/generator-health.ts';
import type { BookData } from '../run/verdict-book.ts';

/** What a thread is told. */
export type ToThread =
  | {
      readonly type: 'begin';
      /** What setup left for each scenario, in their order. */
      readonly rests: readonly (RestData | undefined)[];
      /** What flows see of the services of the run, in the form of `encodeValue`. */
      readonly services: unknown;
    }
  | ({ readonly type: 'stop'; readonly how: 'ask' | 'end' } & StopData);

export interface StopData {
  readonly kind: StopKind;
  readonly message: string;
  readonly details: Omit<StopDetails, 'stage'>;
}

/** What a thread tells. */
export type FromThread =
  /** It has planned the same load, known by its fingerprint. */
  | { readonly type: 'ready'; readonly load: string }
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'bug'; readonly message: string; readonly stack: string | undefined }
  /** It has told all. */
  | { readonly type: 'done'; readonly notes: readonly string[]; readonly problems: readonly string[] };

/** What happened since the last report; counts and users are those of now. */
export interface Report {
  readonly series: readonly SeriesData[];
  readonly samples?: SampleData | undefined;
  readonly book: BookData;
  /** Of each check what failed first. */
  readonly firsts: readonly (readonly [tags: Readonly<Record<string, string>>, why: string])[];
  readonly health: HealthData;
  readonly counts: readonly ScenarioCounts[];
  readonly users: { readonly active: number; readonly there: number };
  readonly accepted: AcceptedData;
}

export interface SeriesData extends Omit<SeriesSummary, 'metric'> {
  readonly metric: Metric;
}

/** Samples in columns; metrics and tags by their number in the message. */
export interface SampleData {
  readonly metrics: readonly Metric[];
  readonly tagSets: readonly Readonly<Record<string, string>>[];
  readonly metricAt: Uint32Array;
  readonly tagsAt: Uint32Array;
  readonly values: Float64Array;
  readonly atMs: Float64Array;
  readonly urls: readonly (string | undefined)[];
  readonly vus: Uint32Array;
  readonly iters: Uint32Array;
}

/** Keys that were accepted, undefined where an answer had none, and attempts of which nobody knows. */
export interface AcceptedData {
  readonly keys: readonly (string | undefined)[];
  readonly doubts: number;
}

/** One end of what connects the load with one of its threads. */
export interface ThreadPort {
  post(message: ToThread): void;
  onMessage(call: (message: FromThread) => void): void;
  /** Calls back when the thread is gone, with why. */
  onEnd(call: (why: string) => void): void;
  close(): Promise<void>;
}

export type ServiceValues = Readonly<Record<string, Value>>;
