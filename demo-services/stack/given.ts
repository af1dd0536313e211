import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { answersApiVersions } from './kafka-answer.ts';

const patienceMs = 4_000;
const attemptMs = 2_000;

/** A server that the environment names, so that none is started for it. */
export interface Given {
  variable: 'DATABASE_URL' | 'KAFKA_BROKERS';
  address: string;
}

/** Asks servers for an answer, all of them within seconds. @throws an error that names each that gives none, and the way out */
export async function reachGiven(given: readonly Given[], signal?: AbortSignal): Promise<void> {
  const troubles = await Promise.all(given.map((one) => findTrouble(one, signal)));
  signal?.throwIfAborted();
  const dead = given.flatMap((one, index) => {
    const trouble = troubles[index];
    return trouble === undefined ? [] : [describeDead(one, trouble)];
  });
  if (dead.length > 0) throw new Error(dead.join('\n'));
}

/** A server that is just starting gets a few seconds; undefined when it answers. */
async function findTrouble(given: Given, signal: AbortSignal | undefined): Promise<string | undefined> {
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    const trouble =
      given.variable === 'DATABASE_URL' ? await askPostgres(given.address) : await askKafka(given.address);
    if (trouble === undefined || signal?.aborted === true || performance.now() > endsAt) return trouble;
    await sleep(200);
  }
}

async function askPostgres(connectionString: string): Promise<string | undefined> {
  try {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: attemptMs });
    client.on('error', () => {});
    const trouble = await client.connect().then(() => undefined, describeError);
    // the end of a connection that never came about may not be reported
    const ended = client.end().catch(() => {});
    if (trouble === undefined) await ended;
    return trouble;
  } catch (error) {
    return describeError(error);
  }
}

/** One of the brokers is enough: it names the others. */
async function askKafka(brokers: string): Promise<string | undefined> {
  const answers = brokers.split(',').map((broker) => {
    const [, host = '', port = '9092'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(broker.trim()) ?? [];
    return answersApiVersions({ host, port: Number(port) });
  });
  return (await Promise.all(answers)).includes(true) ? undefined : 'no broker answers there';
}

function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return describeError(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

function describeDead({ variable, address }: Given, trouble: string): string {
  const what = variable === 'DATABASE_URL' ? 'PostgreSQL' : 'Kafka';
  const where = variable === 'DATABASE_URL' && URL.canParse(address) ? new URL(address).host : address;
  return `\`${variable}\` names ${where}, and ${what} cannot be reached there (${trouble}); start it, or unset \`${variable}\` for one that is started here`;
}
