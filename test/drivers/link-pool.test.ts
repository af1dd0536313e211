import { expect, it } from 'vitest';
import { LinkPool } from '../../src/drivers/link-pool.ts';
import { type Stopper, WorkStopped } from '../../src/drivers/stopper.ts';

interface Link {
  readonly id: number;
  isBroken: boolean;
}

function createPool() {
  const opened: Link[] = [];
  const closed: number[] = [];
  const pool = new LinkPool<Link>({
    open: async () => {
      const link = { id: opened.length, isBroken: false };
      opened.push(link);
      return link;
    },
    isReusable: (link) => !link.isBroken,
    close: (link) => closed.push(link.id),
  });
  return { pool, opened, closed };
}

const createStop = (): Stopper => ({ reason: undefined, call: undefined });

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
  const ends: (() => void)[] = [];
  const last = pool.use(createStop(), () => new Promise<void>((resolve) => ends.push(resolve)));
  await pool.close();
  await expect.poll(() => ends.length).toBe(1);
  ends[0]?.();
  await last;
  expect(closed).toEqual([0, 1]);
});

it('has the eleventh wait, and forgets one that gave up', async () => {
  const { pool } = createPool();
  const ends: (() => void)[] = [];
  const running = Array.from({ length: 10 }, () =>
    pool.use(createStop(), () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  const impatient = createStop();
  const givesUp = pool.use(impatient, async () => 'never');
  const patient = pool.use(createStop(), async () => 'at last');
  impatient.call?.('time is over');
  await expect(givesUp).rejects.toThrow(WorkStopped);
  await expect.poll(() => ends.length).toBe(10);
  ends[0]?.();
  expect(await patient).toBe('at last');
  for (const end of ends) end();
  await Promise.all(running);
  await pool.close();
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
