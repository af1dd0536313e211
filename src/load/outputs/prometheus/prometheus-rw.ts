import { splitParts } from '../../../util/split-parts.ts';
import type { Output, OutputAbout, OutputEnd, Series } from '../../metrics/samples.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import type { Parcel } from '../send/backlog.ts';
import { type Answer, askFirst } from '../send/poster.ts';
import { type Message, openProtobuf } from '../send/protobuf.ts';
import { SeriesSender } from '../send/series-sender.ts';
import { type PrometheusSettings, readPrometheusSettings } from './settings.ts';
import { TimeSeriesMaker } from './time-series.ts';
import { WRITE_REQUEST } from './write-request.ts';

/** A request of so many series is about 1 MB. */
const SERIES_PER_REQUEST = 5000;

/** Sends what came together to Prometheus, or whatever takes its remote write. @throws OutputMistake */
export function createPrometheusOutput(target: string, world: OutputWorld): Output {
  return new PrometheusOutput(readPrometheusSettings('prometheus-rw', target, world), world);
}

type Encode = (series: readonly Message[]) => Uint8Array;

class PrometheusOutput implements Output {
  readonly name = 'prometheus-rw';
  readonly wantsRaw = false;
  readonly #settings: PrometheusSettings;
  readonly #sender: SeriesSender;
  #maker: TimeSeriesMaker | undefined;
  #encode: Encode | undefined;

  constructor(settings: PrometheusSettings, world: OutputWorld) {
    const { address, tls, headers, path, intervalMs, marksStale } = settings;
    this.#settings = settings;
    this.#sender = new SeriesSender({
      world,
      address,
      tls,
      intervalMs,
      headers: [
        ...headers,
        ...['content-encoding', 'snappy'],
        ...['x-prometheus-remote-write-version', '0.1.0'],
        ...['user-agent', `testmesh/${world.version}`],
      ],
      post: { path, type: 'application/x-protobuf' },
      make: (series, atMs) => this.#pack(this.#maker?.make(series, atMs) ?? []),
      ...(marksStale && { makeLast: (series, atMs) => this.#pack(this.#maker?.makeStale(series, atMs + 1) ?? []) }),
    });
  }

  async start({ testId, instanceId, tags }: OutputAbout): Promise<void> {
    this.#maker = new TimeSeriesMaker(
      this.#settings,
      new Map([...tags, ['testid', testId], ['instance_id', instanceId]]),
    );
    this.#encode = await openEncoder();
    const answer = await askFirst(this.name, this.#sender.poster, this.#sender.describePost(this.#encode([])));
    if (answer.status >= 300) throw this.#describe(answer);
  }

  takeSeries(series: readonly Series[], atMs: number): void {
    this.#sender.take(series, atMs);
  }

  giveUp(): void {
    this.#sender.giveUp();
  }

  close(): Promise<OutputEnd> {
    return this.#sender.close();
  }

  #pack(all: readonly Message[]): readonly Parcel[] {
    return splitParts(all, SERIES_PER_REQUEST).map((own) => ({
      points: own.length,
      bytes: this.#encode?.(own) ?? new Uint8Array(),
    }));
  }

  #describe({ status, shown }: Answer): OutputMistake {
    const { address, path } = this.#settings;
    const about = `--out ${this.name}: ${address.peer}`;
    if (status === 401 || status === 403)
      return new OutputMistake(`${about} does not let this user write: ${shown}`, [
        'give http://user:password@host:9090/api/v1/write, K6_PROMETHEUS_RW_USERNAME and K6_PROMETHEUS_RW_PASSWORD, or K6_PROMETHEUS_RW_BEARER_TOKEN',
      ]);
    return new OutputMistake(`${about} does not take a remote write at ${path}: ${shown}`, [
      status === 404
        ? 'start Prometheus with --web.enable-remote-write-receiver, or check the path: it is usually /api/v1/write'
        : 'check the address: it is usually http://localhost:9090/api/v1/write',
    ]);
  }
}

async function openEncoder(): Promise<Encode> {
  const [write, { default: snappy }] = await Promise.all([openProtobuf(), import('snappyjs')]);
  return (timeseries) => snappy.compress(write(WRITE_REQUEST, { timeseries }));
}
