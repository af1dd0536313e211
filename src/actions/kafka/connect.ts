import { createHash } from 'node:crypto';
import { type KafkaConnection, openKafka, preloadKafka } from '../../drivers/kafka/connection.ts';
import { formatPeer, formatPeers, KafkaError } from '../../drivers/kafka/errors.ts';
import type { KafkaOptions, KafkaPeer, KafkaSasl } from '../../drivers/kafka/types.ts';
import type { PrepareIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Detail } from '../../model/events.ts';
import { listFaultsBefore } from '../settings/set-faults.ts';
import { readTls } from '../settings/tls.ts';
import { listHints } from './hints.ts';
import { type ConnectionSettings, parseBrokers, type SaslSettings } from './kafka-settings.ts';

interface ConnectIo extends Pick<PrepareIo, 'resources' | 'clock'> {
  readonly facts: Pick<PrepareIo['facts'], 'directory' | 'turn'>;
}

/**
 * The flow's connection to a cluster: opened by the first step that needs it, shared by the others. Under a load all virtual users
 * read by one, so that a topic is read once however many wait on it; each writes by its own, for they would wait for each other.
 */
export async function connect(
  settings: ConnectionSettings,
  { resources, facts, clock }: ConnectIo,
  use: 'read' | 'write' = 'read',
): Promise<KafkaConnection> {
  preloadKafka();
  const { directory, turn } = facts;
  const lifetime = turn === undefined ? 'flow' : use === 'read' ? 'run' : 'session';
  // The files of `tls` are relative to the flow's folder.
  const place = typeof settings.tls === 'object' ? `:${directory}` : '';
  const open = async () => {
    const value = openKafka(await readOptions(settings, directory), clock);
    return { value, close: () => value.close() };
  };
  return resources.open(`${nameConnection(settings)}${place}`, open, { lifetime });
}

/** A name that two steps share when they mean the same cluster in the same way; it gives nothing away. */
export function nameConnection(settings: ConnectionSettings): string {
  const peers = parseBrokers(settings.brokers).map(formatPeer).sort().join(',');
  const secrets = JSON.stringify([settings.sasl ?? null, settings.tls ?? null]);
  return `kafka:${peers}:${createHash('sha256').update(secrets).digest('hex').slice(0, 12)}`;
}

/** The brokers as they are shown. */
export function showBrokers(settings: ConnectionSettings): string {
  return formatPeers(parseBrokers(settings.brokers));
}

/** What a failure of the brokers is for a step; anything else (an interruption, a bug) is left as it is. */
export function toActionError(error: unknown, settings: ConnectionSettings, more: ErrorContext): unknown {
  if (!(error instanceof KafkaError)) return error;
  const { kind, code, peer } = error;
  // What the brokers themselves answered is no matter of what stands before them.
  const faults = kind === 'kafka' ? [] : listFaultsBefore(parseBrokers(settings.brokers).map(formatPeer), more.io);
  const hints = [...(more.hints ?? []), ...(faults.length > 0 ? faults : listHints(error, settings))];
  const data = peer === undefined ? {} : { peer };
  return new ActionError(
    { kind, code, message: error.message, hints },
    { details: more.details ?? [], data, cause: error },
  );
}

export interface ErrorContext {
  readonly io: Pick<PrepareIo, 'resources' | 'clock'>;
  readonly details?: readonly Detail[] | undefined;
  readonly hints?: readonly string[] | undefined;
}

async function readOptions(settings: ConnectionSettings, directory: string): Promise<KafkaOptions> {
  return {
    brokers: parseBrokers(settings.brokers) satisfies readonly KafkaPeer[],
    sasl: settings.sasl && toSasl(settings.sasl),
    tls: settings.tls ? await readTls(settings.tls === true ? {} : settings.tls, directory) : undefined,
  };
}

function toSasl({ mechanism, username, password }: SaslSettings): KafkaSasl {
  return { mechanism: mechanism.toLowerCase() as KafkaSasl['mechanism'], username, password };
}
