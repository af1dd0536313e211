import type { TlsParts } from '../../../drivers/tls.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import { type OutputAddress, readAddress } from '../send/address.ts';
import { OutputOptions, readHeaders } from '../send/options.ts';
import { readOutputTls, type TlsNames } from '../send/output-tls.ts';
import { describeBasic } from '../send/poster.ts';

export interface PrometheusSettings {
  readonly address: OutputAddress;
  readonly path: string;
  readonly tls: TlsParts | undefined;
  readonly intervalMs: number;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  /** Of trends, when they are no histograms. */
  readonly stats: readonly TrendStat[];
  readonly isNative: boolean;
  /** Whether the end says of each series that it goes on no longer. */
  readonly marksStale: boolean;
}

/** A figure of a trend: `p95` of `p(95)`. */
export interface TrendStat {
  readonly suffix: string;
  readonly stat: 'avg' | 'min' | 'max' | 'med' | 'count' | 'sum' | { readonly percent: number };
}

const EXAMPLE = 'http://localhost:9090/api/v1/write';
const TLS: TlsNames = {
  insecure: ['insecure', 'K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY'],
  cert: ['clientCertificate', 'K6_PROMETHEUS_RW_CLIENT_CERTIFICATE'],
  key: ['clientCertificateKey', 'K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY'],
};
const STATS = ['avg', 'min', 'max', 'med', 'count', 'sum'] as const;
/** What the dashboards of k6 read, and the usual percentiles. */
const USUAL = ['min', 'max', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)'];

/** Reads `http://user:password@host:9090/api/v1/write?…` and k6's variables. @throws OutputMistake */
export function readPrometheusSettings(
  output: string,
  text: string,
  world: Pick<OutputWorld, 'cwd' | 'env'>,
): PrometheusSettings {
  const address = readAddress(output, text || world.env['K6_PROMETHEUS_RW_SERVER_URL'] || EXAMPLE, EXAMPLE);
  const options = new OutputOptions({ output, inAddress: address.options, env: world.env });
  const bearer = options.text('bearerToken', 'K6_PROMETHEUS_RW_BEARER_TOKEN');
  const [user, password] = options.login(address, 'K6_PROMETHEUS_RW_USERNAME', 'K6_PROMETHEUS_RW_PASSWORD');
  const authorization = user !== undefined ? describeBasic(user, password) : bearer && `Bearer ${bearer}`;
  const headers = readHeaders(output, options.list('headers', 'K6_PROMETHEUS_RW_HTTP_HEADERS') ?? []);
  const stats = options.list('trendStats', 'K6_PROMETHEUS_RW_TREND_STATS') ?? USUAL;
  const settings: PrometheusSettings = {
    address,
    path: address.path || '/api/v1/write',
    tls: readOutputTls(options, TLS, { output, cwd: world.cwd }),
    intervalMs: options.durationMs('pushInterval', 'K6_PROMETHEUS_RW_PUSH_INTERVAL') ?? 5000,
    headers: authorization ? [...headers, 'authorization', authorization] : headers,
    stats: stats.map((stat) => readStat(output, stat)),
    isNative: options.flag('trendAsNativeHistogram', 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM'),
    marksStale: options.flag('staleMarkers', 'K6_PROMETHEUS_RW_STALE_MARKERS'),
  };
  options.variable('K6_PROMETHEUS_RW_SERVER_URL');
  options.finish('K6_PROMETHEUS_RW_');
  return settings;
}

function readStat(output: string, text: string): TrendStat {
  const known = STATS.find((each) => each === text);
  if (known !== undefined) return { suffix: known, stat: known };
  const digits = /^p\((\d+(?:\.\d+)?)\)$/.exec(text)?.[1];
  const percent = Number(digits);
  if (digits === undefined || percent > 100)
    throw new OutputMistake(`--out ${output}: there is no stat \`${text}\` of a trend`, [
      `stats are ${STATS.join(', ')} and p(N) with N from 0 to 100`,
    ]);
  return { suffix: `p${digits.replace('.', '')}`, stat: { percent } };
}
