import type { Server } from 'node:net';
import { listenOn } from '../../drivers/listen.ts';

/** A port that can be given up and taken again. */
export class Listener<Served extends Server> {
  readonly #create: () => Served;
  #server: Served;
  #port = 0;
  #changing: Promise<void> = Promise.resolve();

  constructor(create: () => Served) {
    this.#create = create;
    this.#server = create();
  }

  get port(): number {
    return this.#port;
  }

  /** Listens on a port of this machine, 0 for a free one. @throws the network's error */
  async open(port: number): Promise<void> {
    this.#port = await listenOn(this.#server, port);
  }

  /** Refuses connections, or takes them again; `whenDown` ends those that are open. */
  setDown(isDown: boolean, whenDown: () => void): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (isDown && this.#server.listening) {
        const closed = this.close();
        whenDown();
        await closed;
      } else if (!isDown && !this.#server.listening && this.#port !== 0) {
        this.#server = this.#create();
        await listenOn(this.#server, this.#port);
      }
    });
    return this.#changing;
  }

  /** Resolves when the port is free and every connection is over. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
