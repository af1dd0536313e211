import { type KeptRequest, pathOf, type StubRequest, viewRequest } from './received.ts';
import type { Place } from './request-rules.ts';

const MAX_REQUESTS = 10_000;
const MAX_BODIES_BYTES = 64 * 1024 * 1024;
/** How many methods and paths of dropped requests are remembered; of others the route. */
const MAX_PLACES = 10_000;

/** Requests that were dropped, as far as they are still known: by their path, or by the route that took them (null: none did). */
export interface DroppedRequests {
  readonly method: string;
  readonly path?: string;
  readonly route?: string | null;
  readonly count: number;
}

/** The last requests that a stub got; the oldest are dropped first, and how many is known. */
export class RequestLog {
  #entries: (KeptRequest | undefined)[] = [];
  #start = 0;
  #bytes = 0;
  #dropped = 0;
  #total = 0;
  #bodiesLeftOut = 0;
  /** What is known of the dropped ones. */
  readonly #places = new Map<string, { -readonly [Key in keyof DroppedRequests]: DroppedRequests[Key] }>();
  readonly #withoutBody = new WeakSet<StubRequest>();
  readonly #listeners = new Set<(request: StubRequest) => void>();
  #clearings = 0;

  /** How many were dropped since the last `clear`. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How often it was cleared. */
  get clearings(): number {
    return this.#clearings;
  }

  /** How many came since the last `clear`. */
  get total(): number {
    return this.#total;
  }

  /** Of how many that are kept the body was too large to be. */
  get bodiesLeftOut(): number {
    return this.#bodiesLeftOut;
  }

  /** What is still known of the dropped ones. */
  listDropped(): Iterable<DroppedRequests> {
    return this.#places.values();
  }

  /** Whether the body of a request that is kept was too large to be. */
  isWithoutBody(request: StubRequest): boolean {
    return this.#withoutBody.has(request);
  }

  /** Those that are kept, oldest first, each made when it is asked for; those whose method and path are not as wanted never are. */
  *list(isWanted: (place: Place) => boolean = () => true): Generator<StubRequest, void, undefined> {
    for (const entry of this.#entries.slice(this.#start)) {
      if (entry && isWanted({ method: entry.method, path: pathOf(entry.target) })) yield this.#restore(entry);
    }
  }

  /** Calls back with each request from now on, until the function that it gives is called. */
  onRequest(call: (request: StubRequest) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  add(kept: KeptRequest): void {
    this.#total++;
    this.#entries.push(kept);
    this.#bytes += kept.body.length;
    if (kept.leftOut > 0) this.#bodiesLeftOut++;
    while (this.#entries.length - this.#start > MAX_REQUESTS || this.#bytes > MAX_BODIES_BYTES) this.#dropOldest();
    for (const listener of this.#listeners) listener(this.#restore(kept));
  }

  clear(): void {
    this.#clearings++;
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
    this.#dropped = 0;
    this.#total = 0;
    this.#bodiesLeftOut = 0;
    this.#places.clear();
  }

  #dropOldest(): void {
    const entry = this.#entries[this.#start];
    this.#bytes -= entry?.body.length ?? 0;
    if (entry) this.#place(entry);
    if (entry && entry.leftOut > 0) this.#bodiesLeftOut--;
    this.#entries[this.#start] = undefined;
    this.#start++;
    this.#dropped++;
    // To cut the list with each request would move all of them.
    if (this.#start < MAX_REQUESTS) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }

  #place({ method, target, route }: KeptRequest): void {
    const path = pathOf(target);
    const byPath = `${method} ${path}`;
    const isKnown = this.#places.size < MAX_PLACES || this.#places.has(byPath);
    // No path has a blank.
    const key = isKnown ? byPath : `${method} by ${route}`;
    const place = this.#places.get(key);
    if (place) place.count++;
    else this.#places.set(key, { method, count: 1, ...(isKnown ? { path } : { route }) });
  }

  #restore(kept: KeptRequest): StubRequest {
    const request = viewRequest(kept);
    if (kept.leftOut > 0) this.#withoutBody.add(request);
    return request;
  }
}
