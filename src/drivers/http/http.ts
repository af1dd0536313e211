import type { Stop } from '../../stop/stop.ts';
import type { HttpRoute } from './http-connect.ts';
import type { HttpResponse, Spill } from './http-handler.ts';
import type { WireMeasure } from './wire-measure.ts';

/** One request, as it goes over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | undefined;
  /** Without one, an answer of more than 256 MB is an error. */
  readonly spill?: Spill | undefined;
  /** Filled in while it goes on, where somebody wants to know. */
  readonly measure?: WireMeasure | undefined;
  /** Whether the body of its answer is counted and forgotten as it comes. */
  readonly dropsBody?: boolean | undefined;
}

/** Connections to one origin, kept alive between requests. */
export interface HttpPool {
  /** @throws StopError when `stop` ended it, HttpUnsendable, else what broke the connection */
  send(request: HttpRequest, stop: Stop): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** What a pool of HTTP is opened with. */
export interface HttpPoolOptions {
  /** `http://127.0.0.1:5003` */
  readonly origin: string;
  readonly route?: HttpRoute | undefined;
  /** Whether a connection carries one request alone. */
  readonly isForOne?: boolean | undefined;
  /** Gives ms that never go back. */
  now(): number;
}

/** Methods that may be sent again when nothing was answered. */
export const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
