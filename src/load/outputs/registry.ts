import { maskAddress } from '../../util/mask-address.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { type Output, OutputMistake } from '../metrics/samples.ts';
import type { OutputWorld } from './output-world.ts';

type Create = (target: string, world: OutputWorld) => Output;

interface OutputKind {
  readonly load: () => Promise<Create>;
  /** What stands after the `=`, as an example; a file is needed, an address has a default. */
  readonly example: string;
  readonly needsTarget?: boolean;
}

/** Each output by its name, loaded when it is asked for. */
const KINDS: Readonly<Record<string, OutputKind>> = {
  influxdb: {
    load: async () => (await import('./influxdb/influxdb.ts')).createInfluxOutput,
    example: 'http://localhost:8086/k6',
  },
  'prometheus-rw': {
    load: async () => (await import('./prometheus/prometheus-rw.ts')).createPrometheusOutput,
    example: 'http://localhost:9090/api/v1/write',
  },
  opentelemetry: {
    load: async () => (await import('./opentelemetry/opentelemetry.ts')).createTelemetryOutput,
    example: 'http://localhost:4318',
  },
  json: {
    load: async () => (await import('./json.ts')).createJsonOutput,
    example: 'samples.ndjson',
    needsTarget: true,
  },
  csv: {
    load: async () => (await import('./csv.ts')).createCsvOutput,
    example: 'samples.csv',
    needsTarget: true,
  },
  html: {
    load: async () => (await import('./report.ts')).createReportOutput,
    example: 'report.html',
    needsTarget: true,
  },
  web: {
    load: async () => (await import('./web/live-page.ts')).createLiveOutput,
    example: '127.0.0.1:5665',
  },
};

/** How k6 calls some of them. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['experimental-prometheus-rw', 'prometheus-rw'],
  ['experimental-opentelemetry', 'opentelemetry'],
  ['xk6-influxdb', 'influxdb'],
]);

/** What `--out` takes before the `=`. */
export const outputNames: readonly string[] = Object.keys(KINDS);

/** What was taken for a name; it may be an address, with a password in which a `=` stands. */
function showName(text: string, written: string): string {
  if (/^[^=]*:\/\//.test(text)) return maskAddress(text);
  return written.includes(':') ? `***${/@.*$/s.exec(text)?.[0] ?? ''}` : written;
}

/** Makes the output that `name=target` asks for. @throws OutputMistake */
export async function createOutput(text: string, world: OutputWorld): Promise<Output> {
  const [, written = '', target = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  const name = OTHER_NAMES.get(written) ?? written;
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind) {
    const nearest = findNearest(written, outputNames);
    throw new OutputMistake(`--out: there is no output \`${showName(text, written)}\``, [
      nearest === undefined ? `outputs are ${listNames(outputNames)}` : `did you mean \`${nearest}\`?`,
    ]);
  }
  if (kind.needsTarget && target === '')
    throw new OutputMistake(`--out ${name}: the file's name is missing`, [`for example --out ${name}=${kind.example}`]);
  return (await kind.load())(target, world);
}
