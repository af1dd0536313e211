import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DefectName } from '../shared/defects.ts';
import { type ServiceName, serviceNames } from '../shared/names.ts';
import { type Child, type Nursery, readLogTail } from './nursery.ts';

export interface ServicesOptions {
  nursery: Nursery;
  ports: Record<ServiceName, number>;
  databaseUrl: string;
  kafkaBrokers: string;
  defect?: DefectName | undefined;
  /** The folder of the bundles, once it is there. */
  entries: Promise<string>;
}

/** The four services, each of which can be stopped and started alone. */
export interface Services {
  urls: { user: string; product: string; order: string; notification: string };
  /** Starts one, or all, and resolves when they are healthy; the defect replaces the one given at first. */
  start(name?: ServiceName, change?: { defect?: DefectName | undefined }): Promise<void>;
  stop(name?: ServiceName): Promise<void>;
  /** The last health of each that is not healthy yet, in words. */
  describeUnhealthy(): string[];
}

const stopMs = 5_000;

export function createServices(options: ServicesOptions): Services {
  const children = new Map<ServiceName, Child>();
  const healths = new Map<ServiceName, string>();
  const url = (name: ServiceName): string => `http://127.0.0.1:${options.ports[name]}`;

  const startOne = async (name: ServiceName, defect: DefectName | undefined): Promise<void> => {
    if (children.get(name)?.isRunning() === true) throw new Error(`\`${name}\` runs already; stop it first`);
    const child = await options.nursery.start({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(await options.entries, `${name}.cjs`)],
      env: describeEnvironment(options, name, defect),
      lastSignal: 'SIGKILL',
      isServer: true,
      hasChannel: true,
    });
    children.set(name, child);
    await waitForHealth(child, `${url(name)}/health`, (health) => healths.set(name, health));
    healths.delete(name);
  };

  return {
    urls: {
      user: url('user-service'),
      product: url('product-service'),
      order: url('order-service'),
      notification: url('notification-service'),
    },
    async start(name, change) {
      const defect = change === undefined ? options.defect : change.defect;
      await Promise.all(chooseNames(name).map((each) => startOne(each, defect)));
    },
    describeUnhealthy: () => [...healths].map(([name, health]) => `${name}: ${health}`),
    async stop(name) {
      await Promise.all(chooseNames(name).map((each) => children.get(each)?.stop('SIGTERM', stopMs)));
    },
  };
}

function chooseNames(name: ServiceName | undefined): readonly ServiceName[] {
  return name === undefined ? serviceNames : [name];
}

function describeEnvironment(
  { ports, databaseUrl, kafkaBrokers }: ServicesOptions,
  name: ServiceName,
  defect: DefectName | undefined,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LOG_LEVEL: process.env['LOG_LEVEL'],
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafkaBrokers,
    USER_SERVICE_URL: `http://127.0.0.1:${ports['user-service']}`,
    PRODUCT_SERVICE_URL: `http://127.0.0.1:${ports['product-service']}`,
    DEFECT: defect,
  };
}

async function waitForHealth(child: Child, url: string, note: (health: string) => void): Promise<void> {
  while (child.isRunning()) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      () => ({ status: 0, text: 'does not answer' }),
    );
    note(answer.text);
    if (answer.status === 200) return;
    await sleep(100);
  }
  throw new Error(`${child.name} ended before it was healthy (${(await child.ended).text}):\n${readLogTail(child)}`);
}
