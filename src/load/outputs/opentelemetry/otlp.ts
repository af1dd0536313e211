import type { Shape } from '../send/protobuf.ts';

/** As `opentelemetry/proto/collector/metrics/v1` and what it includes describe it: the part that is sent. The names are those of OTLP's JSON. */
const ANY_VALUE: Shape = { stringValue: { id: 1, type: 'string' } };
const KEY_VALUE: Shape = { key: { id: 1, type: 'string' }, value: { id: 2, type: ANY_VALUE } };
const ATTRIBUTES = { type: KEY_VALUE, many: 'list' } as const;

const NUMBER_POINT: Shape = {
  startTimeUnixNano: { id: 2, type: 'fixed64' },
  timeUnixNano: { id: 3, type: 'fixed64' },
  asDouble: { id: 4, type: 'double' },
  // an sfixed64, whose bytes are the same
  asInt: { id: 6, type: 'fixed64' },
  attributes: { id: 7, ...ATTRIBUTES },
};

const HISTOGRAM_POINT: Shape = {
  startTimeUnixNano: { id: 2, type: 'fixed64' },
  timeUnixNano: { id: 3, type: 'fixed64' },
  count: { id: 4, type: 'fixed64' },
  sum: { id: 5, type: 'double' },
  bucketCounts: { id: 6, type: 'fixed64', many: 'packed' },
  explicitBounds: { id: 7, type: 'double', many: 'packed' },
  attributes: { id: 9, ...ATTRIBUTES },
  min: { id: 11, type: 'double' },
  max: { id: 12, type: 'double' },
};

const BUCKETS: Shape = {
  offset: { id: 1, type: 'sint32' },
  bucketCounts: { id: 2, type: 'uint64', many: 'packed' },
};
const EXPONENTIAL_POINT: Shape = {
  attributes: { id: 1, ...ATTRIBUTES },
  startTimeUnixNano: { id: 2, type: 'fixed64' },
  timeUnixNano: { id: 3, type: 'fixed64' },
  count: { id: 4, type: 'fixed64' },
  sum: { id: 5, type: 'double' },
  scale: { id: 6, type: 'sint32' },
  zeroCount: { id: 7, type: 'fixed64' },
  positive: { id: 8, type: BUCKETS },
  negative: { id: 9, type: BUCKETS },
  min: { id: 12, type: 'double' },
  max: { id: 13, type: 'double' },
  zeroThreshold: { id: 14, type: 'double' },
};

const METRIC: Shape = {
  name: { id: 1, type: 'string' },
  unit: { id: 3, type: 'string' },
  gauge: { id: 5, type: { dataPoints: { id: 1, type: NUMBER_POINT, many: 'list' } } },
  sum: {
    id: 7,
    type: {
      dataPoints: { id: 1, type: NUMBER_POINT, many: 'list' },
      aggregationTemporality: { id: 2, type: 'int32' },
      isMonotonic: { id: 3, type: 'bool' },
    },
  },
  histogram: {
    id: 9,
    type: {
      dataPoints: { id: 1, type: HISTOGRAM_POINT, many: 'list' },
      aggregationTemporality: { id: 2, type: 'int32' },
    },
  },
  exponentialHistogram: {
    id: 10,
    type: {
      dataPoints: { id: 1, type: EXPONENTIAL_POINT, many: 'list' },
      aggregationTemporality: { id: 2, type: 'int32' },
    },
  },
};

const SCOPE_METRICS: Shape = {
  scope: { id: 1, type: { name: { id: 1, type: 'string' }, version: { id: 2, type: 'string' } } },
  metrics: { id: 2, type: METRIC, many: 'list' },
};
const RESOURCE_METRICS: Shape = {
  resource: { id: 1, type: { attributes: { id: 1, ...ATTRIBUTES } } },
  scopeMetrics: { id: 2, type: SCOPE_METRICS, many: 'list' },
};

export const EXPORT_REQUEST: Shape = { resourceMetrics: { id: 1, type: RESOURCE_METRICS, many: 'list' } };

/** Of sums and histograms: all since the start. */
export const CUMULATIVE = 2;
