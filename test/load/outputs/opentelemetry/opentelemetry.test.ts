import type { IncomingMessage } from 'node:http';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createOutput } from '../../../../src/load/outputs/registry.ts';
import { startHttpServer, type TestServer } from '../../../support/servers/http-server.ts';
import { aboutOf, type MadeSample, makeWorld, metricOf, removeTestFolders, seriesOf, tagsOf } from '../made-samples.ts';

afterAll(removeTestFolders);

/** OpenTelemetry's own reading of what is sent, made from its published definitions. */
const { ExportMetricsServiceRequest, ExportMetricsServiceResponse } =
  // biome-ignore lint/suspicious/noExplicitAny: the package describes it as a root that may hold anything
  (root as any).opentelemetry.proto.collector.metrics.v1;
const AS_OTLP_JSON = { longs: String, enums: Number, defaults: false };

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const TAGS = tagsOf({ name: 'pay', status: '200' });
const ATTRIBUTES = ['testid=run-1', 'name=pay', 'status=200'];

const samples: readonly MadeSample[] = [
  { metric: metricOf('http_reqs', 'counter'), tags: TAGS, value: 1, atMs: START },
  { metric: metricOf('http_reqs', 'counter'), tags: TAGS, value: 1, atMs: START },
  { metric: metricOf('data_sent', 'counter', 'bytes'), tags: TAGS, value: 1234, atMs: START },
  { metric: metricOf('vus', 'gauge'), tags: TAGS, value: 3, atMs: START },
  { metric: metricOf('vus', 'gauge'), tags: TAGS, value: 7, atMs: START },
  ...[1, 0, 1, 1].map((value) => ({ metric: metricOf('checks', 'rate'), tags: TAGS, value, atMs: START })),
  ...[0, 4, 5.5, 80, 80, 999, 20_000].map((value) => ({
    ...{ metric: metricOf('http_req_duration', 'trend', 'ms'), tags: TAGS, value, atMs: START },
  })),
];

