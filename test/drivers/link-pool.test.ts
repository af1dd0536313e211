import { expect, it } from 'vitest';
import { LinkPool } from '../../src/drivers/link-pool.ts';
import { Stop } from '../../src/stop/stop.ts';
import { StopError } from '../../src/stop/stop-error.ts';

interface Link {
  readonly id: number;
  isBroken: boolean;
}

interface Renewal {
  readonly id: number;
  end(): void;
  fail(): void;
}

/** A peer that has room for `room` connections; renewals end by themselves unless `isSlow`. */
function createPool({ room = Number.POSITIVE_INFINITY, isSlow = false } = {}) {
  const opened: Link[] = [];
  const closed: number[] = [];
  const checked: number[] = [];
  const renewals: Renewal[] = [];
  const time = { now: 0 };
  const peer = { isGone: false, refusals: 0 };
  const pool = new LinkPool<Link>(
    {
      open: async () => {
        if (opened.length - closed.length >= room) {
          peer.refusals++;
          throw new Error('too many');
        }
        const link = { id: opened.length, isBroken: false };
        opened.push(link);
        return link;
      },
      isAlive: (link) => !link.isBroken,
      renew: ({ id }) =>
        new Promise<void>((resolve, reject) => {
          renewals.push({ id, end: resolve, fail: () => reject(new Error('cannot')) });
          if (!isSlow) resolve();
        }),
      check: async ({ id }) => {
        checked.push(id);
        if (peer.isGone) throw new Error('gone');
      },
      isCrowded: (error) => error instanceof Error && error.message === 'too many',
      close: (link) => closed.push(link.id),
    },
    () => time.now,
  );
  return { pool, opened, closed, checked, renewals, time, peer };
}

const createStop = (): Stop => new Stop();

/** Works that go on until they are asked to end. */
function startWorks(pool: LinkPool<Link>, count: number) {
  const ends: (() => void)[] = [];
  const works = Array.from({ length: count }, () =>
    pool.use(createStop(), () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  return { works, ends };
}

it('gives a connection again, but never a broken one', async () => {
  const { pool, closed } = createPool();
  const first = await pool.use(createStop(), async (link) => link.id);
  const again = await pool.use(createStop(), async (link) => {
    link.isBroken = true;
    return link.id;
  });
  const next = await pool.use(createStop(), async (link) => link.id);
  expect([first, again, next]).toEqual([0, 0, 1]);
  expect(closed).toEqual([0]);
  await pool.close();
  expect(closed).toEqual([0, 1]);
});

it('closes what breaks while nobody has it, and what comes back after the end', async () => {
  const { pool, opened, closed } = createPool();
  await pool.use(createStop(), async () => undefined);
  for (const link of opened) link.isBroken = true;
  expect(await pool.use(createStop(), async (link) => link.id)).toBe(1);
  const { works, ends } = startWorks(pool, 1);
  await expect.poll(() => ends.length).toBe(1);
  await pool.close();
  ends[0]?.();
  await Promise.all(works);
  expect(closed).toEqual([0, 1]);
});

it('renews a connection behind a work, and has the next wait for it', async () => {
  const { pool, renewals } = createPool({ isSlow: true });
  await pool.use(createStop(), async () => undefined);
  let next: number | undefined;
  const running = pool.use(createStop(), async (link) => {
    next = link.id;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([renewals.length, next]).toEqual([1, undefined]);
  renewals[0]?.end();
  await running;
  expect(next).toBe(0);
});

it('waits for all that is being renewed: a lock that another work left has to be gone', async () => {
  const { pool, renewals } = createPool({ isSlow: true });
  const { works, ends } = startWorks(pool, 2);
  await expect.poll(() => ends.length).toBe(2);
  for (const end of ends) end();
  await Promise.all(works);
  let isRunning = false;
  const next = pool.use(createStop(), async () => {
    isRunning = true;
  });
  renewals.at(-1)?.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(isRunning).toBe(false);
  renewals[0]?.end();
  await next;
});

it('closes what cannot be renewed, and gives another', async () => {
  const { pool, renewals, closed } = createPool({ isSlow: true });
  await pool.use(createStop(), async () => undefined);
  const next = pool.use(createStop(), async (link) => link.id);
  renewals[0]?.fail();
  expect(await next).toBe(1);
  expect(closed).toEqual([0]);
  renewals[1]?.fail();
  await expect.poll(() => closed).toEqual([0, 1]);
});

it('asks a connection that was idle for long whether it lives', async () => {
  const { pool, checked, closed, time, peer } = createPool();
  await pool.use(createStop(), async () => undefined);
  time.now += 100;
  await pool.use(createStop(), async () => undefined);
  expect(checked).toEqual([]);
  time.now += 101;
  expect(await pool.use(createStop(), async (link) => link.id)).toBe(0);
  expect(checked).toEqual([0]);
  time.now += 101;
  peer.isGone = true;
  expect(await pool.use(createStop(), async (link) => link.id)).toBe(1);
  expect(closed).toEqual([0]);
});

it('opens as many as there are works at one time, and keeps sixteen', async () => {
  const { pool, opened, closed } = createPool();
  const { works, ends } = startWorks(pool, 40);
  await expect.poll(() => ends.length).toBe(40);
  for (const end of ends) end();
  await Promise.all(works);
  expect([opened.length, closed.length]).toEqual([40, 24]);
});

it('waits for another to be free where the peer has too many, and forgets one that gave up', async () => {
  const { pool, opened, peer } = createPool({ room: 2 });
  const { works, ends } = startWorks(pool, 2);
  await expect.poll(() => ends.length).toBe(2);
  const impatient = createStop();
  const givesUp = pool.use(impatient, async () => 'never');
  const patient = pool.use(createStop(), async () => 'at last');
  await expect.poll(() => peer.refusals).toBe(2);
  impatient.end(new StopError('deadline', 'time is over'));
  await expect(givesUp).rejects.toThrow(StopError);
  ends[0]?.();
  expect(await patient).toBe('at last');
  ends[1]?.();
  await Promise.all(works);
  expect(opened.length).toBe(2);
});

it('gives the refusal on where nobody of its own is in the way', async () => {
  const { pool } = createPool({ room: 0 });
  await expect(pool.use(createStop(), async () => undefined)).rejects.toThrow('too many');
});

it('is stopped while it waits for a renewal', async () => {
  const { pool } = createPool({ isSlow: true });
  await pool.use(createStop(), async () => undefined);
  const stop = createStop();
  const waiting = pool.use(stop, async () => undefined);
  stop.end(new StopError('deadline', 'time is over'));
  await expect(waiting).rejects.toMatchObject({ message: 'time is over', stage: { at: 'connecting' } });
});

it('waits for what goes on behind a work', async () => {
  const { pool } = createPool();
  let isOver = false;
  const finish = async () => {
    await Promise.resolve();
    isOver = true;
  };
  pool.track(finish());
  await pool.close();
  expect(isOver).toBe(true);
});
