import { join } from 'node:path';
import { describe } from 'vitest';
import { provideEntries } from '../../../demo-services/stack/entries.ts';
import { makeRunFolder, type Nursery, openNursery } from '../../../demo-services/stack/nursery.ts';
import { repeats } from '../../support/sample.ts';
import { type SecureKafka, startSecureKafka } from '../../support/servers/secure-kafka.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const isWanted = repeats('suites of a Kafka of their own', 4, 0) > 0;

let nursery: Nursery | undefined;
let kafka: Promise<SecureKafka> | undefined;

/** A `describe` of what needs the Kafka of this folder: the quick run does not start one. */
export const describeWithOwnKafka = isWanted ? describeWithStack : describe.skip;

/** The one Kafka of this folder's suites that asks who one is, and of which a broker may go away. */
export function useOwnKafka(): Promise<SecureKafka> {
  kafka ??= start();
  return kafka;
}

/** Stops it when a suite has used it. */
export async function stopOwnKafka(): Promise<void> {
  await nursery?.close();
}

async function start(): Promise<SecureKafka> {
  const folder = makeRunFolder();
  nursery = await openNursery(folder, join(await provideEntries(['guard'], folder), 'guard.cjs'));
  return startSecureKafka(nursery);
}
