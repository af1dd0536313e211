import { describe, expect, it } from 'vitest';
import { CapacityBook } from '../../../src/load/capacity/capacity-book.ts';
import { RateSearch } from '../../../src/load/capacity/rate-search.ts';
import type { CapacitySummary } from '../../../src/load/metrics/load-summary.ts';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import { GeneratorHealth } from '../../../src/load/run/generator-health.ts';
import { runScenario } from '../../../src/load/run/run-scenario.ts';
import type { IterationEnd, VirtualUser } from '../../../src/load/run/virtual-user.ts';
import { describeCapacity, judgeCapacities } from '../../../src/load/summary/format-capacity.ts';
import type { FindCapacityExecutor, ScenarioPlan, ThresholdPlan } from '../../../src/model/load/load-plan.ts';
import { isMistake, readCondition, readThresholdKey } from '../../../src/plan/load/threshold.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { interruptedBy } from '../../../src/stop/stop-error.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { repeats, sample } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of ', 1, 0) > 0);

describe('the search for a rate', () => {
  /** Every rate that is tried of a service that keeps up to a limit. */
  function search(limit: number, terms: { startRate: number; maxRate: number; step: number }): readonly number[] {
    const one = new RateSearch(terms);
    const tried: number[] = [];
    for (let rate = one.next(); rate !== undefined; rate = one.next()) {
      tried.push(rate);
      one.note(rate, rate <= limit ? undefined : 'service');
    }
    return tried;
  }
  const terms = { startRate: 20, maxRate: 200, step: 40 };

  it.each([
    ['by steps, and between two of them by halves', 112, terms, [20, 60, 100, 140, 140, 120, 120, 110, 115, 115]],
    ['to the highest that is allowed, and no further', 1000, terms, [20, 60, 100, 140, 180, 200]],
    ['not at all below the first', 10, terms, [20, 20]],
    ['at the first alone', 20, { ...terms, maxRate: 20 }, [20]],
  ])('looks %s', (_, limit, given, tried) => {
    expect(search(limit, given)).toEqual(tried);
  });

  it('goes on from a rate that did not hold once', () => {
    const one = new RateSearch(terms);
    one.note(20, undefined);
    one.note(60, 'service');
    for (let count = 0; count < 3; count++) {
      expect(one.next()).toBe(60);
      one.note(60, 'generator');
    }
    expect(one.next()).toBe(60);
    one.note(60, undefined);
    expect(one.next()).toBe(100);
  });
});

