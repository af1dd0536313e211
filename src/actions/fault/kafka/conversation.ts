import { type Address, formatAddress, type Replace } from './address.ts';
import { type Asked, concernsBrokers, describeUnknown, rewriteAnswer } from './answers.ts';
import { FrameCutter } from './frame-cutter.ts';

const REQUEST_HEAD = 12;
const ANSWER_HEAD = 8;
const MOST_OPEN = 10_000;
const TLS_HANDSHAKE = 0x16;

/** What a conversation needs of the proxy. */
export interface Switchboard {
  /** Gives the address at which the proxy leads to this one. */
  reach(address: Address): Promise<Address>;
  /** Takes note that a connection is encrypted. */
  noteTls(): void;
}

/** One connection between a client and a broker: who is named in the answers is named by the addresses of the proxy. */
export class Conversation {
  readonly #switchboard: Switchboard;
  /** Requests whose answers are to be read, by their correlation id, in the order in which they were sent. */
  readonly #open = new Map<number, Asked>();
  readonly #requests: FrameCutter;
  readonly #answers: FrameCutter;
  #isEncrypted: boolean | undefined;

  constructor(switchboard: Switchboard) {
    this.#switchboard = switchboard;
    this.#requests = new FrameCutter(REQUEST_HEAD, (head) => this.#noteRequest(head));
    this.#answers = new FrameCutter(ANSWER_HEAD, (head) => this.#open.has(head.readInt32BE(4)));
  }

  /** What goes on of these bytes. @throws Error when the answer could not be read */
  async take(direction: 'up' | 'down', bytes: Buffer): Promise<Buffer> {
    this.#isEncrypted ??= this.#looksEncrypted(bytes);
    if (this.#isEncrypted) return bytes;
    if (direction === 'up') {
      this.#requests.cut(bytes);
      return bytes;
    }
    const pieces: Buffer[] = [];
    for (const piece of this.#answers.cut(bytes)) {
      pieces.push(piece.isWhole ? await this.#rewrite(piece.bytes) : piece.bytes);
    }
    return Buffer.concat(pieces);
  }

  #looksEncrypted(bytes: Buffer): boolean {
    const isEncrypted = bytes[0] === TLS_HANDSHAKE;
    if (isEncrypted) this.#switchboard.noteTls();
    return isEncrypted;
  }

  #noteRequest(head: Buffer): false {
    const asked = { api: head.readInt16BE(4), version: head.readInt16BE(6) };
    const unknown = describeUnknown(asked);
    if (unknown !== undefined)
      throw new Error(`a client asks for ${unknown}, and the proxy cannot read the answer to that`);
    if (concernsBrokers(asked)) this.#open.set(head.readInt32BE(8), asked);
    // Of requests that want no answer nothing comes back.
    if (this.#open.size > MOST_OPEN) this.#forgetUntil(this.#open.keys().next().value);
    return false;
  }

  async #rewrite(frame: Buffer): Promise<Buffer> {
    const id = frame.readInt32BE(4);
    const asked = this.#open.get(id);
    if (!asked) return frame;
    this.#forgetUntil(id);
    const named: Address[] = [];
    rewriteAnswer(frame, asked, (address) => {
      named.push(address);
      return address;
    });
    const reached = new Map<string, Address>();
    for (const address of named) reached.set(formatAddress(address), await this.#switchboard.reach(address));
    const replace: Replace = (address) => reached.get(formatAddress(address)) ?? address;
    return rewriteAnswer(frame, asked, replace);
  }

  /** Answers come in the order of their requests: what was asked before this one is over. */
  #forgetUntil(last: number | undefined): void {
    for (const id of this.#open.keys()) {
      this.#open.delete(id);
      if (id === last) return;
    }
  }
}