interface Received {
  readonly path: string;
  readonly type: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A collector that keeps what it is sent. */
async function startCollector(answer: (body: Buffer) => Uint8Array | string = () => ''): Promise<{
  readonly url: string;
  readonly received: readonly Received[];
}> {
  const received: Received[] = [];
  const server = await startHttpServer((request, response) => {
    void readBytes(request).then((body) => {
      const { authorization, 'content-type': type = '' } = request.headers;
      received.push({ path: request.url ?? '', type, authorization, body });
      response.writeHead(200, { 'content-type': type }).end(answer(body));
    });
  });
  servers.push(server);
  return { url: server.url, received };
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function send(target: string, env: Readonly<Record<string, string>> = {}) {
  const output = await createOutput(`opentelemetry=${target}`, makeWorld(env));
  await output.start(aboutOf('run-1', START - 10_000));
  output.takeSeries?.(seriesOf(samples), START + 0.25);
  return output.close();
}

/** The metrics of a request, with attributes as `key=value`. */
// biome-ignore lint/suspicious/noExplicitAny: what is decoded has the shape that the test is about
function readMetrics(request: any): Readonly<Record<string, any>> {
  const found = request.resourceMetrics[0].scopeMetrics[0].metrics;
  const text = JSON.stringify(found, (key, value) => (key === 'attributes' ? value.map(writeAttribute) : value));
  return Object.fromEntries(JSON.parse(text).map((metric: { name: string }) => [metric.name, metric]));
}

function writeAttribute({ key, value }: { key: string; value: { stringValue: string } }): string {
  return `${key}=${value.stringValue}`;
}

const TIMES = { startTimeUnixNano: '1767323035000000000', timeUnixNano: '1767323045000250000' };
const EXPECTED = {
  http_reqs: {
    name: 'http_reqs',
    sum: {
      dataPoints: [{ ...TIMES, asDouble: 2, attributes: ATTRIBUTES }],
      ...{ aggregationTemporality: 2, isMonotonic: true },
    },
  },
  data_sent: {
    ...{ name: 'data_sent', unit: 'By' },
    sum: {
      dataPoints: [{ ...TIMES, asDouble: 1234, attributes: ATTRIBUTES }],
      ...{ aggregationTemporality: 2, isMonotonic: true },
    },
  },
  vus: {
    name: 'vus',
    gauge: { dataPoints: [{ timeUnixNano: TIMES.timeUnixNano, asDouble: 7, attributes: ATTRIBUTES }] },
  },
  checks: {
    name: 'checks',
    sum: {
      dataPoints: [
        { ...TIMES, asInt: '3', attributes: [...ATTRIBUTES, 'condition=nonzero'] },
        { ...TIMES, asInt: '1', attributes: [...ATTRIBUTES, 'condition=zero'] },
      ],
      ...{ aggregationTemporality: 2, isMonotonic: true },
    },
  },
  http_req_duration: {
    ...{ name: 'http_req_duration', unit: 'ms' },
    histogram: {
      dataPoints: [
        {
          ...TIMES,
          ...{ count: '7', sum: 21_168.5, min: 0, max: 20_000, attributes: ATTRIBUTES },
          bucketCounts: ['1', '1', '1', '0', '0', '0', '2', '0', '0', '0', '1', '0', '0', '0', '0', '1'],
          explicitBounds: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000],
        },
      ],
      aggregationTemporality: 2,
    },
  },
};

describe('the output opentelemetry', () => {
  it('sends what a reader of the published definitions finds again', async () => {
    const { url, received } = await startCollector();
    expect(await send(url)).toEqual({ written: 6, lost: 0, notes: [] });
    // The first is empty, and asks whether anybody is there.
    const [first, last, ...more] = received;
    expect(more).toEqual([]);
    expect(first?.body.length).toBe(0);
    expect(last).toMatchObject({ path: '/v1/metrics', type: 'application/x-protobuf' });
    const decoded = ExportMetricsServiceRequest.toObject(ExportMetricsServiceRequest.decode(last?.body), AS_OTLP_JSON);
    expect(readMetrics(decoded)).toEqual(EXPECTED);
    expect(decoded.resourceMetrics[0].resource.attributes.map(writeAttribute)).toEqual([
      ...['service.name=testmesh', 'service.version=1.2.3', 'service.instance.id=i1'],
    ]);
  });

  it('sends the same as JSON', async () => {
    const { url, received } = await startCollector(() => '{}');
    expect(await send(`${url}/v1/metrics?protocol=http/json`)).toMatchObject({ written: 6, lost: 0 });
    expect(received.at(-1)?.type).toBe('application/json');
    expect(readMetrics(JSON.parse(String(received.at(-1)?.body)))).toEqual(EXPECTED);
  });

  it('sends histograms of exponential buckets when they are asked for', async () => {
    const { url, received } = await startCollector();
    await send(`${url}?histogram=base2_exponential_bucket_histogram&metricPrefix=k6_`);
    const decoded = ExportMetricsServiceRequest.toObject(
      ExportMetricsServiceRequest.decode(received.at(-1)?.body),
      AS_OTLP_JSON,
    );
    const [point] = readMetrics(decoded)['k6_http_req_duration'].exponentialHistogram.dataPoints;
    expect(point).toMatchObject({ count: '7', sum: 21_168.5, min: 0, max: 20_000, scale: 7, zeroCount: '1' });
    const { offset, bucketCounts } = point.positive;
    const filled = bucketCounts.flatMap((count: string, at: number) => (count === '0' ? [] : [[offset + at, count]]));
    const bounds = filled.map(([index, count]: [number, string]) => [2 ** (index / 128), count]);
    for (const [at, [value, count]] of [
      [4, '1'],
      [5.5, '1'],
      [80, '2'],
      [999, '1'],
      [20_000, '1'],
    ].entries()) {
      expect(bounds[at][1]).toBe(count);
      // A bucket is 0.54 % wide, and the measuring's own 0.8 %.
      expect(Math.abs(bounds[at][0] / Number(value) - 1)).toBeLessThan(0.012);
    }
    expect(bounds.length).toBe(5);
  });

  it('takes the variables of k6 and of OpenTelemetry', async () => {
    const { url, received } = await startCollector();
    const env = {
      ...{ K6_OTEL_HTTP_EXPORTER_ENDPOINT: url.replace('http://', ''), K6_OTEL_HTTP_EXPORTER_INSECURE: 'true' },
      ...{ K6_OTEL_HTTP_EXPORTER_URL_PATH: '/otlp', OTEL_SERVICE_NAME: 'shop' },
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer t0ken',
    };
    await send('', env);
    expect(received.at(-1)).toMatchObject({ path: '/otlp', authorization: 'Bearer t0ken' });
    expect(String(received.at(-1)?.body)).toContain('shop');
  });

  it.each(['protobuf', 'json'])('counts what a collector says that it did not take, as %s', async (encoding) => {
    const partialSuccess = { rejectedDataPoints: 2, errorMessage: 'too many labels' };
    const answer = encoding === 'json' ? JSON.stringify({ partialSuccess }) : encodeResponse({ partialSuccess });
    const { url } = await startCollector((body) => (body.length > 30 ? answer : ''));
    expect(await send(`${url}?protocol=http/${encoding}`)).toEqual({
      ...{ written: 4, lost: 2 },
      notes: ['2 were refused: too many labels'],
    });
  });
});

function encodeResponse(response: object): Uint8Array {
  return ExportMetricsServiceResponse.encode(response).finish();
}
