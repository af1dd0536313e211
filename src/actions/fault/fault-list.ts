import { ActiveFault, type Met } from './active-fault.ts';

import type { FaultSettings } from './fault-settings.ts';
import type { PaceHost } from './pacer.ts';

/** The faults of a proxy: those that hold, and those that held. */
export class FaultList {
  readonly #host: PaceHost;
  readonly #apply: () => Promise<unknown>;
  readonly #cleared: ActiveFault[] = [];
  readonly #cancels: (() => void)[] = [];
  /** Those that ended by themselves since all were cleared. */
  #ended: ActiveFault[] = [];
  #active: readonly ActiveFault[] = [];
  #applying: Promise<unknown> = Promise.resolve();

  /** `apply` lets what holds from now on meet what is open; it is awaited where faults are set and cleared. */
  constructor(host: PaceHost, apply: () => Promise<unknown>) {
    this.#host = host;
    this.#apply = apply;
  }

  get active(): readonly ActiveFault[] {
    return this.#active;
  }

  async set(settings: FaultSettings): Promise<ActiveFault> {
    const fault = new ActiveFault(settings);
    if (settings.for !== undefined) this.#cancels.push(this.#host.clock.after(settings.for, () => this.#end(fault)));
    this.#change([...this.#active, fault]);
    await this.#applying;
    return fault;
  }

  /** Ends all; gives who met those that held since the last time. */
  async clear(): Promise<Met> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    const over = [...this.#active, ...this.#ended];
    const met = addMet(over.map((fault) => fault.met));
    this.#cleared.push(...over);
    this.#ended = [];
    this.#change([]);
    await this.#applying;
    return met;
  }

  /** The ones, of all that were set so far, that nobody met. */
  listUnmet(): readonly ActiveFault[] {
    // Who is refused by a port that nobody listens on is not seen.
    return [...this.#cleared, ...this.#ended, ...this.#active].filter(
      (fault) => !fault.faults.down && !isMet(fault.met),
    );
  }

  /** Ends all, as if none had ever been set. */
  async forget(): Promise<void> {
    await this.clear();
    this.#cleared.length = 0;
  }

  #end(fault: ActiveFault): void {
    this.#ended.push(fault);
    this.#change(this.#active.filter((one) => one !== fault));
  }

  #change(active: readonly ActiveFault[]): void {
    this.#active = active;
    this.#applying = this.#apply();
  }
}

/** The sum of what several faults were met by. */
function addMet(all: readonly Met[]): Met {
  return all.reduce(
    (sum, { connections, requests, bytes }) => ({
      connections: sum.connections + connections,
      requests: sum.requests + requests,
      bytes: sum.bytes + bytes,
    }),
    { connections: 0, requests: 0, bytes: 0 },
  );
}

function isMet({ connections, requests, bytes }: Met): boolean {
  return connections + requests + bytes > 0;
}
