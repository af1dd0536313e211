import type { Between } from '../../model/load/between.ts';
import { endOfGrace, letOthersIn, pick, type ScenarioIo } from './scenario-io.ts';
import type { VirtualUser } from './virtual-user.ts';

export interface Pauses {
  readonly think?: Between | undefined;
  readonly pacing?: Between | undefined;
}

/** One place for a virtual user that begins its next iteration when the last is over. */
export class UserLoop {
  readonly #io: ScenarioIo;
  readonly #pauses: Pauses;
  /** Whether there is a further iteration for it. */
  readonly #hasNext: () => boolean;
  #user: VirtualUser | undefined;
  #isWanted = false;
  #isRunning = false;
  #done: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #cancelGrace: (() => void) | undefined;
  #graceEndsAt = 0;

  constructor(io: ScenarioIo, pauses: Pauses, hasNext: () => boolean) {
    this.#io = io;
    this.#pauses = pauses;
    this.#hasNext = hasNext;
  }

  /** Begins, or goes on where it was about to end. */
  start(): void {
    this.#isWanted = true;
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#done = this.#run();
  }

  /** Begins nothing more; the iteration that runs is ended after the grace. */
  retire(what: string, graceMs: number): void {
    this.#isWanted = false;
    this.#wake?.();
    if (!this.#isRunning) return;
    const endsAt = this.#io.clock.monotonic() + graceMs;
    // Of two graces the one counts that is over first.
    if (this.#cancelGrace && this.#graceEndsAt <= endsAt) return;
    this.#cancelGrace?.();
    this.#graceEndsAt = endsAt;
    this.#cancelGrace = this.#io.clock.after(graceMs, () => this.#user?.interrupt(endOfGrace(what, graceMs)));
  }

  /** Waits until it runs nothing. */
  settle(): Promise<void> {
    return this.#done;
  }

  async close(): Promise<void> {
    await this.#done;
    await this.#user?.close();
  }

  async #run(): Promise<void> {
    const { io, stop } = { io: this.#io, stop: this.#io.stop };
    const leave = stop.onAsk(() => this.#wake?.());
    io.onUsers({ active: 1 });
    try {
      while (this.#isWanted && !stop.asked && this.#hasNext()) {
        const startedAt = io.clock.monotonic();
        const user = this.#user ?? io.openUser();
        this.#user = user;
        const end = await user.iterate();
        if (end === 'interrupted') {
          this.#user = undefined;
          await user.close();
        }
        if (this.#isWanted && !stop.asked) await this.#pause(startedAt);
      }
    } finally {
      this.#isRunning = false;
      leave();
      this.#cancelGrace?.();
      this.#cancelGrace = undefined;
      io.onUsers({ active: -1 });
    }
  }

  #pause(startedAt: number): Promise<void> {
    const { clock, random } = this.#io;
    const { think, pacing } = this.#pauses;
    const now = clock.monotonic();
    const thinkMs = think ? pick(think, random) : 0;
    const restMs = pacing ? startedAt + pick(pacing, random) - now : 0;
    const ms = Math.max(thinkMs, restMs);
    if (ms <= 0) return letOthersIn();
    return new Promise<void>((resolve) => {
      const end = (): void => {
        this.#wake = undefined;
        resolve();
      };
      const cancel = clock.after(ms, end);
      this.#wake = () => {
        cancel();
        end();
      };
    });
  }
}
