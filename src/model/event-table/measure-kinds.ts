import type { MetricAbout } from '../load/load-metrics.ts';
import type { CheckMeasure, RequestMeasure, StepMeasures, ValueMeasure } from '../load/measures.ts';
import { flag, id, integer, list, number, optional, record, text, word } from './kinds.ts';

export const measures = record<StepMeasures>('step_measures', {
  requests: list(
    record<RequestMeasure>('request_measure', {
      method: id(),
      url: text(),
      protocol: id(),
      status: integer(),
      error: optional(id()),
      isMoved: optional(flag()),
      sentBytes: integer(),
      receivedBytes: integer(),
      blockedMs: number(),
      dnsMs: number(),
      connectMs: number(),
      tlsMs: number(),
      sendMs: number(),
      waitMs: number(),
      receiveMs: number(),
    }),
  ),
  values: list(
    record<ValueMeasure>('value_measure', {
      name: id(),
      value: number(),
      own: optional(
        record<MetricAbout>('own_metric', {
          kind: word({ counter: true, gauge: true, rate: true, trend: true }),
          unit: word({ ms: true, bytes: true, none: true }),
        }),
      ),
    }),
  ),
  checks: list(record<CheckMeasure>('check_measure', { text: text(), holds: flag() })),
  key: optional(text()),
});
