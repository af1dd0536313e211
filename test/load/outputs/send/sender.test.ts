import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Backlog, type Parcel } from '../../../../src/load/outputs/send/backlog.ts';
import { type Delivery, Sender } from '../../../../src/load/outputs/send/sender.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { makeTestFolder, removeTestFolders } from '../made-samples.ts';

afterAll(removeTestFolders);

const WRITTEN: Delivery = { kind: 'written' };
const AWAY: Delivery = { kind: 'later', why: 'nobody is there' };

interface MadeSender {
  readonly sender: Sender;
  /** Sends parcels of so many points each. */
  send(...points: readonly number[]): void;
  /** How many points each delivery had, in their order. */
  readonly delivered: readonly number[];
  /** Lets time pass, in steps in which what is due is done. */
  pass(ms: number): Promise<void>;
}

function makeSender(answer: (delivery: number) => Delivery | Promise<Delivery>, concurrency = 1): MadeSender {
  const clock = createVirtualClock();
  const delivered: number[] = [];
  const temporaryFolder = makeTestFolder();
  const sender = new Sender({
    ...{ clock, concurrency },
    backlog: new Backlog({ memoryBytes: 1000, diskBytes: 0, temporaryFolder }),
    deliver: async ({ points }: Parcel) => answer(delivered.push(points)),
    abort: async () => undefined,
  });
  return {
    ...{ sender, delivered },
    send: (...all) => all.forEach((points) => void sender.send({ points, bytes: Buffer.alloc(points) })),
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 100) {
        await setImmediate();
        clock.pass(100);
      }
      await setImmediate();
    },
  };
}

describe('a sender', () => {
  it('sends in order, one at a time, and gives the account', async () => {
    const { sender, send, delivered } = makeSender(() => WRITTEN);
    send(3, 4, 5);
    expect(await sender.close()).toEqual({ written: 12, lost: 0, notes: [] });
    expect(delivered).toEqual([3, 4, 5]);
  });

  it('has no more on the way than it may', async () => {
    let most = 0;
    let now = 0;
    const { sender, send } = makeSender(async () => {
      now += 1;
      most = Math.max(most, now);
      await setImmediate();
      now -= 1;
      return WRITTEN;
    }, 3);
    send(...Array.from({ length: 20 }, () => 1));
    expect(await sender.close()).toMatchObject({ written: 20, lost: 0 });
    expect(most).toBe(3);
  });

  it('tries again after pauses that grow to 2 s, and loses nothing while somebody comes', async () => {
    const { sender, send, delivered, pass } = makeSender((delivery) => (delivery <= 6 ? AWAY : WRITTEN));
    send(3, 4);
    await pass(200 + 400 + 800 + 1600);
    expect(delivered.length).toBe(5);
    await pass(2000);
    expect(delivered.length).toBe(6);
    await pass(2000);
    expect(delivered).toEqual([3, 3, 3, 3, 3, 3, 3, 4]);
    expect(await sender.close()).toEqual({ written: 7, lost: 0, notes: [] });
  });

  it('does not wait for its pause at the end', async () => {
    const { sender, send, delivered, pass } = makeSender((delivery) => (delivery === 1 ? AWAY : WRITTEN));
    send(3);
    await pass(100);
    expect(await sender.close()).toEqual({ written: 3, lost: 0, notes: [] });
    expect(delivered).toEqual([3, 3]);
  });

  it('gives up 28 s after the end, and counts what is left', async () => {
    const { sender, send, pass } = makeSender(() => AWAY);
    send(3, 4);
    const end = sender.close();
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    await pass(27_900);
    expect(isOver).toBe(false);
    await pass(200);
    expect(await end).toEqual({
      ...{ written: 0, lost: 7 },
      notes: ['7 could not be sent before the end: nobody is there'],
    });
  });

  it('comes to its end at once when it is given up', async () => {
    const { sender, send, pass } = makeSender(() => AWAY);
    send(3, 4);
    const end = sender.close();
    await pass(1000);
    sender.giveUp();
    expect(await end).toEqual({
      ...{ written: 0, lost: 7 },
      notes: ['7 could not be sent before the end: nobody is there'],
    });
  });

  it('counts what finds no room', async () => {
    const { sender, send, pass } = makeSender((delivery) => (delivery === 1 ? AWAY : WRITTEN));
    send(600, 300, 200);
    await pass(200);
    expect(await sender.close()).toEqual({
      ...{ written: 900, lost: 200 },
      notes: ['200 found no room in the backlog: nobody is there'],
    });
  });

  it('counts what is refused, and writes the rest', async () => {
    const { sender, send } = makeSender((delivery) =>
      delivery === 1 ? { kind: 'refused', points: 1, why: 'too old' } : WRITTEN,
    );
    send(3, 4);
    expect(await sender.close()).toEqual({ written: 6, lost: 1, notes: ['1 was refused: too old'] });
  });
});
