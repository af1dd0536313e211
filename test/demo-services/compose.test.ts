import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { serviceNames } from '../../demo-services/shared/names.ts';
import { readSettings } from '../../demo-services/shared/settings.ts';
import { usualPorts } from '../../demo-services/stack/ports.ts';

const root = join(import.meta.dirname, '..', '..');

// the part of the compose specification that the two files use, closed: a misspelt key is an error
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);
const service = z.strictObject({
  profiles: z.array(z.string()).optional(),
  image: z.string().regex(/^[a-z0-9/-]+(:\d[\w.-]*)?$/),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
  ports: z.array(z.string().regex(/^\d+:\d+$/)),
  depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string().startsWith('/') })).optional(),
  volumes: z.array(z.string().regex(/^\.\/[^:]+:\/[^:]+:ro$/)).optional(),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: duration,
    timeout: duration,
    retries: z.int().positive(),
  }),
});
const composeFile = z.strictObject({
  include: z.array(z.string()).optional(),
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })).optional(),
});

type ComposeFile = z.infer<typeof composeFile>;

const infra = readCompose('docker-compose.infra.yml');
const services = readCompose('docker-compose.services.yml');

describe('docker-compose.infra.yml', () => {
  test('has PostgreSQL and Kafka in pinned versions, on the ports that flows use', () => {
    const usual = Object.entries(infra.services).filter(([, { profiles }]) => profiles === undefined);
    expect(usual.map(([name]) => name)).toEqual(['postgres', 'kafka']);
    expect(infra.services['postgres']?.image).toMatch(/^postgres:18\.\d+$/);
    expect(infra.services['kafka']?.image).toMatch(/^apache\/kafka:4\.\d+\.\d+$/);
    expect(infra.services['postgres']?.ports).toEqual([`${usualPorts.postgres}:5432`]);
    expect(infra.services['kafka']?.ports).toEqual([`${usualPorts.kafka}:9092`]);
  });

  test('makes the database that services and flows expect', () => {
    const environment = infra.services['postgres']?.environment;
    expect(environment).toEqual({ POSTGRES_USER: 'root', POSTGRES_PASSWORD: 'admin', POSTGRES_DB: 'postgres' });
  });
});

describe('the profile load of docker-compose.infra.yml', () => {
  const { influxdb, grafana } = infra.services;

  test('has InfluxDB and Grafana in pinned versions', () => {
    const inProfile = Object.entries(infra.services).filter(([, { profiles }]) => profiles?.includes('load'));
    expect(inProfile.map(([name]) => name)).toEqual(['influxdb', 'grafana']);
    expect(influxdb?.image).toMatch(/^influxdb:1\.8\.\d+$/);
    expect(grafana?.image).toMatch(/^grafana\/grafana:\d+\.\d+\.\d+$/);
    expect(influxdb?.ports).toEqual(['8086:8086']);
  });

  test('gives Grafana the database, and the dashboard that stands in the examples', () => {
    const given = Object.fromEntries(
      (grafana?.configs ?? []).map(({ source, target }) => [target, parse(infra.configs?.[source]?.content ?? '')]),
    );
    const [source] = given['/etc/grafana/provisioning/datasources/testmesh.yaml'].datasources;
    expect(source).toMatchObject({
      ...{ type: 'influxdb', url: 'http://influxdb:8086', isDefault: true },
      jsonData: { dbName: influxdb?.environment['INFLUXDB_DB'] },
    });
    const [provider] = given['/etc/grafana/provisioning/dashboards/testmesh.yaml'].providers;
    const [folder = '', mounted] = grafana?.volumes?.[0]?.split(':') ?? [];
    expect(provider.options.path).toBe(mounted);
    const home = grafana?.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    const dashboard = readFileSync(join(root, folder, home.replace(`${mounted}/`, '')), 'utf8');
    const uids = [...dashboard.matchAll(/"type": "influxdb",\s*"uid": "([^"]+)"/g)].map(([, uid]) => uid);
    expect(new Set(uids)).toEqual(new Set([source.uid]));
  });
});

describe('docker-compose.services.yml', () => {
  test('brings its infrastructure with it', () => {
    expect(services.include).toEqual(['docker-compose.infra.yml']);
    for (const { depends_on: needs } of Object.values(services.services)) {
      const healthy = { condition: 'service_healthy' };
      expect(needs).toEqual({ postgres: healthy, kafka: healthy });
    }
  });

  test('has the four services', () => {
    expect(Object.keys(services.services)).toEqual(serviceNames);
  });

  test.each(serviceNames)('runs %s from its bundle on its usual port, with settings that it reads', (name) => {
    const described = services.services[name];
    const port = usualPorts[name];
    expect(described?.command).toEqual(['node', `${name}.cjs`]);
    expect(described?.ports).toEqual([`${port}:${port}`]);
    const environment = { ...described?.environment, DEFECT: '' };
    expect(readSettings(environment, { port: 1, schema: 'x' })).toMatchObject({
      port,
      databaseUrl: 'postgresql://root:admin@postgres:5432/postgres',
      brokers: ['kafka:29092'],
      userServiceUrl: 'http://user-service:5001',
      productServiceUrl: 'http://product-service:5002',
    });
    expect(described?.environment['DEFECT']).toMatch(/^\$\{DEFECT:-\}$/);
  });

  test('builds from files that are there and reach the build', () => {
    const { context = '', dockerfile = '' } = services.services['user-service']?.build ?? {};
    const folder = join(root, context);
    const copied = readFileSync(join(folder, dockerfile), 'utf8').matchAll(/^COPY (?!--)(.+) \S+$/gm);
    const sources = [...copied].flatMap(([, paths = '']) => paths.split(' '));
    const reaching = readFileSync(join(folder, `${dockerfile}.dockerignore`), 'utf8').split('\n');
    expect(sources).toContain('demo-services');
    expect(sources.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
    expect(sources.filter((path) => !reaching.includes(`!${path}`))).toEqual([]);
  });
});

/** Reads a file as compose does, merge keys and all, and checks it; extension fields (`x-…`) are free. */
function readCompose(name: string): ComposeFile {
  const content = parse(readFileSync(join(root, name), 'utf8'), { merge: true }) as Record<string, unknown>;
  const fields = Object.entries(content).filter(([key]) => !key.startsWith('x-'));
  return composeFile.parse(Object.fromEntries(fields));
}
