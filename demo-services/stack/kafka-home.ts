import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, copyFolder, makeOnce, runProgram } from './cache.ts';
import { MissingPrerequisite } from './missing.ts';
import type { Nursery } from './nursery.ts';

export const kafkaVersion = '4.4.0';
const log4jVersion = '2.25.5';
const clusterId = 'dGVzdG1lc2gtc3RhY2stMQ';
const alternative =
  'start a broker with `docker compose -f docker-compose.infra.yml up -d` and set KAFKA_BROKERS to it';

/** What a broker is started from; all of it lies in the cache. */
export interface KafkaHome {
  java: string;
  classPath: string;
  /** A formatted log folder to copy. */
  template: string;
  /** The class data archive; made at the end of the first broker's life. */
  archive: string;
}

/** Finds Java and puts Kafka's jars and a formatted log folder into the cache, which takes a while the first time. */
export async function prepareKafkaHome(nursery: Nursery, log: (line: string) => void): Promise<KafkaHome> {
  const java = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java';
  const javaVersion = await readJavaVersion(java);
  const jars = await makeOnce(cachePath(`kafka-${kafkaVersion}`), join(nursery.folder, 'kafka-jars'), (folder) =>
    resolveJars(nursery, folder, log),
  );
  const names = (await readdir(jars)).filter((name) => name.endsWith('.jar')).sort();
  const classPath = names.map((name) => join(jars, name)).join(':');
  const formatted = cachePath(`kafka-${kafkaVersion}-formatted`);
  const template = await makeOnce(formatted, join(nursery.folder, 'kafka-draft'), async (folder) => {
    log(`formatting a log folder for Kafka ${kafkaVersion} (once)`);
    await format(nursery, { java, classPath, folder });
  });
  return { java, classPath, template, archive: cachePath(`kafka-${kafkaVersion}-java-${javaVersion}.jsa`) };
}

/** Moves a finished class data archive to its place. */
export async function keepArchive(home: KafkaHome, file: string): Promise<void> {
  if (existsSync(file) && !existsSync(home.archive))
    await rename(file, home.archive).catch(() => copyFolder(file, home.archive));
}

/** A node of a cluster: the first is broker and controller, others are brokers that follow it. */
export interface Node {
  id: number;
  port: number;
  controllerPort: number;
  /** What it listens on beside the port that asks for nothing. */
  listeners?: readonly Listener[];
  /** Settings of the broker that are added, or stand for those that are usual here. */
  settings?: Settings;
}

export interface Listener {
  name: string;
  protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
  /** The host that clients are reported. */
  host: string;
  port: number;
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** The settings of a node, as Kafka's file has them. */
export function describeServer(node: Node, data: string): string {
  const { id, port, controllerPort, listeners = [] } = node;
  const more = listeners.map(({ name, port: own }) => `${name}://127.0.0.1:${own}`);
  const advertised = listeners.map(({ name, host, port: own }) => `${name}://${host}:${own}`);
  const protocols = listeners.map(({ name, protocol }) => `${name}:${protocol}`);
  const control = id === 1 ? [`CONTROLLER://127.0.0.1:${controllerPort}`] : [];
  const settings: Settings = {
    'process.roles': id === 1 ? 'broker,controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [`PLAINTEXT://127.0.0.1:${port}`, ...more, ...control].join(),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${port}`, ...advertised].join(),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...protocols].join(),
    'log.dirs': data,
    'auto.create.topics.enable': true,
    // a broker that nobody uses does next to nothing, and the first of a group does not wait for others
    'metadata.max.idle.interval.ms': 0,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.enable': false,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    ...node.settings,
  };
  return formatProperties(settings);
}

/** Says in a formatted log folder which node it is of; as formatted it is of the first. */
export async function renameNode(data: string, id: number): Promise<void> {
  const directoryId = randomBytes(16).toString('base64url');
  const facts = { version: 1, 'cluster.id': clusterId, 'node.id': id, 'directory.id': directoryId };
  await writeFile(join(data, 'meta.properties'), formatProperties(facts));
}

function formatProperties(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function readJavaVersion(java: string): Promise<string> {
  const printed = await runProgram(java, ['-version']).catch(() => undefined);
  if (printed === undefined)
    throw new MissingPrerequisite(
      `Kafka needs Java 17 or newer, and \`${java}\` does not run; install it, or ${alternative}`,
    );
  const version = /version "([^"]+)"/.exec(printed.stderr)?.[1] ?? 'unknown';
  if (Number.parseInt(version, 10) < 17)
    throw new MissingPrerequisite(
      `Kafka needs Java 17 or newer, and \`${java}\` is ${version}; install it, or ${alternative}`,
    );
  return version;
}

async function resolveJars(nursery: Nursery, folder: string, log: (line: string) => void): Promise<void> {
  await runProgram('mvn', ['--version']).catch(() => {
    throw new MissingPrerequisite(
      `Kafka is fetched with Maven, and \`mvn\` does not run; install it, or ${alternative}`,
    );
  });
  log(`resolving Kafka ${kafkaVersion} with Maven into ${cachePath()} (once, about half a minute)`);
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, describePom());
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = ['-B', '-q', '-f', pom, goal, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
  await nursery.run({ name: 'maven', command: 'mvn', args }).catch((error: Error) => {
    throw new MissingPrerequisite(
      `${error.message}\nKafka ${kafkaVersion} could not be resolved; try again, or ${alternative}`,
    );
  });
}

function describePom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>testmesh</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
      <exclusions>
        <exclusion>
          <groupId>org.apache.kafka</groupId>
          <artifactId>kafka-tools-api</artifactId>
        </exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>${log4jVersion}</version>
    </dependency>
  </dependencies>
</project>
`;
}

async function format(
  nursery: Nursery,
  { java, classPath, folder }: { java: string; classPath: string; folder: string },
): Promise<void> {
  const data = join(folder, 'data');
  const settings = join(folder, 'server.properties');
  await mkdir(data);
  await writeFile(settings, describeServer({ id: 1, port: 1, controllerPort: 2 }, data));
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings];
  await nursery.run({
    name: 'kafka-format',
    command: java,
    args: ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...tool],
  });
}
