import { reachGiven } from './given.ts';
import { recordClasses, startKafka } from './kafka.ts';
import { type KafkaHome, prepareKafkaHome } from './kafka-home.ts';
import type { Child, Nursery } from './nursery.ts';
import { choosePorts, type PortMode } from './ports.ts';
import { postgresUrl, startPostgres } from './postgres.ts';

export interface InfraOptions {
  mode: PortMode;
  log: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** PostgreSQL and Kafka: addresses at once, `ready` when both answer. */
export interface Infra {
  databaseUrl: string;
  kafkaBrokers: string;
  ready: Promise<void>;
  /** What does not answer yet. */
  waitingFor(): string[];
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

interface Server {
  name: 'PostgreSQL' | 'Kafka';
  address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts what the environment does not name. DATABASE_URL and KAFKA_BROKERS are taken as they are, once they have answered. */
export async function launchInfra(nursery: Nursery, { mode, log, signal }: InfraOptions): Promise<Infra> {
  const { DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers } = process.env;
  const given = [
    ...(databaseUrl ? [{ variable: 'DATABASE_URL', address: databaseUrl } as const] : []),
    ...(brokers ? [{ variable: 'KAFKA_BROKERS', address: brokers } as const] : []),
  ];
  await reachGiven(given, signal);
  const postgres = databaseUrl ? describeGiven('PostgreSQL', databaseUrl) : await launchPostgres(nursery, mode);
  const kafka = brokers ? describeGiven('Kafka', brokers) : await launchKafka(nursery, mode, log);
  const waitingFor = new Set<string>();
  const start = async (server: Server): Promise<void> => {
    waitingFor.add(server.name);
    await server.start();
    waitingFor.delete(server.name);
  };
  const ready = Promise.all([postgres, kafka].map((server) => nursery.track(start(server)))).then(() => {});
  // whoever awaits it later gets the error; until then it is not unhandled
  ready.catch(() => {});
  return {
    databaseUrl: postgres.address,
    kafkaBrokers: kafka.address,
    ready,
    waitingFor: () => [...waitingFor],
    stopPostgres: postgres.stop,
    startPostgres: postgres.start,
    stopBroker: kafka.stop,
    startBroker: kafka.start,
  };
}

async function launchPostgres(nursery: Nursery, mode: PortMode): Promise<Server> {
  const { postgres: port } = await choosePorts(mode, ['postgres']);
  let child: Child | undefined;
  return {
    name: 'PostgreSQL',
    address: postgresUrl(port),
    async start() {
      child = await startPostgres(nursery, port);
    },
    stop: async () => child?.stop('SIGINT', 10_000),
  };
}

async function launchKafka(nursery: Nursery, mode: PortMode, log: (line: string) => void): Promise<Server> {
  const { kafka: port } = await choosePorts(mode, ['kafka']);
  let home: KafkaHome | undefined;
  let child: Child | undefined;
  return {
    name: 'Kafka',
    address: `127.0.0.1:${port}`,
    async start() {
      home ??= await prepareKafkaHome(nursery, log);
      await recordClasses(nursery, home, log);
      child = await startKafka(nursery, home, port);
    },
    stop: async () => child?.stop('SIGTERM', 10_000),
  };
}

function describeGiven(name: Server['name'], address: string): Server {
  const refuse = async (): Promise<void> => {
    throw new Error(
      `${name === 'Kafka' ? 'the broker' : name} at ${address} was not started here, so it is not stopped here`,
    );
  };
  return { name, address, start: async () => {}, stop: refuse };
}
