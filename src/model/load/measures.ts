import type { MetricAbout } from './load-metrics.ts';
import type { WireTerms } from './wire-terms.ts';

/** What a step took, for whoever counts: made only where somebody wants it. */
export interface StepMeasures {
  /** Of all attempts and redirects, in the order sent. */
  readonly requests: readonly RequestMeasure[];
  readonly values: readonly ValueMeasure[];
  /** The assertions of the last attempt that were evaluated, in the order written. */
  readonly checks: readonly CheckMeasure[];
  /** Of what it had accepted, where a load reconciles that. */
  readonly key?: string | undefined;
}

/** One HTTP request; lengths in ms, sizes in bytes. */
export interface RequestMeasure extends RequestTimings {
  readonly method: string;
  readonly url: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  /** 0 when nothing answered. */
  readonly status: number;
  /** Why nothing answered: `ECONNREFUSED`, `timeout`. */
  readonly error?: string | undefined;
  /** Whether the answer is a redirect that was followed: of the step's own answer it says nothing. */
  readonly isMoved?: boolean | undefined;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface RequestTimings {
  /** Until it reached its connection; the opening of one is a part of it. */
  readonly blockedMs: number;
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly sendMs: number;
  readonly waitMs: number;
  readonly receiveMs: number;
}

/** One value of what an action is about: `db_query_duration`. */
export interface ValueMeasure {
  readonly name: string;
  readonly value: number;
  /** Of a metric of the author's own: what it is. */
  readonly own?: MetricAbout | undefined;
}

export interface CheckMeasure {
  /** The assertion as it is written. */
  readonly text: string;
  readonly holds: boolean;
}

/** Takes what an action measures. */
export interface Measuring {
  request(measure: RequestMeasure): void;
  value(name: string, value: number): void;
}

/** Where a flow's execution stands among those of a load; in a plain run it is the first of all. */
export interface Turn {
  /** Of the virtual user, from 1. */
  readonly vu: number;
  /** Of the virtual user, from 0. */
  readonly iteration: number;
  /** Of the scenario, from 0. */
  readonly iterationTotal: number;
  readonly wire: WireTerms;
}
