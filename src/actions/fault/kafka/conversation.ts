import type { Passage } from '../link.ts';
import { type Address, formatAddress, type Replace } from './address.ts';
import { type Asked, concernsBrokers, describeUnknown, rewriteAnswer } from './answers.ts';
import { FrameCutter } from './frame-cutter.ts';
import { listTopics, PRODUCE } from './produce-request.ts';

const REQUEST_HEAD = 12;
const ANSWER_HEAD = 8;
const MOST_OPEN = 10_000;
const TLS_HANDSHAKE = 0x16;

/** What a conversation needs of the proxy. */
export interface Switchboard {
  /** Gives the address at which the proxy leads to this one. */
  reach(address: Address): Promise<Address>;
  /** Whether anything is to be withheld, so that requests have to be read. */
  readonly withholds: boolean;
  /** Whether this request, which writes to these topics, is one that gets no answer. */
  withhold(topics: readonly string[]): boolean;
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
  /** The request that is never answered. */
  #withheld: number | undefined;
  #isEncrypted: boolean | undefined;

  constructor(switchboard: Switchboard) {
    this.#switchboard = switchboard;
    this.#requests = new FrameCutter(REQUEST_HEAD, (head) => this.#noteRequest(head));
    this.#answers = new FrameCutter(ANSWER_HEAD, (head) => this.#wantsAnswer(head.readInt32BE(4)));
  }

  /** What goes on of these bytes, and whether the connection ends with them. @throws Error when the answer could not be read */
  async take(direction: 'up' | 'down', bytes: Buffer): Promise<Passage> {
    this.#isEncrypted ??= this.#looksEncrypted(bytes);
    if (this.#isEncrypted) return { bytes };
    if (direction === 'up') {
      for (const piece of this.#requests.cut(bytes)) if (piece.isWhole) this.#noteProduce(piece.bytes);
      return { bytes };
    }
    const pieces: Buffer[] = [];
    for (const piece of this.#answers.cut(bytes)) {
      if (piece.isWhole && piece.bytes.readInt32BE(4) === this.#withheld)
        return { bytes: Buffer.concat(pieces), isLast: true };
      pieces.push(piece.isWhole ? await this.#rewrite(piece.bytes) : piece.bytes);
    }
    return { bytes: Buffer.concat(pieces) };
  }

  #looksEncrypted(bytes: Buffer): boolean {
    const isEncrypted = bytes[0] === TLS_HANDSHAKE;
    if (isEncrypted) this.#switchboard.noteTls();
    return isEncrypted;
  }

  /** Says whether the request has to be read as a whole. */
  #noteRequest(head: Buffer): boolean {
    const asked = { api: head.readInt16BE(4), version: head.readInt16BE(6) };
    const unknown = describeUnknown(asked);
    if (unknown !== undefined)
      throw new Error(`a client asks for ${unknown}, and the proxy cannot read the answer to that`);
    if (concernsBrokers(asked)) this.#open.set(head.readInt32BE(8), asked);
    // Of requests that want no answer nothing comes back.
    if (this.#open.size > MOST_OPEN) this.#forgetUntil(this.#open.keys().next().value);
    return asked.api === PRODUCE && this.#switchboard.withholds;
  }

  #noteProduce(request: Buffer): void {
    // What was withheld first ends the connection.
    if (this.#withheld !== undefined) return;
    const topics = listTopics(request);
    if (topics && this.#switchboard.withhold(topics)) this.#withheld = request.readInt32BE(8);
  }

  #wantsAnswer(id: number): boolean {
    return this.#open.has(id) || this.#withheld === id;
  }

  async #rewrite(frame: Buffer): Promise<Buffer> {
    const id = frame.readInt32BE(4);
    const asked = this.#open.get(id);
    if (!asked) return frame;
    this.#forgetUntil(id);
    const named: Address[] = [];
    const answer = rewriteAnswer(frame, asked, (address) => {
      named.push(address);
      return address;
    });
    if (named.length === 0) return answer;
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
