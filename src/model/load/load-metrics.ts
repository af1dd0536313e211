export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';
export type MetricUnit = 'ms' | 'bytes' | 'none';

/** What is measured under a name. */
export interface MetricAbout {
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
}

const counter: MetricAbout = { kind: 'counter', unit: 'none' };
const bytes: MetricAbout = { kind: 'counter', unit: 'bytes' };
const gauge: MetricAbout = { kind: 'gauge', unit: 'none' };
const rate: MetricAbout = { kind: 'rate', unit: 'none' };
const trend: MetricAbout = { kind: 'trend', unit: 'ms' };

/** The metrics of a load. Names and units are k6's where it has them. */
export const LOAD_METRICS = {
  iterations: counter,
  http_reqs: counter,
  dropped_iterations: counter,
  data_sent: bytes,
  data_received: bytes,
  errors: counter,
  timeline_marks: counter,
  vus: gauge,
  vus_max: gauge,
  arrival_rate: gauge,
  checks: rate,
  http_req_failed: rate,
  step_failed: rate,
  iteration_failed: rate,
  iteration_duration: trend,
  iteration_response_time: trend,
  group_duration: trend,
  step_duration: trend,
  http_req_duration: trend,
  http_req_blocked: trend,
  http_req_looking_up: trend,
  http_req_connecting: trend,
  http_req_tls_handshaking: trend,
  http_req_sending: trend,
  http_req_waiting: trend,
  http_req_receiving: trend,
  db_query_duration: trend,
  db_connection_wait: trend,
  kafka_produce_duration: trend,
  kafka_wait_duration: trend,
  event_lag: trend,
  poll_duration: trend,
  poll_attempts: { kind: 'trend', unit: 'none' },
  reconcile_lost: counter,
  reconcile_duplicated: counter,
  reconcile_unexpected: counter,
  scheduler_lag: trend,
  generator_event_loop_delay: trend,
  generator_cpu: gauge,
} as const satisfies Readonly<Record<string, MetricAbout>>;

export type LoadMetricName = keyof typeof LOAD_METRICS;
