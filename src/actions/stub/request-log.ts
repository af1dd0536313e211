import { type Arrival, readRequest, type StubRequest } from './received.ts';

const MAX_REQUESTS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;
const MAX_BODIES_BYTES = 64 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);
/** How many methods and paths of dropped requests are remembered; of others the route. */
const MAX_PLACES = 10_000;

/** A request as it came, with what its route made of it: what flows see of it is made when somebody looks. */
interface Entry {
  readonly arrival: Arrival;
  readonly params: StubRequest['params'];
  readonly route: string | null;
  /** Of a body that is too large to be kept: its bytes. */
  readonly leftOut: number;
  request?: StubRequest;
}

/** Requests that were dropped, as far as they are still known: by their path, or by the route that took them (null: none did). */
export interface DroppedRequests {
  readonly method: string;
  readonly path?: string;
  readonly route?: string | null;
  readonly count: number;
}

/** The last requests that a stub got; the oldest are dropped first, and how many is known. */
export class RequestLog {
  #entries: (Entry | undefined)[] = [];
  #start = 0;
  #bytes = 0;
  #dropped = 0;
  #total = 0;
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

  /** What is still known of the dropped ones. */
  listDropped(): Iterable<DroppedRequests> {
    return this.#places.values();
  }

  /** Whether the body of a request that is kept was too large to be. */
  isWithoutBody(request: StubRequest): boolean {
    return this.#withoutBody.has(request);
  }

  /** Those that are kept, oldest first. */
  list(): readonly StubRequest[] {
    const requests: StubRequest[] = [];
    for (let at = this.#start; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (!entry) continue;
      entry.request ??= this.#restore(entry);
      requests.push(entry.request);
    }
    return requests;
  }

  /** Calls back with each request from now on, until the function that it gives is called. */
  onRequest(call: (request: StubRequest) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  /** A body that is too large is not kept. */
  add(arrival: Arrival, { params, matched_route: route }: Pick<StubRequest, 'params' | 'matched_route'>): void {
    this.#total++;
    const { length } = arrival.body;
    const isLarge = length > MAX_BODY_BYTES;
    const kept = isLarge ? { ...arrival, body: NO_BODY } : arrival;
    const entry: Entry = { arrival: kept, params, route, leftOut: isLarge ? length : 0 };
    this.#entries.push(entry);
    this.#bytes += kept.body.length;
    while (this.#entries.length - this.#start > MAX_REQUESTS || this.#bytes > MAX_BODIES_BYTES) this.#dropOldest();
    for (const listener of this.#listeners) listener(this.#restore(entry));
  }

  clear(): void {
    this.#clearings++;
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
    this.#dropped = 0;
    this.#total = 0;
    this.#places.clear();
  }

  #dropOldest(): void {
    const entry = this.#entries[this.#start];
    this.#bytes -= entry?.arrival.body.length ?? 0;
    if (entry) this.#place(entry);
    this.#entries[this.#start] = undefined;
    this.#start++;
    this.#dropped++;
    // To cut the list with each request would move all of them.
    if (this.#start < MAX_REQUESTS) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }

  #place({ arrival: { method, target }, route }: Entry): void {
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const byPath = `${method} ${path}`;
    const isKnown = this.#places.size < MAX_PLACES || this.#places.has(byPath);
    // No path has a blank.
    const key = isKnown ? byPath : `${method} by ${route}`;
    const place = this.#places.get(key);
    if (place) place.count++;
    else this.#places.set(key, { method, count: 1, ...(isKnown ? { path } : { route }) });
  }

  #restore({ arrival, params, route, leftOut }: Entry): StubRequest {
    const request = readRequest(arrival);
    request.params = params;
    request.matched_route = route;
    if (leftOut === 0) return request;
    const cut = { ...request, body: `(${leftOut} bytes, not kept)` };
    this.#withoutBody.add(cut);
    return cut;
  }
}
