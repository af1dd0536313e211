import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DefectName, parseDefect } from '../shared/defects.ts';
import { type ServiceName, serviceNames } from '../shared/names.ts';
import { provideEntries } from './entries.ts';
import { type Infra, launchInfra } from './infra.ts';
import { makeRunFolder, type Nursery, openNursery } from './nursery.ts';
import { choosePorts, type PortMode } from './ports.ts';
import { createServices, type Services } from './services.ts';

export interface StackOptions {
  /** `usual`: the ports flows have as defaults, busy is an error; `free`: others; `usual-or-free` (default): one by one. */
  ports?: PortMode;
  /** A name from the registry of defects; an unknown one is an error before anything starts. */
  defect?: string | undefined;
  /** False for PostgreSQL and Kafka alone. */
  services?: boolean;
  log?: (line: string) => void;
  /** Aborting it stops what was started and rejects with the reason. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** How often a start that takes long says what it waits for; 10 s when absent. */
  reportEveryMs?: number;
}

export type StackVars = Record<
  | 'DB_URL'
  | 'KAFKA_BROKERS'
  | 'USER_SERVICE_URL'
  | 'PRODUCT_SERVICE_URL'
  | 'ORDER_SERVICE_URL'
  | 'NOTIFICATION_SERVICE_URL',
  string
>;

/** PostgreSQL, Kafka and the four services, healthy. */
export interface Stack {
  databaseUrl: string;
  kafkaBrokers: string;
  urls: Services['urls'];
  /** The addresses by the names that flows have for them. */
  vars: StackVars;
  /** The folder with a log file for each process; removed at the end. */
  logFolder: string;
  pids(): number[];
  /** Names of the processes that ended though nobody stopped them. */
  lost: readonly string[];
  stopService(name: ServiceName): Promise<void>;
  /** Starts a stopped service on its old port; `change.defect` replaces the stack's defect. */
  startService(name: ServiceName, change?: { defect?: DefectName | undefined }): Promise<void>;
  stopServices(): Promise<void>;
  startServices(change?: { defect?: DefectName | undefined }): Promise<void>;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  /** Runs a Node script on this terminal to its end and returns its exit code; it never outlives the stack. */
  runScript(args: string[], signal?: AbortSignal): Promise<number>;
  /** Stops everything and removes the temporary folder; resolves when no process is left. */
  stop(): Promise<void>;
}

/** Starts the stack; when anything goes wrong, everything that was started is stopped before this rejects. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const defect = parseDefect(options.defect);
  const mode = options.ports ?? 'usual-or-free';
  const log = options.log ?? (() => {});
  options.signal?.throwIfAborted();
  const ports = await choosePorts(mode, serviceNames);
  const folder = makeRunFolder();
  const nursery = await openGuardedNursery(folder);
  let services: Services | undefined;
  const stop = createStop(nursery, () => services);
  try {
    const infra = await launchInfra(nursery, { mode, log, signal: options.signal });
    const { databaseUrl, kafkaBrokers } = infra;
    const entries = nursery.track(provideEntries([...serviceNames], folder));
    services = createServices({ nursery, ports, databaseUrl, kafkaBrokers, defect, entries });
    const isWithServices = options.services ?? true;
    const begun = Promise.all([infra.ready, nursery.track(isWithServices ? services.start() : entries.then(() => {}))]);
    const { describeUnhealthy } = services;
    const describeWait = (): string[] => [...infra.waitingFor(), ...describeUnhealthy()];
    const stopReporting = reportWait(describeWait, { log, everyMs: options.reportEveryMs ?? 10_000 });
    await giveUpWhen(begun, options, describeUnhealthy).finally(stopReporting);
    const lost: string[] = [];
    nursery.watchLost(({ name, logFile }, { text }) => {
      lost.push(name);
      log(`${name} ended (${text}), and the rest stays up; its log is ${logFile}`);
    });
    return describeStack({ nursery, infra, services, stop, lost });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openGuardedNursery(folder: string): Promise<Nursery> {
  try {
    return await openNursery(folder, join(await provideEntries(['guard'], folder), 'guard.cjs'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The services leave their groups while the broker still answers; what holds only temporary data is killed. */
function createStop(nursery: Nursery, findServices: () => Services | undefined): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    await findServices()?.stop();
    await nursery.close();
  };
  return () => {
    stopped ??= stopAll();
    return stopped;
  };
}

/** Says again and again what is waited for; gives what ends that. */
function reportWait(
  describeWait: () => string[],
  { log, everyMs }: { log: (line: string) => void; everyMs: number },
): () => void {
  const beganMs = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    log([`after ${seconds} s the stack still waits for`, ...describeWait()].join('\n  '));
  }, everyMs);
  return () => clearInterval(timer);
}

async function giveUpWhen(
  work: Promise<unknown>,
  { signal, timeoutMs = 300_000 }: StackOptions,
  describeUnhealthy: () => string[],
): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ends = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const describeTimeout = (): string =>
    [`the stack was not up within ${timeoutMs / 1000} s`, ...describeUnhealthy()].join('\n');
  const ended = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => reject(timeout.aborted ? new Error(describeTimeout()) : ends.reason);
    ends.addEventListener('abort', giveUp);
    if (ends.aborted) giveUp();
  });
  await Promise.race([work, ended]);
}

interface StackParts {
  nursery: Nursery;
  infra: Infra;
  services: Services;
  lost: readonly string[];
  stop(): Promise<void>;
}

function describeStack({ nursery, infra, services, lost, stop }: StackParts): Stack {
  const { databaseUrl, kafkaBrokers } = infra;
  const { urls } = services;
  return {
    ...{ databaseUrl, kafkaBrokers, urls, lost, stop },
    vars: {
      DB_URL: databaseUrl,
      KAFKA_BROKERS: kafkaBrokers,
      USER_SERVICE_URL: urls.user,
      PRODUCT_SERVICE_URL: urls.product,
      ORDER_SERVICE_URL: urls.order,
      NOTIFICATION_SERVICE_URL: urls.notification,
    },
    logFolder: join(nursery.folder, 'logs'),
    pids: nursery.pids,
    runScript: (args, signal) => runScript(nursery, args, signal),
    stopService: (name) => services.stop(name),
    startService: (name, change) => services.start(name, change),
    stopServices: () => services.stop(),
    startServices: (change) => services.start(undefined, change),
    stopBroker: infra.stopBroker,
    startBroker: infra.startBroker,
    stopPostgres: infra.stopPostgres,
    startPostgres: infra.startPostgres,
  };
}

async function runScript(nursery: Nursery, args: string[], signal: AbortSignal | undefined): Promise<number> {
  const command = process.execPath;
  const child = await nursery.start({ name: 'script', command, args, lastSignal: 'SIGKILL', sharesTerminal: true });
  const interrupt = (): void => void child.stop('SIGINT', 4_000);
  signal?.addEventListener('abort', interrupt);
  if (signal?.aborted === true) interrupt();
  const { code } = await child.ended;
  signal?.removeEventListener('abort', interrupt);
  return code ?? 130;
}
