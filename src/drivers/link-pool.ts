import { type Stopper, WorkStopped } from './stopper.ts';

/** What a pool has to know of its connections. */
export interface LinkKeeper<Link> {
  open(stop: Stopper): Promise<Link>;
  /** Whether somebody else may have the connection: not when it is broken or in the middle of something. */
  isReusable(link: Link): boolean;
  close(link: Link): void;
}

const MAX_LINKS = 10;

/** Connections to one peer, kept open between steps; each is one work's alone while it lasts. */
export class LinkPool<Link> {
  readonly #keeper: LinkKeeper<Link>;
  readonly #idle: Link[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #tails = new Set<Promise<void>>();
  #busy = 0;
  #isClosed = false;

  constructor(keeper: LinkKeeper<Link>) {
    this.#keeper = keeper;
  }

  /** Gives the work a connection. @throws WorkStopped when `stop` ended it while it waited for one */
  async use<T>(stop: Stopper, work: (link: Link) => Promise<T>): Promise<T> {
    if (this.#busy >= MAX_LINKS) await this.#queue(stop);
    this.#busy++;
    try {
      const link = this.#takeIdle() ?? (await this.#keeper.open(stop));
      try {
        return await work(link);
      } finally {
        this.#release(link);
      }
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
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
    for (const link of this.#idle.splice(0)) this.#keeper.close(link);
  }

  async #queue(stop: Stopper): Promise<void> {
    while (this.#busy >= MAX_LINKS) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        stop.call = (reason) => {
          const at = this.#waiting.indexOf(resolve);
          if (at !== -1) this.#waiting.splice(at, 1);
          reject(new WorkStopped(reason, 'connecting'));
        };
      });
      stop.call = undefined;
    }
  }

  #takeIdle(): Link | undefined {
    for (let link = this.#idle.pop(); link !== undefined; link = this.#idle.pop()) {
      if (this.#keeper.isReusable(link)) return link;
      this.#keeper.close(link);
    }
    return undefined;
  }

  #release(link: Link): void {
    if (!this.#isClosed && this.#keeper.isReusable(link)) this.#idle.push(link);
    else this.#keeper.close(link);
  }
}
