import { describe, expect, it } from 'vitest';
import { GeneratorHealth } from '../../../src/load/run/generator-health.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** A generator that uses this share of a core, whose timers are so late. */
async function watch({ cpu = 0.2, lateMs = 0, lagMs = 0, seconds = 10, behind = 0 }) {
  const clock = createFakeClock();
  const late = {
    ...clock,
    cpuMs: () => clock.monotonic() * cpu,
    after: (ms: number, call: () => void) => clock.after(ms + lateMs, call),
  };
  const health = new GeneratorHealth(late);
  health.start(() => undefined);
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1000);
    health.look();
    for (let count = 0; count < 50; count++) health.noteLag(lagMs);
    health.noteBehind(second === 4 ? behind : 0, second * 50);
  }
  health.stop();
  return { ...health.describe(), pending: clock.pendingCount };
}

describe('the health of the generator', () => {
  it.each([
    ['it keeps up', {}, false],
    ['it uses most of a core for long', { cpu: 0.9 }, true],
    ['it does so for a moment', { cpu: 0.9, seconds: 3 }, false],
    ['its event loop is late', { lateMs: 15 }, true],
    ['it was late in a run too short to tell', { lateMs: 15, seconds: 1 }, false],
    ['iterations begin late', { lagMs: 30 }, true],
    ['arrivals are behind their plan by 1 % and 2', { behind: 4 }, false],
    ['arrivals are behind it by more', { behind: 5 }, true],
  ])('%s', async (_, terms, saturated) => {
    const found = await watch(terms);
    expect(found.saturated).toBe(saturated);
    expect(found.notes.length > 0).toBe(saturated);
    expect(found.pending).toBe(0);
  });

  it('says by how much', async () => {
    const { notes, cpu, eventLoopP99Ms } = await watch({ cpu: 0.95, lateMs: 15, lagMs: 30, behind: 20 });
    expect(cpu).toBeCloseTo(0.95, 2);
    expect(eventLoopP99Ms).toBeCloseTo(15, 0);
    expect(notes).toEqual([
      'it used more than 80 % of a core for 10 s',
      'its event loop was 15.0 ms late (p99)',
      'iterations began 30.0 ms late (p99)',
      'arrivals were up to 20 behind their plan, of 200 that were due',
    ]);
  });
});
