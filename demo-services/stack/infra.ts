import { recordClasses, startKafka } from './kafka.ts';
import { type KafkaHome, prepareKafkaHome } from './kafka-home.ts';
import type { Child, Nursery } from './nursery.ts';
import { choosePorts, type PortMode } from './ports.ts';
import { postgresUrl, startPostgres } from './postgres.ts';

/** PostgreSQL and Kafka: addresses at once, `ready` when both answer. */
export interface Infra {
  databaseUrl: string;
  kafkaBrokers: string;
  ready: Promise<void>;
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

interface Server {
  address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts what the environment does not name: DATABASE_URL and KAFKA_BROKERS are taken as they are. */
export async function launchInfra(nursery: Nursery, mode: PortMode, log: (line: string) => void): Promise<Infra> {
  const postgres = await launchPostgres(nursery, mode);
  const kafka = await launchKafka(nursery, mode, log);
  const starts = [postgres, kafka].map((server) => nursery.track(server.start()));
  const ready = Promise.all(starts).then(() => {});
  // whoever awaits it later gets the error; until then it is not unhandled
  ready.catch(() => {});
  return {
    databaseUrl: postgres.address,
    kafkaBrokers: kafka.address,
    ready,
    stopPostgres: postgres.stop,
    startPostgres: postgres.start,
    stopBroker: kafka.stop,
    startBroker: kafka.start,
  };
}

async function launchPostgres(nursery: Nursery, mode: PortMode): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  if (given) return describeGiven('PostgreSQL', given);
  const { postgres: port } = await choosePorts(mode, ['postgres']);
  let child: Child | undefined;
  return {
    address: postgresUrl(port),
    async start() {
      child = await startPostgres(nursery, port);
    },
    stop: async () => child?.stop('SIGINT', 10_000),
  };
}

async function launchKafka(nursery: Nursery, mode: PortMode, log: (line: string) => void): Promise<Server> {
  const given = process.env['KAFKA_BROKERS'];
  if (given) return describeGiven('the broker', given);
  const { kafka: port } = await choosePorts(mode, ['kafka']);
  let home: KafkaHome | undefined;
  let child: Child | undefined;
  return {
    address: `127.0.0.1:${port}`,
    async start() {
      home ??= await prepareKafkaHome(nursery, log);
      await recordClasses(nursery, home, log);
      child = await startKafka(nursery, home, port);
    },
    stop: async () => child?.stop('SIGTERM', 10_000),
  };
}

function describeGiven(what: string, address: string): Server {
  const refuse = async (): Promise<void> => {
    throw new Error(`${what} at ${address} was not started here, so it is not stopped here`);
  };
  return { address, start: async () => {}, stop: refuse };
}
