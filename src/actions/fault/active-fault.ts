import type { FaultSettings, Faults } from './fault-settings.ts';
import type { Pace } from './pacer.ts';

export type Direction = 'up' | 'down';

/** What a fault was met by. */
export interface Met {
  readonly connections: number;
  readonly requests: number;
  readonly bytes: number;
}

/** Says of each of a number of things whether it is one of the share: of 1,000 at 0.3 exactly 300, evenly. */
export class Quota {
  readonly #share: number;
  #count = 0;

  constructor(share: number) {
    this.#share = share;
  }

  take(): boolean {
    const before = Math.floor(this.#count * this.#share + 1e-9);
    this.#count++;
    return Math.floor(this.#count * this.#share + 1e-9) > before;
  }
}

/** Faults that were set together, and who met them. */
export class ActiveFault {
  readonly faults: Faults;
  readonly match: FaultSettings['match'];
  readonly #direction: FaultSettings['direction'];
  readonly #quota: Quota;
  readonly #requestQuota: Quota;
  readonly #chosen = new WeakMap<object, boolean>();
  readonly #connections = new WeakSet<object>();
  #met = { connections: 0, requests: 0, bytes: 0 };

  constructor({ faults, match, direction, share = 1 }: FaultSettings) {
    this.faults = faults;
    this.match = match;
    this.#direction = direction;
    this.#quota = new Quota(share);
    this.#requestQuota = new Quota(
      faults.status?.rate ?? (faults.withhold_acks ? (faults.withhold_acks.rate ?? share) : 1),
    );
  }

  get met(): Met {
    return { ...this.#met };
  }

  /** Whether a connection, or a request, is one of the share; once decided it stays so. */
  chooses(thing: object): boolean {
    const known = this.#chosen.get(thing);
    if (known !== undefined) return known;
    const isChosen = this.#quota.take();
    this.#chosen.set(thing, isChosen);
    return isChosen;
  }

  /** Whether it is about what goes through a connection, and not about some requests alone. */
  get isOfConnections(): boolean {
    return Object.keys(this.faults).some((name) => name !== 'withhold_acks');
  }

  /** Whether the next request gets the status of the fault, or no acknowledgement. */
  takesRequest(): boolean {
    return this.#requestQuota.take();
  }

  /** Whether it holds for what goes this way; without a direction all but the paces, which hold answers up, hold both ways. */
  holdsFor(direction: Direction): boolean {
    return this.#direction === undefined || this.#direction === 'both' || this.#direction === direction;
  }

  /** What holds up the bytes that go this way; undefined when nothing does. */
  paceOf(direction: Direction): Pace | undefined {
    const isHeld = this.#direction === undefined ? direction === 'down' : this.holdsFor(direction);
    const { latency, jitter, bandwidth, slice } = this.faults;
    const isPace = latency !== undefined || jitter !== undefined || bandwidth !== undefined || slice !== undefined;
    return isHeld && isPace ? this.faults : undefined;
  }

  noteConnection(connection: object): void {
    if (this.#connections.has(connection)) return;
    this.#connections.add(connection);
    this.#met.connections++;
  }

  noteRequest(): void {
    this.#met.requests++;
  }

  noteBytes(count: number): void {
    this.#met.bytes += count;
  }
}

/** A fault that lets so many bytes through and then ends the connection. */
export interface Cut {
  readonly fault: ActiveFault;
  readonly bytes: number;
  /** By RST. */
  readonly isReset: boolean;
}

/** The first of the faults that ends a connection after some bytes; undefined when none does. */
export function findCut(faults: readonly ActiveFault[]): Cut | undefined {
  for (const fault of faults) {
    const { limit, reset } = fault.faults;
    const isReset = typeof reset === 'object';
    const bytes = limit ?? (isReset ? reset.after : undefined);
    if (bytes !== undefined) return { fault, bytes, isReset };
  }
  return undefined;
}

/** The part of some bytes that goes through when so many went before, and whether it is the last. */
export function takePart(bytes: Buffer, passed: number, cut: Cut | undefined): { part: Buffer; isLast: boolean } {
  const left = cut ? Math.max(0, cut.bytes - passed) : bytes.length;
  return { part: bytes.subarray(0, left), isLast: cut !== undefined && left <= bytes.length };
}
