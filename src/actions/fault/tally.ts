/** What a fault was met by: what it changed, not what it only looked at. */
export interface Met {
  readonly connections: number;
  readonly requests: number;
  readonly bytes: number;
}

/** Counts who met a fault, or any of several: each connection, request and piece once. */
export class Tally {
  readonly #counted = new WeakSet<object>();
  #met = { connections: 0, requests: 0, bytes: 0 };

  get met(): Met {
    return { ...this.#met };
  }

  addConnection(connection: object): void {
    if (this.#isFirst(connection)) this.#met.connections++;
  }

  addRequest(request: object): void {
    if (this.#isFirst(request)) this.#met.requests++;
  }

  /** So many bytes of a piece. */
  addBytes(count: number, piece: object): void {
    if (this.#isFirst(piece)) this.#met.bytes += count;
  }

  addRefused(count: number): void {
    this.#met.connections += count;
  }

  #isFirst(thing: object): boolean {
    const isFirst = !this.#counted.has(thing);
    this.#counted.add(thing);
    return isFirst;
  }
}
