import type { LoadMetricName } from './load-metrics.ts';

const SCENARIO = ['scenario'] as const;
const STEP = [...SCENARIO, 'step', 'action', 'group'] as const;
const CHECK = [...STEP, 'check'] as const;
const REQUEST = [...STEP, 'name', 'method', 'status', 'proto', 'expected_response', 'error', 'error_code'] as const;
const PLACE = ['place'] as const;
const NONE = [] as const;

/** By which tags the samples of each metric are told apart, besides those that a scenario or the whole load gives them. */
const METRIC_TAGS: Readonly<Record<LoadMetricName, readonly string[]>> = {
  iterations: SCENARIO,
  http_reqs: REQUEST,
  dropped_iterations: SCENARIO,
  data_sent: SCENARIO,
  data_received: SCENARIO,
  errors: STEP,
  timeline_marks: STEP,
  vus: NONE,
  vus_max: NONE,
  arrival_rate: SCENARIO,
  checks: CHECK,
  http_req_failed: REQUEST,
  step_failed: STEP,
  iteration_failed: SCENARIO,
  iteration_duration: SCENARIO,
  iteration_response_time: SCENARIO,
  group_duration: [...SCENARIO, 'group'],
  step_duration: STEP,
  http_req_duration: REQUEST,
  http_req_blocked: REQUEST,
  http_req_looking_up: REQUEST,
  http_req_connecting: REQUEST,
  http_req_tls_handshaking: REQUEST,
  http_req_sending: REQUEST,
  http_req_waiting: REQUEST,
  http_req_receiving: REQUEST,
  db_query_duration: STEP,
  db_connection_wait: STEP,
  kafka_produce_duration: STEP,
  kafka_wait_duration: STEP,
  event_lag: STEP,
  poll_duration: STEP,
  poll_attempts: STEP,
  reconcile_lost: PLACE,
  reconcile_duplicated: PLACE,
  reconcile_unexpected: PLACE,
  scheduler_lag: SCENARIO,
  generator_event_loop_delay: NONE,
  generator_cpu: NONE,
};

/** The tags of a metric that is built in; a metric of a flow's own is one of its step. */
export function listMetricTags(metric: string): readonly string[] {
  return Object.hasOwn(METRIC_TAGS, metric) ? METRIC_TAGS[metric as LoadMetricName] : STEP;
}
