import type { Stop } from '../stop/stop.ts';

/** What a pool has to know of its connections. */
export interface LinkKeeper<Link> {
  open(stop: Stop): Promise<Link>;
  /** Whether it can be worked with: not when it is broken, or in the middle of something that nobody waits for. */
  isAlive(link: Link): boolean;
  /** Forgets what a work left behind, for the next to find none of it; absent where nothing stays. @throws when it cannot be */
  renew?(link: Link): Promise<void>;
  /** Asks the peer for a sign of life. @throws when there is none */
  check(link: Link): Promise<void>;
  /** Whether the peer refused a connection because it has too many. */
  isCrowded(error: unknown): boolean;
  close(link: Link): void;
}

/** Kept for the next works; more are closed when their work is over, for the peer has others to serve. */
const MAX_IDLE_LINKS = 16;
/** What was idle for longer is asked whether it still lives: servers end sessions at any time. */
const TRUSTED_IDLE_MS = 100;

interface IdleLink<Link> {
  readonly link: Link;
  since: number;
  isSpoilt: boolean;
}

/**
 * Connections to one peer, kept open between works; each is one work's alone while it lasts. There are as many as works at one
 * time: a limit would have branches that wait for each other wait for ever.
 */
export class LinkPool<Link> {
  readonly #keeper: LinkKeeper<Link>;
  readonly #now: () => number;
  readonly #mostIdle: number;
  readonly #idle: IdleLink<Link>[] = [];
  readonly #renewals = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  readonly #tails = new Set<Promise<void>>();
  #busyCount = 0;
  #isClosed = false;

  /** `now` gives ms that never go back. */
  constructor(keeper: LinkKeeper<Link>, now: () => number, mostIdle = MAX_IDLE_LINKS) {
    this.#keeper = keeper;
    this.#now = now;
    this.#mostIdle = mostIdle;
  }

  /** Gives the work a connection that has forgotten the works before. @throws StopError when `stop` ended it before it had one */
  async use<T>(stop: Stop, work: (link: Link) => Promise<T>): Promise<T> {
    const link = await this.#take(stop);
    this.#busyCount++;
    try {
      return await work(link);
    } finally {
      this.#busyCount--;
      this.#release(link);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Has `close` wait for something that goes on behind a work's back: a cancellation under way. */
  track(tail: Promise<void>): void {
    this.#tails.add(tail);
    void tail.then(() => this.#tails.delete(tail));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#tails);
    for (const { link } of this.#idle.splice(0)) this.#keeper.close(link);
  }

  async #take(stop: Stop): Promise<Link> {
    for (;;) {
      const idle = await this.#takeIdle(stop);
      if (idle !== undefined) return idle;
      try {
        return await this.#keeper.open(stop);
      } catch (error) {
        if (this.#busyCount === 0 || !this.#keeper.isCrowded(error)) throw error;
      }
      await this.#waitForAnother(stop);
    }
  }

  async #takeIdle(stop: Stop): Promise<Link | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      const { link } = idle;
      try {
        if (await orStopped(this.#isGood(idle), stop)) return link;
      } catch (error) {
        this.#keeper.close(link);
        throw error;
      }
      this.#keeper.close(link);
    }
    return undefined;
  }

  /** What other works left behind (a lock) is to be gone too, whichever connection comes next. */
  async #isGood(idle: IdleLink<Link>): Promise<boolean> {
    if (this.#renewals.size > 0) await Promise.all(this.#renewals);
    if (idle.isSpoilt || !this.#keeper.isAlive(idle.link)) return false;
    if (this.#now() - idle.since <= TRUSTED_IDLE_MS) return true;
    const isThere = await this.#keeper.check(idle.link).then(
      () => true,
      () => false,
    );
    return isThere && this.#keeper.isAlive(idle.link);
  }

  #waitForAnother(stop: Stop): Promise<void> {
    const free = new Promise<void>((resolve) => this.#waiting.push(resolve));
    return orStopped(free, stop);
  }

  #release(link: Link): void {
    if (this.#isClosed || this.#idle.length >= this.#mostIdle || !this.#keeper.isAlive(link)) {
      this.#keeper.close(link);
      return;
    }
    const idle: IdleLink<Link> = { link, since: this.#now(), isSpoilt: false };
    this.#idle.push(idle);
    if (!this.#keeper.renew) return;
    const renewal: Promise<void> = this.#keeper.renew(link).then(
      () => {
        idle.since = this.#now();
        this.#renewals.delete(renewal);
      },
      () => {
        this.#spoil(idle);
        this.#renewals.delete(renewal);
      },
    );
    this.#renewals.add(renewal);
  }

  #spoil(idle: IdleLink<Link>): void {
    idle.isSpoilt = true;
    const at = this.#idle.indexOf(idle);
    if (at === -1) return;
    this.#idle.splice(at, 1);
    this.#keeper.close(idle.link);
  }
}

function orStopped<T>(promise: Promise<T>, stop: Stop): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = stop.onEnd((reason) => reject(reason.in({ at: 'connecting' })));
    promise.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error) => {
        leave();
        reject(error);
      },
    );
  });
}
