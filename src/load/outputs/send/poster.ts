import type { HttpPool } from '../../../drivers/http/http.ts';
import { describeHttpFailure, describeHttpTimeout } from '../../../drivers/http/http-errors.ts';
import { openHttp1Pool } from '../../../drivers/http/http1.ts';
import type { TlsParts } from '../../../drivers/tls.ts';
import type { Clock } from '../../../model/action/resources.ts';
import { Stop } from '../../../stop/stop.ts';
import { StopError } from '../../../stop/stop-error.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputAddress } from './address.ts';

export interface PosterOptions {
  readonly clock: Clock;
  readonly address: Pick<OutputAddress, 'origin' | 'peer'>;
  readonly tls?: TlsParts | undefined;
  /** Go with each request; names and values by turns. */
  readonly headers: readonly string[];
}

export interface Post {
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array | string;
  readonly headers?: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** The answer in a few words: `401 (unable to parse authentication credentials)`. */
  readonly shown: string;
  header(name: string): string | undefined;
}

/** What was not answered: the message says why, the hints what to do. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly hints: readonly string[];

  constructor(message: string, hints: readonly string[] = []) {
    super(message);
    this.hints = hints;
  }
}

/** Sends to one server, over connections that are kept. */
export class Poster {
  readonly #options: PosterOptions;
  readonly #stop = new Stop();
  #pool: Promise<HttpPool> | undefined;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  /** @throws Unanswered */
  async post({ path, type, body, headers = [] }: Post, timeoutMs: number): Promise<Answer> {
    const { clock, address, tls } = this.#options;
    this.#pool ??= openHttp1Pool({
      origin: address.origin,
      now: () => clock.monotonic(),
      ...(tls && { route: { tls } }),
    });
    const stop = new Stop(this.#stop);
    const cancel = clock.after(timeoutMs, () => stop.end(new StopError('timeout', 'its time was over')));
    const sent = ['content-type', type, ...this.#options.headers, ...headers];
    try {
      const pool = await this.#pool;
      const answer = await pool.send({ method: 'POST', path, headers: sent, body, spill: undefined }, stop);
      return describeAnswer(answer.status, answer.body, answer.headers);
    } catch (error) {
      throw this.#describe(error, timeoutMs);
    } finally {
      cancel();
      stop.leave();
    }
  }

  /** Ends what is on its way. */
  async close(): Promise<void> {
    this.#stop.end(new StopError('stopped', 'its time was over'));
    await (await this.#pool?.catch(() => undefined))?.close();
  }

  #describe(error: unknown, timeoutMs: number): Unanswered {
    const { origin, peer } = this.#options.address;
    const to = { peer, tls: origin.startsWith('https:') ? {} : undefined };
    const { message, code } =
      error instanceof StopError ? describeHttpTimeout(error.stage, to, timeoutMs) : describeHttpFailure(error, to);
    return new Unanswered(message, listHints(code));
  }
}

function listHints(code: string | undefined): readonly string[] {
  if (code === undefined) return [];
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code))
    return ['start the server, or check the host and port of the address'];
  return /CERT|SIGNATURE/.test(code) ? ['`?insecure=true` takes any certificate'] : [];
}

/** The first request of an output: what does not answer now is a mistake. @throws OutputMistake */
export async function askFirst(output: string, poster: Poster, post: Post): Promise<Answer> {
  try {
    return await poster.post(post, 10_000);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new OutputMistake(`--out ${output}: ${error.message}`, error.hints);
  }
}

/** `Basic dXNlcjpwYXNz` */
export function describeBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

const LONGEST = 200;

function describeAnswer(status: number, body: Buffer, headers: readonly string[]): Answer {
  const header = (name: string): string | undefined => {
    const at = headers.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name);
    return at === -1 ? undefined : headers[at + 1];
  };
  const why = explain(body, header('content-type') ?? '');
  return { status, body, header, shown: why === '' ? `${status}` : `${status} (${why})` };
}

/** What an answer says of itself: the `error` or `message` of JSON, or a text that is none of a page. */
function explain(body: Buffer, type: string): string {
  const text = body.subarray(0, 4000).toString().trim();
  const said = /^\{.*"(?:error|message)"\s*:\s*("(?:[^"\\]|\\.)*")/s.exec(text)?.[1];
  const isPage = type.includes('html') || text.startsWith('<');
  const plain = said === undefined ? (isPage || !/^[\x20-\x7e\s]*$/.test(text) ? '' : text) : String(JSON.parse(said));
  const line = plain.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
