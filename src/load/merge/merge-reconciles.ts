import type { ReconcilePlaceSummary, ReconcileSummary } from '../metrics/load-summary.ts';
import { METRICS, type Meter } from '../metrics/meter.ts';
import { chanceOfTwins, type Fingerprint, writeFingerprint } from '../reconcile/fingerprint.ts';
import { readKeyPack, toPrint } from '../reconcile/shared-keys.ts';
import type { Shard } from './shard-set.ts';

const MOST_LISTED = 10;

/** What became of all that was accepted, by whichever process: a key that one did not expect may be what another had accepted. */
export function mergeReconciles(shards: readonly Shard[]): ReconcileSummary | undefined {
  const found = shards.flatMap(({ summary: { reconcile }, shard }) => (reconcile ? [{ reconcile, shard }] : []));
  const [first] = found;
  if (!first) return undefined;
  const sum = (read: (one: ReconcileSummary) => number): number =>
    found.reduce((all, { reconcile }) => all + read(reconcile), 0);
  const accepted = union(found.map(({ shard }) => shard.reconcile?.accepted ?? ''));
  const places = first.reconcile.places.map((_, at) => mergePlaces(found, at, accepted));
  const problem = findProblem(shards);
  return {
    step: first.reconcile.step,
    accepted: accepted.size,
    uncertain: sum(({ uncertain }) => uncertain),
    withoutKey: sum(({ withoutKey }) => withoutKey),
    refused: sum(({ refused }) => refused),
    places,
    tookMs: Math.max(...found.map(({ reconcile }) => reconcile.tookMs)),
    chanceOfMistake: chanceOfTwins(accepted.size + Math.max(...places.map(({ unexpected }) => unexpected))),
    ...(problem !== undefined && { problem }),
    notes: found.flatMap(({ reconcile, shard }) => reconcile.notes.map((note) => `segment ${shard.segment}: ${note}`)),
  };
}

/** Writes what it came to as metrics, in the place of what each segment had. */
export function measureReconcile(meter: Meter, { places }: ReconcileSummary): void {
  for (const { kind: place, lost, duplicated, unexpected } of places) {
    const tags = meter.tagSets.get({ place });
    for (const [metric, value] of [
      [METRICS.reconcile_lost, lost],
      [METRICS.reconcile_duplicated, duplicated],
      [METRICS.reconcile_unexpected, unexpected],
    ] as const)
      meter.add(metric, tags, { value, atMs: 0 });
  }
}

type Found = readonly { readonly reconcile: ReconcileSummary; readonly shard: Shard['shard'] }[];

function mergePlaces(found: Found, at: number, accepted: ReadonlySet<bigint>): ReconcilePlaceSummary {
  const own = found.flatMap(({ reconcile }) => reconcile.places[at] ?? []);
  const [{ kind, name, wanted }] = own as [ReconcilePlaceSummary];
  const sum = (read: (one: ReconcilePlaceSummary) => number): number => own.reduce((all, one) => all + read(one), 0);
  const list = (read: (one: ReconcilePlaceSummary) => readonly string[]): readonly string[] =>
    [...new Set(own.flatMap(read))].slice(0, MOST_LISTED);
  const strange = union(found.map(({ shard }) => shard.reconcile?.unexpected[at] ?? ''));
  const unexpected = [...strange].filter((print) => !accepted.has(print)).length;
  return {
    ...{ kind, name, wanted },
    found: sum((one) => one.found - one.unexpected) + unexpected,
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    unexpected,
    lostKeys: list(({ lostKeys }) => lostKeys),
    duplicatedKeys: list(({ duplicatedKeys }) => duplicatedKeys),
    unexpectedKeys: list(({ unexpectedKeys }) => unexpectedKeys.filter((key) => !accepted.has(printOf(key)))),
  };
}

function findProblem(shards: readonly Shard[]): string | undefined {
  for (const { shard, summary } of shards) {
    const of = `segment ${shard.segment}`;
    if (!summary.reconcile) return `${of} did not come to the end of \`reconcile\``;
    if (summary.reconcile.problem !== undefined) return `${of}: ${summary.reconcile.problem}`;
    if (!shard.reconcile) return `${of} has too many keys for them to be held against those of others`;
  }
  return undefined;
}

function union(packs: readonly string[]): ReadonlySet<bigint> {
  const all = new Set<bigint>();
  for (const pack of packs) for (const print of readKeyPack(pack)) all.add(print);
  return all;
}

function printOf(key: string): bigint {
  const print: Fingerprint = { high: 0, low: 0 };
  writeFingerprint(key, print);
  return toPrint(print);
}
