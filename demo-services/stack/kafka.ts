import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyFolder } from './cache.ts';
import { answersApiVersions } from './kafka-answer.ts';
import { describeServer, type KafkaHome, keepArchive, type Node, renameNode } from './kafka-home.ts';
import { type Child, type Nursery, readLogTail } from './nursery.ts';
import { findFreePort } from './ports.ts';

const readyLine = 'Kafka Server started';

const logging = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server
logger.server.level=info
`;

/** Puts a formatted log folder in place and starts a broker on it; resolves when it answers. */
export async function startKafka(nursery: Nursery, home: KafkaHome, port: number): Promise<Child> {
  return startBroker({ nursery, home, node: await describeOnly(port), name: 'kafka' });
}

/** Once per machine: runs a broker whose end leaves the class data archive that makes later starts twice as quick. */
export async function recordClasses(nursery: Nursery, home: KafkaHome, log: (line: string) => void): Promise<void> {
  if (existsSync(home.archive)) return;
  log('recording the classes of Kafka for quicker starts (once)');
  const name = 'kafka-recording';
  const child = await startBroker({ nursery, home, node: await describeOnly(await findFreePort()), name });
  await child.stop('SIGTERM', 30_000);
  await keepArchive(home, join(nursery.folder, name, 'classes.jsa'));
  await rm(join(nursery.folder, name), { recursive: true, force: true });
}

export interface BrokerOptions {
  nursery: Nursery;
  home: KafkaHome;
  node: Node;
  /** Names its folder and its log file; a broker that was stopped goes on by its name. */
  name: string;
}

/** Starts any node of a cluster; resolves when it answers. */
export async function startBroker({ nursery, home, node, name }: BrokerOptions): Promise<Child> {
  const folder = join(nursery.folder, name);
  await placeFiles(folder, home, node);
  const readyBefore = countReady(join(nursery.folder, 'logs', `${name}.log`));
  const child = await nursery.start({
    name,
    command: home.java,
    args: [...describeMachine(folder, home), 'kafka.Kafka', join(folder, 'server.properties')],
    cwd: folder,
    lastSignal: 'SIGKILL',
    isServer: true,
  });
  while (child.isRunning()) {
    if (countReady(child.logFile) > readyBefore && (await answersApiVersions({ port: node.port }))) return child;
    await sleep(50);
  }
  throw new Error(`${name} ended before it answered (${(await child.ended).text}):\n${readLogTail(child)}`);
}

async function describeOnly(port: number): Promise<Node> {
  return { id: 1, port, controllerPort: await findFreePort() };
}

async function placeFiles(folder: string, home: KafkaHome, node: Node): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(folder);
  const data = join(folder, 'data');
  await copyFolder(join(home.template, 'data'), data);
  if (node.id !== 1) await renameNode(data, node.id);
  await writeFile(join(folder, 'server.properties'), describeServer(node, data));
  await writeFile(join(folder, 'log4j2.properties'), logging);
}

function describeMachine(folder: string, home: KafkaHome): string[] {
  const archive = existsSync(home.archive)
    ? [`-XX:SharedArchiveFile=${home.archive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']
    : [`-XX:ArchiveClassesAtExit=${join(folder, 'classes.jsa')}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
  const size = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return [
    ...size,
    ...archive,
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    '-cp',
    home.classPath,
  ];
}

function countReady(logFile: string): number {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8').split(readyLine).length - 1 : 0;
}
