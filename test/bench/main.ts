import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../../demo-services/stack/stack.ts';
import { expressions } from './expressions.ts';
import { type BenchPlace, type Figure, formatReading, isOver } from './figure.ts';
import { httpSteps } from './http-steps.ts';
import { kafkaMatch } from './kafka-match.ts';
import { kafkaStart } from './kafka-start.ts';
import { load } from './load.ts';
import { loadSoak } from './load-memory.ts';
import { loadOutputs } from './load-outputs.ts';
import { memory } from './memory.ts';
import { polling } from './polling.ts';
import { TESTMESH } from './processes.ts';
import { size } from './size.ts';
import { sqlSteps } from './sql-steps.ts';
import { startUp } from './start-up.ts';
import { stub } from './stub.ts';
import { validation } from './validation.ts';

const figures: readonly Figure[] = [
  startUp,
  httpSteps,
  size,
  sqlSteps,
  polling,
  kafkaMatch,
  kafkaStart,
  expressions,
  validation,
  memory,
  stub,
  load,
  loadSoak,
  loadOutputs,
];

/** Measures the figures that the words name, without words all but the longest; gives how many limits were crossed. */
async function bench(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !figures.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    throw new Error(`there is no figure \`${unknown[0]}\`: ${figures.map((figure) => figure.name).join(', ')}`);
  }
  if (!existsSync(TESTMESH)) throw new Error('the command is not built: npm run build');
  const chosen = figures.filter((figure) => (names.length === 0 ? !figure.isOnlyNamed : names.includes(figure.name)));
  const stack = await openStack(chosen.some((figure) => figure.needsStack));
  process.stdout.write(
    `node ${process.versions.node}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}\n\n`,
  );
  let overCount = 0;
  try {
    for (const figure of chosen) overCount += await measure(figure, stack);
  } finally {
    await stack.stop();
  }
  return overCount;
}

async function measure(figure: Figure, addresses: Omit<BenchPlace, 'folder'>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-bench-'));
  try {
    const readings = await figure.measure({ ...addresses, folder });
    for (const reading of readings) process.stdout.write(`${formatReading(reading)}\n`);
    return readings.filter(isOver).length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PostgreSQL and Kafka: those that the environment names, else a stack of this run's own. */
async function openStack(isNeeded: boolean): Promise<Omit<BenchPlace, 'folder'> & { stop(): Promise<void> }> {
  const { DATABASE_URL: databaseUrl = '', KAFKA_BROKERS: kafkaBrokers = '' } = process.env;
  if (!isNeeded || (databaseUrl && kafkaBrokers)) return { databaseUrl, kafkaBrokers, stop: async () => {} };
  return startStack({
    ports: 'free',
    services: false,
    log: (line) => void process.stderr.write(`${line}\n`),
  });
}

process.exitCode = (await bench(process.argv.slice(2))) > 0 ? 1 : 0;
