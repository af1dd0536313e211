import type { StubRequest } from './received.ts';

const MAX_REQUESTS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;
const MAX_BODIES_BYTES = 64 * 1024 * 1024;

interface Entry {
  readonly request: StubRequest;
  readonly size: number;
}

/** The last requests that a stub got; the oldest are dropped first, and how many is known. */
export class RequestLog {
  #entries: Entry[] = [];
  #start = 0;
  #bytes = 0;
  #dropped = 0;
  #total = 0;

  /** How many were dropped since the last `clear`. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many came since the last `clear`. */
  get total(): number {
    return this.#total;
  }

  /** Those that are kept, oldest first. */
  list(): readonly StubRequest[] {
    return this.#entries.slice(this.#start).map(({ request }) => request);
  }

  /** `bodySize` in bytes; a body that is too large is not kept. */
  add(request: StubRequest, bodySize: number): void {
    this.#total++;
    const isLarge = bodySize > MAX_BODY_BYTES;
    const kept = isLarge ? withoutBody(request, bodySize) : request;
    const size = isLarge ? 0 : bodySize;
    this.#entries.push({ request: kept, size });
    this.#bytes += size;
    while (this.#entries.length - this.#start > MAX_REQUESTS || this.#bytes > MAX_BODIES_BYTES) this.#dropOldest();
  }

  clear(): void {
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
    this.#dropped = 0;
    this.#total = 0;
  }

  #dropOldest(): void {
    this.#bytes -= this.#entries[this.#start]?.size ?? 0;
    this.#start++;
    this.#dropped++;
    // To cut the list with each request would move all of them.
    if (this.#start < MAX_REQUESTS) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }
}

function withoutBody(request: StubRequest, size: number): StubRequest {
  return { ...request, body: `(${size} bytes, not kept)` };
}
