import { connect } from 'node:net';

/**
 * How often somebody was refused by a port that nobody listens on, for no server sees that: the machine counts it, for all its ports
 * together.
 */
export class Refusals {
  readonly #read: () => number | undefined;
  #last: number | undefined;
  #isOpen = false;

  constructor(read: () => number | undefined) {
    this.#read = read;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Counts from now on, while the port is given up: where the machine does not count a try of our own, nothing is known. */
  async open(port: number): Promise<void> {
    this.#isOpen = true;
    const before = this.#read();
    this.#last = undefined;
    await tryPort(port);
    const now = this.#read();
    if (this.#isOpen && before !== undefined && now !== undefined && now > before) this.#last = before + 1;
  }

  /** How many there were since the last time; undefined where it is not known. */
  take(): number | undefined {
    const [last, now] = [this.#last, this.#read()];
    if (last === undefined || now === undefined) return undefined;
    this.#last = now;
    return now - last;
  }

  close(): void {
    this.#isOpen = false;
    this.#last = undefined;
  }
}

function tryPort(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
