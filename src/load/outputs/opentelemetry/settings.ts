import type { TlsParts } from '../../../drivers/tls.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import { type OutputAddress, readAddress } from '../send/address.ts';
import { OutputOptions, readHeaders } from '../send/options.ts';
import { readOutputTls, type TlsNames } from '../send/output-tls.ts';
import { describeBasic } from '../send/poster.ts';

export interface TelemetrySettings {
  readonly address: OutputAddress;
  readonly path: string;
  readonly tls: TlsParts | undefined;
  readonly intervalMs: number;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly encoding: 'protobuf' | 'json';
  /** Whether trends become histograms of exponential buckets instead of k6's fixed ones. */
  readonly isExponential: boolean;
  readonly prefix: string;
  readonly serviceName: string;
}

const NAME = 'opentelemetry';
const EXAMPLE = 'http://localhost:4318';
const TLS: TlsNames = {
  insecure: ['insecure', 'K6_OTEL_TLS_INSECURE_SKIP_VERIFY'],
  ca: ['tlsCertificate', 'K6_OTEL_TLS_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CERTIFICATE'],
  cert: ['tlsClientCertificate', 'K6_OTEL_TLS_CLIENT_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'],
  key: ['tlsClientKey', 'K6_OTEL_TLS_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_KEY'],
};
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const HISTOGRAMS = ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'] as const;

type Env = OutputWorld['env'];

/** Reads `http://host:4318/v1/metrics?…`, and the variables of k6 and of OpenTelemetry. @throws OutputMistake */
export function readTelemetrySettings(text: string, { cwd, env }: Pick<OutputWorld, 'cwd' | 'env'>): TelemetrySettings {
  const address = readAddress(NAME, text || readEndpoint(env), EXAMPLE);
  const options = new OutputOptions({ output: NAME, inAddress: address.options, env });
  const headers = options.list('headers', 'K6_OTEL_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS') ?? [];
  const basic =
    address.user === undefined ? [] : ['authorization', describeBasic(address.user, address.password ?? '')];
  const path = options.text('path', 'K6_OTEL_HTTP_EXPORTER_URL_PATH');
  const settings: TelemetrySettings = {
    address,
    path: address.path || path || '/v1/metrics',
    tls: readOutputTls(options, TLS, { output: NAME, cwd }),
    intervalMs: options.durationMs('exportInterval', 'K6_OTEL_EXPORT_INTERVAL') ?? 10_000,
    headers: [...readHeaders(NAME, headers), ...basic],
    encoding: readProtocol(options) === 'http/json' ? 'json' : 'protobuf',
    isExponential:
      options.oneOf(HISTOGRAMS, 'histogram', 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION') ===
      HISTOGRAMS[1],
    prefix: options.text('metricPrefix', 'K6_OTEL_METRIC_PREFIX') ?? '',
    serviceName: options.text('serviceName', 'K6_OTEL_SERVICE_NAME', 'OTEL_SERVICE_NAME') ?? 'testmesh',
  };
  options.oneOf(['true'], 'singleCounterForRate', 'K6_OTEL_SINGLE_COUNTER_FOR_RATE');
  options.variable('K6_OTEL_HTTP_EXPORTER_ENDPOINT');
  options.variable('K6_OTEL_HTTP_EXPORTER_INSECURE');
  // What k6 hands on to its own exporter, and how often, is one thing here.
  options.variable('K6_OTEL_FLUSH_INTERVAL');
  options.finish('K6_OTEL_');
  return settings;
}

/** k6 names host and port alone. */
function readEndpoint(env: Env): string {
  const endpoint = env['K6_OTEL_HTTP_EXPORTER_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint) return EXAMPLE;
  if (endpoint.includes('://')) return endpoint;
  return `${/^(true|1)$/i.test(env['K6_OTEL_HTTP_EXPORTER_INSECURE'] ?? '') ? 'http' : 'https'}://${endpoint}`;
}

function readProtocol(options: OutputOptions): string | undefined {
  const variables = ['K6_OTEL_EXPORTER_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (options.text('protocol', ...variables) === 'grpc')
    throw new OutputMistake(`--out ${NAME}: it speaks OTLP over HTTP, not gRPC`, [
      'collectors take it at port 4318: --out opentelemetry=http://localhost:4318',
    ]);
  return options.oneOf(PROTOCOLS, 'protocol', ...variables);
}
