import { readRefusedCount } from '../../drivers/refused-count.ts';
import { ActiveFault } from './active-fault.ts';
import type { PlacedFaults } from './fault-settings.ts';
import type { PaceHost } from './pacer.ts';
import { Refusals } from './refusals.ts';
import { type Met, Tally } from './tally.ts';

/** What faults hold for. */
export interface Gate {
  /** The one that is given up while nobody is to be let in. */
  getPort(): number;
  /** How much came so far, faulted or not: it grows with each that comes. */
  countArrivals(): number;
  /** Lets what holds from now on meet what is open; it is awaited where faults are set and cleared. */
  apply(): Promise<unknown>;
}

/** The faults of a proxy: those that hold, and those that held. */
export class FaultList {
  readonly #host: PaceHost;
  readonly #gate: Gate;
  readonly #refusals: Refusals;
  #cleared: ActiveFault[] = [];
  readonly #cancels: (() => void)[] = [];
  /** Those that ended by themselves since all were cleared. */
  #ended: ActiveFault[] = [];
  /** Who met any of those that held since then. */
  #together = new Tally();
  #active: readonly ActiveFault[] = [];
  #applying: Promise<unknown> = Promise.resolve();

  constructor(host: PaceHost, gate: Gate, readRefused: () => number | undefined = readRefusedCount) {
    this.#host = host;
    this.#gate = gate;
    this.#refusals = new Refusals(readRefused);
  }

  get active(): readonly ActiveFault[] {
    return this.#active;
  }

  async set(settings: PlacedFaults): Promise<ActiveFault> {
    const fault = new ActiveFault(settings, this.#together);
    if (settings.for !== undefined) this.#cancels.push(this.#host.clock.after(settings.for, () => this.#end(fault)));
    this.#change([...this.#active, fault]);
    await this.#applying;
    if (isDown(fault) && this.#active.includes(fault) && !this.#refusals.isOpen)
      await this.#refusals.open(this.#gate.getPort());
    return fault;
  }

  /** Ends all; gives who met those that held since the last time. */
  async clear(): Promise<Met> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#noteRefused();
    const { met } = this.#together;
    this.#cleared.push(...this.#active, ...this.#ended);
    this.#ended = [];
    this.#together = new Tally();
    this.#change([]);
    await this.#applying;
    return met;
  }

  /** The ones, of all that were set so far, that nobody met. */
  listUnmet(): readonly ActiveFault[] {
    this.#noteRefused();
    return [...this.#cleared, ...this.#ended, ...this.#active].filter(({ isUnmet }) => isUnmet);
  }

  /** Those of which only the machine's count says that somebody met them, and that were not cleared. */
  listDoubtful(): readonly ActiveFault[] {
    this.#noteRefused();
    return [...this.#ended, ...this.#active].filter(({ doubtful }) => doubtful > 0);
  }

  /** Which one it is that came next after a fault was over by itself; undefined when none did. */
  findLate({ seen: { whenOver } }: ActiveFault): 'first' | 'next' | undefined {
    if (whenOver === undefined || this.#gate.countArrivals() === whenOver) return undefined;
    return whenOver === 0 ? 'first' : 'next';
  }

  /** Ends these, as if they had never been set. */
  async forget(faults: ReadonlySet<ActiveFault>): Promise<void> {
    const isOther = (fault: ActiveFault): boolean => !faults.has(fault);
    this.#cleared = this.#cleared.filter(isOther);
    this.#ended = this.#ended.filter(isOther);
    this.#change(this.#active.filter(isOther));
    if (this.#active.length + this.#ended.length === 0) this.#together = new Tally();
    await this.#applying;
  }

  #end(fault: ActiveFault): void {
    if (!this.#active.includes(fault)) return;
    this.#ended.push(fault);
    fault.seen.whenOver = this.#gate.countArrivals();
    this.#change(this.#active.filter((one) => one !== fault));
  }

  #change(active: readonly ActiveFault[]): void {
    this.#noteRefused();
    this.#active = active;
    if (!active.some(isDown)) this.#refusals.close();
    this.#applying = this.#gate.apply();
  }

  /** Those who were refused since the last time met the faults that refuse. */
  #noteRefused(): void {
    const down = this.#active.filter(isDown);
    if (down.length === 0) return;
    const count = this.#refusals.take();
    for (const fault of down) fault.noteRefused(count);
    this.#together.addRefused(count ?? 0);
  }
}

function isDown({ faults }: ActiveFault): boolean {
  return faults.down === true;
}
