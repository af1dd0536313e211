import type { Location } from '../../model/events.ts';
import { createPathRules, type RequestRules } from '../stub/request-rules.ts';
import type { FaultSettings, Faults, PlacedFaults } from './fault-settings.ts';
import type { Pace } from './pacer.ts';
import { Seen } from './seen.ts';
import { type Met, Tally } from './tally.ts';

export type Direction = 'up' | 'down';

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
  /** Which requests meet it; absent: all. */
  readonly rules: RequestRules | undefined;
  readonly share: number;
  /** How long it holds, ms; absent: until it is cleared. */
  readonly lastsMs: number | undefined;
  /** Where it is written. */
  readonly location: Location | undefined;
  readonly seen = new Seen();
  readonly #direction: FaultSettings['direction'];
  readonly #quota: Quota;
  readonly #requestQuota: Quota;
  readonly #chosen = new WeakMap<object, boolean>();
  readonly #tally = new Tally();
  /** Of all that hold together: who meets two of them is one. */
  readonly #together: Tally;
  #isUncounted = false;
  #refused = 0;

  constructor(settings: PlacedFaults, together = new Tally()) {
    const { faults, match, direction, share = 1 } = settings;
    this.#together = together;
    this.faults = faults;
    this.rules = match && createPathRules(match);
    this.share = share;
    this.lastsMs = settings.for;
    this.location = settings.location;
    this.#direction = direction;
    this.#quota = new Quota(share);
    this.#requestQuota = new Quota(
      faults.status?.rate ?? (faults.withhold_acks ? (faults.withhold_acks.rate ?? share) : 1),
    );
  }

  get met(): Met {
    return this.#tally.met;
  }

  /** Whether it is known that nobody met it. */
  get isUnmet(): boolean {
    const { connections, requests, bytes } = this.met;
    return !this.#isUncounted && connections + requests + bytes === 0;
  }

  /** Whether a connection, or a request, is one of the share; once decided it stays so. */
  chooses(thing: object): boolean {
    const known = this.#chosen.get(thing);
    if (known !== undefined) return known;
    const isChosen = this.#quota.take();
    this.#chosen.set(thing, isChosen);
    this.seen.noteThing(isChosen);
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

  /** Whether it holds for bodies that go this way: without a direction for those of answers. */
  holdsForBody(direction: Direction): boolean {
    return this.#direction === undefined ? direction === 'down' : this.holdsFor(direction);
  }

  /** Whether so many bytes that go this way at once are held up, or go on in pieces. */
  holdsUp(direction: Direction, size: number): boolean {
    const pace = this.paceOf(direction);
    if (!pace || size === 0) return false;
    const { latency, jitter, bandwidth, slice } = pace;
    return latency !== undefined || jitter !== undefined || bandwidth !== undefined || size > (slice?.size ?? size);
  }

  noteConnection(connection: object): void {
    for (const tally of [this.#tally, this.#together]) tally.addConnection(connection);
  }

  noteRequest(request: object): void {
    for (const tally of [this.#tally, this.#together]) tally.addRequest(request);
  }

  /** So many were refused a connection; undefined where nobody counts that. */
  noteRefused(count: number | undefined): void {
    if (count === undefined) this.#isUncounted = true;
    else {
      this.#refused += count;
      this.#tally.addRefused(count);
    }
  }

  /** How many were refused a connection, where nothing else met it: they may be others', for no count is of one port alone. */
  get doubtful(): number {
    const { connections, requests, bytes } = this.met;
    return connections === this.#refused && requests + bytes === 0 ? this.#refused : 0;
  }

  noteBytes(count: number, piece: object): void {
    for (const tally of [this.#tally, this.#together]) tally.addBytes(count, piece);
  }
}

/** A fault that lets so many bytes through and then ends the connection. */
export interface Cut {
  readonly fault: ActiveFault;
  readonly bytes: number;
  /** By RST. */
  readonly isReset: boolean;
}

/** The one of the faults that ends a connection after the fewest bytes; undefined when none does. */
export function findCut(faults: readonly ActiveFault[]): Cut | undefined {
  const cuts = faults.flatMap((fault): readonly Cut[] => {
    const { limit, reset } = fault.faults;
    return [
      ...(limit === undefined ? [] : [{ fault, bytes: limit, isReset: false }]),
      ...(typeof reset === 'object' ? [{ fault, bytes: reset.after, isReset: true }] : []),
    ];
  });
  return cuts.sort((a, b) => a.bytes - b.bytes)[0];
}

/** The part of some bytes that goes through when so many went before, and whether it is the last. */
export function takePart(bytes: Buffer, passed: number, cut: Cut | undefined): { part: Buffer; isLast: boolean } {
  const left = cut ? Math.max(0, cut.bytes - passed) : bytes.length;
  return { part: bytes.subarray(0, left), isLast: cut !== undefined && left <= bytes.length };
}
