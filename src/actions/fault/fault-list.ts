import { ActiveFault, type Met } from './active-fault.ts';
import { addMet, isMet, type ProxyHost } from './fault-proxy.ts';
import type { FaultSettings } from './fault-settings.ts';

/** The faults of a proxy: those that hold, and those that held. */
export class FaultList {
  readonly #host: ProxyHost;
  readonly #onChange: () => void;
  readonly #past: ActiveFault[] = [];
  readonly #cancels: (() => void)[] = [];
  /** Of which `clear` gave already who met them. */
  readonly #counted = new WeakSet<ActiveFault>();
  #active: ActiveFault[] = [];

  constructor(host: ProxyHost, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
  }

  get active(): readonly ActiveFault[] {
    return this.#active;
  }

  set(settings: FaultSettings): ActiveFault {
    const fault = new ActiveFault(settings);
    this.#active = [...this.#active, fault];
    if (settings.for !== undefined) this.#cancels.push(this.#host.clock.after(settings.for, () => this.#end(fault)));
    this.#onChange();
    return fault;
  }

  clear(): Met {
    for (const cancel of this.#cancels.splice(0)) cancel();
    const met = addMet(
      [...this.#active, ...this.#past.filter((fault) => !this.#counted.has(fault))].map((fault) => fault.met),
    );
    for (const fault of [...this.#active, ...this.#past]) this.#counted.add(fault);
    this.#past.push(...this.#active);
    this.#active = [];
    this.#onChange();
    return met;
  }

  listUnmet(): readonly ActiveFault[] {
    // Who is refused by a port that nobody listens on is not seen.
    return [...this.#past, ...this.#active].filter((fault) => !fault.faults.down && !isMet(fault.met));
  }

  #end(fault: ActiveFault): void {
    if (!this.#active.includes(fault)) return;
    this.#active = this.#active.filter((one) => one !== fault);
    this.#past.push(fault);
    this.#onChange();
  }
}
