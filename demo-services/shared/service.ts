import type { FastifyInstance } from 'fastify';
import type { Consumer, Kafka, KafkaMessage, Producer } from 'kafkajs';
import { type Logger, pino } from 'pino';
import { type Database, openDatabase, prepareSchema, type Queryable } from './database.ts';
import { type DefectName, defects, ownDefect } from './defects.ts';
import { type Event, parseEvent, type Topic } from './events.ts';
import { type Faults, spoilAnswers, spoilEvents } from './faults.ts';
import { addHealth } from './health.ts';
import { createServer } from './http.ts';
import { handleOnce, inboxTable } from './inbox.ts';
import { createConsumer, createProducer, openKafka, prepareTopics, runConsumer, sendWith } from './kafka.ts';
import type { ServiceName } from './names.ts';
import { createOutbox, type Outbox, outboxTable } from './outbox.ts';
import { createReadiness, type Readiness, retry } from './readiness.ts';
import { readSettings, type Settings } from './settings.ts';
import { onStopRequest } from './stop.ts';
import { readTrace } from './trace.ts';

/** What routes and event handlers work with. */
export interface Parts {
  settings: Settings;
  log: Logger;
  database: Database;
  outbox: Outbox;
  /** Whether this fault was planted by DEFECT. */
  hasDefect(name: DefectName): boolean;
}

export type EventHandler = (event: Event, connection: Queryable, parts: Parts) => Promise<void>;

export interface ServiceDefinition {
  name: ServiceName;
  port: number;
  schema: string;
  tables: string;
  publishes: Topic[];
  consumes: Partial<Record<Topic, EventHandler>>;
  faults: Faults;
  /** Whether an event that was handled is handled again when it is delivered again: a fault. */
  forgetsEvents?(parts: Parts): boolean;
  addRoutes(app: FastifyInstance, parts: Parts): void;
}

interface Running extends Parts {
  definition: ServiceDefinition;
  readiness: Readiness;
  kafka: Kafka;
  producer: Producer;
  consumer: Consumer | undefined;
  consumedTopics: Topic[];
  signal: AbortSignal;
}

const relayEveryMs = 1_000;
const rejoinMs = 500;

/** Runs a service until it is asked to stop; it listens at once and is ready when all that it waits for is there. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const log = pino({ name: definition.name, level: process.env['LOG_LEVEL'] || 'info' });
  const stopping = new AbortController();
  try {
    const running = assemble(definition, log, stopping.signal);
    const app = createServer(log);
    const defect = shoutDefect(running);
    spoilAnswers(app, definition.faults, defect);
    addHealth(app, { ...running, name: definition.name, defect });
    definition.addRoutes(app, running);
    onStopRequest(log, async () => {
      stopping.abort();
      await close(app, running);
    });
    const address = await app.listen({ host: running.settings.host, port: running.settings.port });
    await becomeReady(running);
    log.info(`${definition.name} is ready at ${address}`);
  } catch (error) {
    if (stopping.signal.aborted) return;
    log.fatal({ err: error }, `${definition.name} cannot start: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

function assemble(definition: ServiceDefinition, log: Logger, signal: AbortSignal): Running {
  const settings = readSettings(process.env, definition);
  const database = openDatabase(settings.databaseUrl, settings.schema, log);
  const kafka = openKafka(definition.name, settings.brokers, log);
  const producer = createProducer(kafka);
  const readiness = createReadiness();
  for (const what of ['schema', 'topics']) readiness.expect(what);
  const consumedTopics = Object.keys(definition.consumes) as Topic[];
  const options = { group: definition.name, topics: consumedTopics, readiness };
  const consumer = consumedTopics.length > 0 ? createConsumer(kafka, options) : undefined;
  const own = ownDefect(definition.name, settings.defect);
  const spoil = spoilEvents(definition.faults, own);
  const outbox = createOutbox(database, { send: sendWith(producer), spoil, log });
  const hasDefect = (name: DefectName): boolean => name === own;
  return {
    ...{ definition, settings, log, database, outbox, hasDefect },
    ...{ readiness, kafka, producer, consumer, consumedTopics, signal },
  };
}

function shoutDefect({ definition, settings, log }: Running): DefectName | undefined {
  const name = ownDefect(definition.name, settings.defect);
  if (name !== undefined) log.error(`DEFECT ${name} IS PLANTED IN ${definition.name}: ${defects[name].sentence}`);
  return name;
}

async function becomeReady(running: Running): Promise<void> {
  const { definition, settings, database, readiness } = running;
  const tables = definition.tables + outboxTable + inboxTable;
  const prepareDatabase = async (): Promise<void> => {
    await retry('the database', () => prepareSchema(database, settings.schema, tables), running);
    readiness.fulfil('schema');
  };
  const prepareKafka = async (): Promise<void> => {
    const topics = [...new Set([...definition.publishes, ...running.consumedTopics])];
    await retry('kafka', () => prepareTopics(running.kafka, topics), running);
    await retry('the producer', () => running.producer.connect(), running);
    readiness.fulfil('topics');
  };
  // the handlers need the tables, so the consumer joins when both are there
  await Promise.all([prepareDatabase(), prepareKafka()]);
  relayRegularly(running);
  await consume(running);
}

/** Joins the group, also again when the client gave up for an error that it does not retry by itself. */
async function consume(running: Running): Promise<void> {
  const { consumer, consumedTopics, signal, log } = running;
  if (consumer === undefined) return;
  const handle = (topic: Topic, message: KafkaMessage): Promise<void> => handleMessage(running, topic, message);
  const join = (): Promise<void> => retry('the consumer', () => runConsumer(consumer, consumedTopics, handle), running);
  consumer.on('consumer.crash', ({ payload }) => {
    if (payload.restart || signal.aborted) return;
    log.warn({ reason: payload.error.message }, 'the consumer gave up and joins again');
    setTimeout(() => void join().catch((error: unknown) => log.debug({ reason: String(error) }, 'stopped')), rejoinMs);
  });
  await join();
}

async function handleMessage(running: Running, topic: Topic, message: KafkaMessage): Promise<void> {
  const { log, database, definition } = running;
  const parsed = parseEvent(topic, message.value);
  const details = { topic, offset: message.offset, ...readTrace(message.headers) };
  if (parsed === undefined) return log.warn(details, 'skipped a message that is no event of its topic');
  const handle = definition.consumes[topic];
  if (handle === undefined) return;
  const forgets = definition.forgetsEvents?.(running) ?? false;
  const once = { topic, id: parsed.id, forgets };
  const isFirst = await handleOnce(database, once, (tx) => handle(parsed.event, tx, running));
  log.info({ ...details, id: parsed.id }, isFirst ? 'handled an event' : 'skipped an event that was handled before');
}

function relayRegularly({ outbox, log, signal }: Running): void {
  const relay = async (): Promise<void> => {
    await outbox.relay().catch((error: unknown) => log.debug({ reason: String(error) }, 'events are still kept'));
    if (!signal.aborted) setTimeout(relay, relayEveryMs).unref();
  };
  void relay();
}

async function close(app: FastifyInstance, { consumer, producer, database }: Running): Promise<void> {
  await app.close();
  await consumer?.disconnect();
  await producer.disconnect();
  await database.end();
}
