import { recognizeServer } from '../foreign-answer.ts';
import { readHeaderText } from './header-text.ts';
import { createCutOff, HttpBroken } from './http-broken.ts';
import { KnownHeads } from './known-heads.ts';
import { type ResponseHead, readHead } from './response-head.ts';

/** Who takes an answer while it comes. */
export interface ResponseSink {
  onHeaders(status: number, headers: readonly string[]): void;
  onData(chunk: Buffer): void;
}

const MAX_HEAD_BYTES = 16_384;
const NOTHING = Buffer.alloc(0);
const EMPTY_LINE = Buffer.from('\n\r\n');
const BARE_EMPTY_LINE = Buffer.from('\n\n');
const START = 'HTTP/1.';
const LF = 10;
const CR = 13;

/** One for all connections: the virtual users of a load ask the same services. */
const heads = new KnownHeads();

type State = 'head' | 'length' | 'chunk size' | 'chunk' | 'chunk end' | 'trailers' | 'close' | 'done';

/** Reads one answer of HTTP/1.x out of the bytes of its connection. */
export class ResponseReader {
  readonly #sink: ResponseSink;
  readonly #method: string;
  #state: State = 'head';
  #held: Buffer = NOTHING;
  #left = 0;
  #bodyBytes = 0;
  #head: ResponseHead | undefined;
  #isClear = true;
  #isMeasured = false;
  #restBytes = 0;
  /** Whether anything came at all. */
  hasBytes = false;

  constructor(method: string, sink: ResponseSink) {
    this.#method = method;
    this.#sink = sink;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** Whether its body goes on until the connection ends. */
  get isOpenEnded(): boolean {
    return this.#head?.framing.by === 'close';
  }

  /** Whether another request may follow on the connection. */
  get isKept(): boolean {
    return this.isDone && this.#isClear && this.#restBytes === 0 && this.#head?.isKept === true;
  }

  /** How many bytes came with the last ones of its body that its length does not count; more may follow. */
  get excessBytes(): number {
    return this.#isMeasured ? this.#restBytes : 0;
  }

  /** How long the server keeps the connection, s, when it says so. */
  get keptSeconds(): number | undefined {
    return this.#head?.keptSeconds;
  }

  /** Takes bytes in the order in which they come. @throws HttpBroken */
  push(chunk: Buffer): void {
    this.hasBytes = true;
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = NOTHING;
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      const next = this.#step(bytes, at);
      if (next === undefined) {
        this.#held = bytes.subarray(at);
        return;
      }
      at = next;
    }
    this.#restBytes += bytes.length - at;
  }

  /** Takes that the peer ended the connection. @throws HttpBroken when the answer is not whole */
  end(): void {
    if (this.#state === 'close') this.#state = 'done';
    if (this.#state !== 'done') throw this.describeCut() ?? new HttpBroken('closed');
  }

  /** What an answer that ends here lacks; undefined where none began, or nothing is missing. */
  describeCut(cause?: unknown): HttpBroken | undefined {
    const isBegun = this.#held.length > 0 || this.#head !== undefined;
    if (!isBegun || this.#state === 'close' || this.#state === 'done') return undefined;
    if (!this.#head) return new HttpBroken('cut off', 'within its headers', cause);
    const { status, framing } = this.#head;
    const length = framing.by === 'length' ? framing.length : undefined;
    return createCutOff({ status, bytes: this.#bodyBytes, length, lacks: 'its last chunk' }, cause);
  }

  /** Reads what it can at a place; gives the place behind it, undefined when more bytes are needed. */
  #step(bytes: Buffer, at: number): number | undefined {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'length':
      case 'chunk':
        return this.#readBody(bytes, at);
      case 'chunk size':
        return this.#readLine(bytes, at, (line) => this.#beginChunk(line));
      case 'chunk end':
        return this.#readLine(bytes, at, (line) => {
          if (line !== '') throw new HttpBroken('not http', 'a chunk of the body is longer than it says');
          this.#state = 'chunk size';
        });
      case 'trailers':
        return this.#readLine(bytes, at, (line) => {
          if (line === '') this.#state = 'done';
        });
      case 'close':
        this.#sink.onData(bytes.subarray(at));
        return bytes.length;
      case 'done':
        return at;
      default:
        return this.#state satisfies never;
    }
  }

