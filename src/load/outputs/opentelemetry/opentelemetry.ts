import { splitParts } from '../../../util/split-parts.ts';
import { type Output, type OutputAbout, type OutputEnd, OutputMistake, type Series } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import type { Parcel } from '../send/backlog.ts';
import { type Answer, askFirst } from '../send/poster.ts';
import { type Message, openProtobuf } from '../send/protobuf.ts';
import { SeriesSender } from '../send/series-sender.ts';
import { ExportMaker } from './export-request.ts';
import { EXPORT_REQUEST } from './otlp.ts';
import { readRefused } from './refused.ts';
import { readTelemetrySettings, type TelemetrySettings } from './settings.ts';

/** Sends what came together over OTLP. @throws OutputMistake */
export function createTelemetryOutput(target: string, world: OutputWorld): Output {
  return new TelemetryOutput(readTelemetrySettings(target, world), world);
}

type Encode = (message: Message) => Uint8Array;

/** In a request; a collector takes 20 MB by default, and others less. */
const SERIES_PER_REQUEST = 2000;

class TelemetryOutput implements Output {
  readonly name = 'opentelemetry';
  readonly wantsRaw = false;
  readonly #settings: TelemetrySettings;
  readonly #world: OutputWorld;
  readonly #sender: SeriesSender;
  #maker: ExportMaker | undefined;
  #encode: Encode | undefined;

  constructor(settings: TelemetrySettings, world: OutputWorld) {
    const { address, tls, headers, path, intervalMs, encoding } = settings;
    this.#settings = settings;
    this.#world = world;
    this.#sender = new SeriesSender({
      world,
      address,
      tls,
      intervalMs,
      headers: [...headers, 'user-agent', `testmesh/${world.version}`],
      post: { path, type: encoding === 'json' ? 'application/json' : 'application/x-protobuf' },
      make: (series, atMs) => this.#make(series, atMs),
      refusedIn: ({ body }) => readRefused(body, encoding),
    });
  }

  async start(about: OutputAbout): Promise<void> {
    this.#maker = new ExportMaker({ settings: this.#settings, about, version: this.#world.version });
    this.#encode = await openEncoder(this.#settings.encoding);
    const empty = this.#encode({ resourceMetrics: [] });
    const answer = await askFirst(this.name, this.#sender.poster, this.#sender.describePost(empty));
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

  #make(all: readonly Series[], atMs: number): readonly Parcel[] {
    return splitParts(all, SERIES_PER_REQUEST).map((own) => {
      const { points, message } = this.#maker?.make(own, atMs) ?? { points: 0, message: {} };
      return { points, bytes: this.#encode?.(message) ?? new Uint8Array() };
    });
  }

  #describe({ status, shown }: Answer): OutputMistake {
    const { address, path } = this.#settings;
    const about = `--out ${this.name}: ${address.peer}`;
    if (status === 401 || status === 403)
      return new OutputMistake(`${about} does not let this user write: ${shown}`, [
        'give `OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer <token>`, or http://user:password@host:4318',
      ]);
    return new OutputMistake(`${about} does not take metrics at ${path}: ${shown}`, [
      'check the address: it is usually http://localhost:4318, and the path /v1/metrics',
    ]);
  }
}

async function openEncoder(encoding: TelemetrySettings['encoding']): Promise<Encode> {
  if (encoding === 'json') return (message) => Buffer.from(JSON.stringify(message));
  const write = await openProtobuf();
  return (message) => write(EXPORT_REQUEST, message);
}
