import { describe, expect, it } from 'vitest';
import { measureReconcile, mergeReconciles } from '../../../src/load/merge/merge-reconciles.ts';
import type { Shard } from '../../../src/load/merge/shard-set.ts';
import { Meter } from '../../../src/load/metrics/meter.ts';
import { judgeReconcile } from '../../../src/load/reconcile/judge-reconcile.ts';
import { Tally } from '../../../src/load/reconcile/tally.ts';

/** What a process says that had some keys accepted, and found some in the topic that all share and others in rows of its own. */
function shardOf(
  segment: string,
  accepted: readonly string[],
  there: Readonly<Record<'events' | 'rows', readonly string[]>>,
): Shard {
  const once = { least: 1, most: 1 };
  const tally = new Tally([once, once]);
  for (const key of accepted) tally.accept(key);
  for (const key of there.events) tally.noteFound(0, key);
  for (const key of there.rows) tally.noteFound(1, key);
  const places = (['events', 'rows'] as const).map((kind, at) => ({
    kind,
    name: kind,
    wanted: 'exactly 1',
    ...tally.count(at),
  }));
  const counts = { accepted: tally.accepted, uncertain: 1, withoutKey: 0, refused: 0, tookMs: 1, chanceOfMistake: 0 };
  const reconcile = { step: 'create', ...counts, places, notes: ['a note'] };
  const keys = tally.shareKeys();
  return {
    from: segment,
    summary: { reconcile },
    shard: { segment, ...(keys && { reconcile: keys }) },
  } as unknown as Shard;
}

const TOPIC = ['a1', 'a2', 'b1', 'b2', 'b2', 'c1', 'x'];

describe('what became of all that segments had accepted', () => {
  const shards = [
    shardOf('0:1/3', ['a1', 'a2'], { events: TOPIC, rows: ['a1', 'a2'] }),
    shardOf('1/3:2/3', ['b1', 'b2'], { events: TOPIC, rows: ['b1', 'b2', 'y'] }),
    shardOf('2/3:1', ['c1', 'c2'], { events: TOPIC, rows: ['c1', 'c2'] }),
  ];

  it('is what one process would have said: a key that one did not expect may be what another had accepted', () => {
    const whole = shardOf('0:1', ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'], {
      events: TOPIC,
      rows: ['a1', 'a2', 'b1', 'b2', 'y', 'c1', 'c2'],
    }).summary.reconcile;
    const merged = mergeReconciles(shards);
    expect(merged).toMatchObject({ accepted: 6, uncertain: 3, places: whole?.places });
    expect(merged?.places[0]).toMatchObject({
      ...{ found: 6, lost: 1, duplicated: 1, unexpected: 1 },
      ...{ lostKeys: ['c2'], duplicatedKeys: ['b2'], unexpectedKeys: ['x'] },
    });
    expect(merged?.notes).toEqual(['0:1/3', '1/3:2/3', '2/3:1'].map((segment) => `segment ${segment}: a note`));
  });

  it('is judged and measured once', () => {
    const merged = mergeReconciles(shards);
    if (!merged) throw new Error('nothing was merged');
    expect(judgeReconcile(merged, [])).toBe('of 6 accepted by `create`: 1 lost in events, 1 duplicated in events');
    const meter = new Meter();
    measureReconcile(meter, merged);
    const sums = meter.listAll().map(({ metric, tags, sum }) => `${metric.name} ${tags.tags.get('place')} ${sum}`);
    expect(sums.sort()).toEqual([
      ...['reconcile_duplicated events 1', 'reconcile_duplicated rows 0', 'reconcile_lost events 1'],
      ...['reconcile_lost rows 0', 'reconcile_unexpected events 1', 'reconcile_unexpected rows 1'],
    ]);
  });

  it('is not known where a segment did not come to its end', () => {
    const ended = { from: 'd', summary: {}, shard: { segment: '3/4:1' } } as unknown as Shard;
    expect(mergeReconciles([...shards, ended])?.problem).toBe('segment 3/4:1 did not come to the end of `reconcile`');
    expect(mergeReconciles([ended])).toBeUndefined();
  });

  it('a segment judges what it had accepted itself, and leaves to all of them what it did not expect', () => {
    const [first, second] = shards.map(({ summary }) => summary.reconcile);
    if (!first || !second) throw new Error('nothing was reconciled');
    expect(judgeReconcile(first, [], { isPart: true })).toBeUndefined();
    expect(judgeReconcile(first, [])).toContain('that nobody was told of');
    expect(judgeReconcile(second, [], { isPart: true })).toContain('1 duplicated in events');
    expect(judgeReconcile({ ...first, accepted: 0 }, [], { isPart: true })).toBeUndefined();
  });
});
