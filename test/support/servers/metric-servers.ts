import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { makeFolder, type OwnServer, startServer } from './programs.ts';

export interface InfluxOptions {
  /** Goes on with the data, at the port, of one that was stopped. */
  readonly from?: Pick<OwnServer, 'port' | 'folder'>;
  readonly keepsFolder?: boolean;
  /** Whether it asks who one is. */
  readonly hasUsers?: boolean;
}

/** Starts InfluxDB 1.6 on a port and a folder of its own; resolves when it answers. */
export async function startInflux({
  from,
  keepsFolder = false,
  hasUsers = false,
}: InfluxOptions = {}): Promise<OwnServer> {
  const folder = from?.folder ?? (await makeFolder('influxdb'));
  const port = from?.port ?? (await findFreePort());
  const config = join(folder, 'influxdb.conf');
  const place = (name: string): string => JSON.stringify(join(folder, name));
  const lines = [
    'reporting-enabled = false',
    `bind-address = "127.0.0.1:${await findFreePort()}"`,
    `[meta]\ndir = ${place('meta')}`,
    `[data]\ndir = ${place('data')}\nwal-dir = ${place('wal')}\nquery-log-enabled = false`,
    `[http]\nbind-address = "127.0.0.1:${port}"\nlog-enabled = false\nauth-enabled = ${hasUsers}`,
    '[monitor]\nstore-enabled = false',
  ];
  await writeFile(config, lines.join('\n'));
  const spec = { program: 'influxd', args: ['-config', config], port, folder, keepsFolder };
  return startServer(spec, () => ping(`http://127.0.0.1:${port}/ping`));
}

/** Starts Prometheus, which takes remote writes and native histograms; resolves when it answers. */
export async function startPrometheus(): Promise<OwnServer> {
  const folder = await makeFolder('prometheus');
  const port = await findFreePort();
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, 'global: {scrape_interval: 1m}\n');
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--enable-feature=native-histograms',
  ];
  return startServer({ program: 'prometheus', args, port, folder }, () => ping(`http://127.0.0.1:${port}/-/ready`));
}

/** One series of an answer of InfluxDB. */
export interface InfluxSeries {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** Asks InfluxDB. @throws when it answers with an error */
export async function askInflux(port: number, q: string, db = 'k6', login = ''): Promise<readonly InfluxSeries[]> {
  const query = new URLSearchParams({ db, q, epoch: 'ns' });
  const headers = login === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const answer = await fetch(`http://127.0.0.1:${port}/query?${query}`, { method: 'POST', headers });
  const body = (await answer.json()) as {
    error?: string;
    results?: readonly { error?: string; series?: InfluxSeries[] }[];
  };
  const error = body.error ?? body.results?.find((result) => result.error)?.error;
  if (error !== undefined) throw new Error(`${error}: ${q}`);
  return (body.results ?? []).flatMap(({ series = [] }) => series);
}

/** One series of an answer of Prometheus, its value as a number. */
export interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks Prometheus for the values at a time. @throws when it answers with an error */
export async function askPrometheus(port: number, query: string, atMs: number): Promise<readonly PrometheusSeries[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query, time: String(atMs / 1000) }),
  });
  const body = (await answer.json()) as {
    error?: string;
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (body.error !== undefined) throw new Error(`${body.error}: ${query}`);
  return (body.data?.result ?? []).map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function ping(url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
}