function threshold(key: string, text: string): ThresholdPlan {
  const read = readThresholdKey(key);
  const kind = METRICS[key.replace(/\{.*/, '') as keyof typeof METRICS].kind;
  const condition = readCondition(text, { metric: key, kind });
  if (isMistake(read) || isMistake(condition)) throw new Error(`${key} ${text}`);
  return { key, ...read, kind, condition, abortOnFail: false, delayAbortMs: 0, isSkipped: false };
}

const EXECUTOR: FindCapacityExecutor = {
  ...{ kind: 'find-capacity', startRate: 20, maxRate: 400, step: 40, holdMs: 5000, timeUnitMs: 1000 },
  ...{ thresholds: [threshold('http_req_duration', 'p(95)<200')], preAllocatedVus: 10, maxVus: 1000 },
};

/** Answers one request after another, so many a second, on a clock that stands still until it is advanced. */
class Service {
  readonly clock: FakeClock = createFakeClock();
  readonly stop = new Stop();
  readonly rates: number[] = [];
  readonly book: CapacityBook;
  readonly #tags = new Meter().tagSets;
  readonly #executor: FindCapacityExecutor;
  readonly #serve: (isOverloaded: boolean) => { isRefused?: boolean; isSilent?: boolean };
  readonly #limit: number;
  /** How late the generator is. */
  lagMs = 0;
  #freeAt = 0;

  constructor(limit: number, executor: Partial<FindCapacityExecutor> = {}, serve = (_: boolean) => ({})) {
    this.#limit = limit;
    this.#serve = serve;
    this.#executor = { ...EXECUTOR, ...executor };
    const { clock } = this;
    this.book = new CapacityBook({
      ...{ scenario: 's', executor: this.#executor, checks: 'auto', allowsEmpty: false, clock },
      createHealth: () => new GeneratorHealth(clock),
      onRate: (rate) => this.rates.push(rate),
    });
  }

  async find(more: { warmUpMs?: number; gracefulStopMs?: number } = {}): Promise<CapacitySummary> {
    const { warmUpMs = 0, gracefulStopMs = 30_000 } = more;
    const plan = { name: 's', executor: this.#executor, startMs: 0, gracefulStopMs, env: new Map(), tags: new Map() };
    const { clock, stop, book } = this;
    const io = {
      ...{ clock, stop, capacity: { book, warmUntil: warmUpMs }, random: () => 0.5 },
      openUser: () => this.#openUser(),
      onDropped: (count: number) => book.open?.noteDropped(count),
      onLag: (ms: number) => book.open?.noteBegun(ms + this.lagMs),
      onBehind: () => undefined,
      onUsers: () => undefined,
    };
    await clock.finish(runScenario(plan as unknown as ScenarioPlan, io));
    return book.summarize();
  }

  #openUser(): VirtualUser {
    let interrupt: (() => void) | undefined;
    return {
      iterate: () =>
        new Promise<IterationEnd>((resolve) => {
          const hold = this.book.open;
          const startedAt = this.clock.monotonic();
          const { isRefused, isSilent } = this.#serve(this.#freeAt - startedAt > 100);
          interrupt = () => resolve('interrupted');
          if (isSilent) return;
          if (!isRefused) this.#freeAt = Math.max(startedAt, this.#freeAt) + 1000 / this.#limit;
          this.clock.after(isRefused ? 1 : this.#freeAt - startedAt, () => {
            const atMs = this.clock.now();
            const tags = (step: string) => this.#tags.get({ step, scenario: 's' });
            const value = this.clock.monotonic() - startedAt;
            hold?.meter.add(METRICS.http_req_duration, tags('pay'), { value, atMs });
            hold?.meter.add(METRICS.http_req_duration, tags('read'), { value: value / 10, atMs });
            if (isRefused) hold?.noteFailure('requests', 'pay');
            resolve(isRefused ? 'failed' : 'passed');
          });
        }),
      interrupt: () => interrupt?.(),
      close: async () => undefined,
    };
  }
}

describe('find-capacity', () => {
  it.each(sample('limits of a service', [33, 100, 217], { count: 1 }))(
    'finds a limit of %s a second within 10 %, and what gave way',
    async (limit) => {
      const service = new Service(limit);
      const found = await service.find();
      expect(Math.abs((found.rate ?? 0) - limit) / limit).toBeLessThan(0.1);
      const gaveWay = { by: 'service', metric: 'http_req_duration', threshold: 'p(95)<200', step: 'pay' };
      expect(found).toMatchObject({ limit: 'service', beyond: { gaveWay } });
      expect(describeCapacity(found)).toMatch(
        /^\d+(\.\d+)?\/s, held for 5 s; at .* `http_req_duration` p\(95\)<200 gave way: \d+ms, worst in step `pay`$/,
      );
      expect(judgeCapacities([found])).toBeUndefined();
      expect(service.clock.pendingCount).toBe(0);
    },
  );

  inFullRun('takes steps that fail and are judged by no threshold for a service that gave way', async () => {
    const found = await new Service(100, {}, (isRefused) => ({ isRefused })).find();
    expect(Math.abs((found.rate ?? 0) - 100)).toBeLessThan(10);
    expect(found.beyond?.gaveWay).toMatchObject({ by: 'service', metric: 'checks', step: 'pay' });
  });

  it('lets a threshold judge steps that fail', async () => {
    const thresholds = [threshold('step_failed', 'rate<0.5'), ...EXECUTOR.thresholds];
    const serve = (isRefused: boolean) => ({ isRefused });
    const found = await new Service(100, { thresholds, maxRate: 140 }, serve).find();
    expect(found.beyond?.gaveWay.metric).not.toBe('checks');
  });

  inFullRun('counts only what begins while a rate is kept, and lets the service come to rest in between', async () => {
    const { holds } = await new Service(112).find();
    for (const { rate, iterations, held } of holds) if (held) expect(iterations).toBe(Math.ceil(rate * 5));
    // Right after a rate far beyond the limit a lower one holds.
    const at = holds.findIndex(({ held }) => !held);
    expect(holds.slice(at).some(({ held }) => held)).toBe(true);
  });

  it('says that there are too few virtual users where none is free and the thresholds hold', async () => {
    const slow = await new Service(30, { maxVus: 3, preAllocatedVus: 1 }).find();
    expect(slow).toMatchObject({ limit: 'virtual users', beyond: { gaveWay: { metric: 'dropped_iterations' } } });
    expect(describeCapacity(slow)).toContain('raise `max_vus`');
  });

  it('says of a generator that is late that the limit is its own', async () => {
    const service = new Service(1000);
    service.lagMs = 500;
    const found = await service.find();
    expect(found).toMatchObject({ rate: null, limit: 'generator' });
    expect(judgeCapacities([found])).toMatchObject({
      kind: 'nothing',
      text: expect.stringContaining('the generator itself was late'),
    });
  });

  it('ends by a threshold where not even the first rate holds', async () => {
    const found = await new Service(5).find();
    expect(found).toMatchObject({ rate: null, limit: 'service' });
    expect(found.holds).toHaveLength(2);
    expect(judgeCapacities([found])).toMatchObject({
      kind: 'threshold',
      text: expect.stringContaining('not even the start rate held; at 20/s `http_req_duration`'),
    });
  });

  it('says at least where the highest rate holds', async () => {
    const found = await new Service(1000, { maxRate: 60 }).find();
    expect(found).toMatchObject({ rate: 60, limit: 'max_rate' });
    expect(found.beyond).toBeUndefined();
    expect(describeCapacity(found)).toBe('at least 60/s, held for 5 s: `max_rate`, beyond which nothing was tried');
  });

  it('takes iterations that are not over after the graceful stop for a service that gave way', async () => {
    const found = await new Service(1000, {}, () => ({ isSilent: true })).find({ gracefulStopMs: 1000 });
    expect(found).toMatchObject({ rate: null, beyond: { gaveWay: { by: 'service' } } });
  });

  it('counts nothing of the warm-up, which has the first rate', async () => {
    const service = new Service(100, { maxRate: 60 });
    const { holds } = await service.find({ warmUpMs: 5000 });
    expect(holds.map(({ rate, iterations }) => [rate, iterations])).toEqual([
      [20, 100],
      [60, 300],
    ]);
    expect(service.clock.monotonic()).toBeGreaterThanOrEqual(15_000);
  });

  it('keeps what it knows when it is ended', async () => {
    const service = new Service(1000);
    const finding = service.find();
    await service.clock.advance(12_500);
    service.stop.ask(interruptedBy('SIGINT'));
    const found = await finding;
    expect(found).toMatchObject({ rate: 60, limit: 'ended' });
    expect(describeCapacity(found)).toBe('at least 60/s, held for 5 s: the search ended before it knew more');
  });
});