  #readHead(bytes: Buffer, at: number): number | undefined {
    if (bytes[at] === LF || bytes[at] === CR) return at + 1;
    const known = at === 0 ? heads.find(bytes) : undefined;
    if (known) {
      this.#begin(known.head);
      return known.length;
    }
    const window = bytes.subarray(at, at + MAX_HEAD_BYTES);
    checkStart(window);
    const end = findEmptyLine(window);
    if (!end) {
      if (window.length === MAX_HEAD_BYTES) throw new HttpBroken('headers too large');
      return undefined;
    }
    const head = readHead(readHeaderText(window.subarray(0, end.at)).replace(/\r$/, ''));
    // What comes before the answer (`100 Continue`, hints) is no answer.
    if (head.status >= 200 || head.status === 101) {
      if (at === 0) heads.add(bytes.subarray(0, end.next), head);
      this.#begin(head);
    }
    return at + end.next;
  }

  #begin(head: ResponseHead): void {
    const { status, headers, framing, isAmbiguous } = head;
    this.#head = head;
    this.#sink.onHeaders(status, headers);
    if (this.#method === 'HEAD' || status === 204 || status === 304 || status === 101) {
      this.#state = 'done';
      // A 204 that announces a body may send one after all; behind a 101 something else is spoken.
      const announces = framing.by === 'length' && framing.length > 0;
      this.#isClear = status !== 101 && !(status === 204 && announces);
      return;
    }
    this.#isClear = framing.by !== 'close' && !isAmbiguous;
    this.#isMeasured = framing.by === 'length';
    this.#left = framing.by === 'length' ? framing.length : 0;
    this.#state = framing.by === 'chunks' ? 'chunk size' : framing.by;
    if (this.#state === 'length' && this.#left === 0) this.#state = 'done';
  }

  #readBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#sink.onData(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    this.#left -= end - at;
    this.#bodyBytes += end - at;
    if (this.#left === 0) this.#state = this.#state === 'length' ? 'done' : 'chunk end';
    return end;
  }

  #beginChunk(line: string): void {
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined)
      throw new HttpBroken('not http', `the size of a chunk is ${JSON.stringify(line.slice(0, 40))}`);
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'chunk';
  }

  #readLine(bytes: Buffer, at: number, take: (line: string) => void): number | undefined {
    const end = bytes.indexOf(LF, at);
    if (end === -1 && bytes.length - at <= MAX_HEAD_BYTES) return undefined;
    if (end === -1 || end - at > MAX_HEAD_BYTES) throw new HttpBroken('not http', 'a line between chunks has no end');
    take(bytes.toString('latin1', at, bytes[end - 1] === CR && end > at ? end - 1 : end));
    return end + 1;
  }
}

/** @throws HttpBroken where it is no answer of HTTP/1, as far as it came */
function checkStart(bytes: Buffer): void {
  for (let at = 0; at < START.length && at < bytes.length; at++) {
    if (bytes[at] === START.charCodeAt(at)) continue;
    const begin = bytes.toString('latin1', 0, START.length);
    const server = recognizeServer(bytes);
    const what = server === undefined || server === 'an HTTP server' ? '' : `, as ${server} does`;
    throw new HttpBroken('not http', `it begins with ${JSON.stringify(begin)}${what}`);
  }
}

/** Where the lines of a head end, and what is behind the empty line; some servers end lines with LF alone. */
function findEmptyLine(bytes: Buffer): { readonly at: number; readonly next: number } | undefined {
  const at = bytes.indexOf(EMPTY_LINE);
  const bare = bytes.subarray(0, at === -1 ? bytes.length : at).indexOf(BARE_EMPTY_LINE);
  if (bare !== -1) return { at: bare, next: bare + BARE_EMPTY_LINE.length };
  return at === -1 ? undefined : { at, next: at + EMPTY_LINE.length };
}
