import { nextTick } from 'node:process';

/** A connection that carries nothing. */
export interface IdleLine {
  readonly idleMs: number;
  /** How long the server keeps it, s, when it said so. */
  readonly keptSeconds: number | undefined;
  /** Whether the request may be sent a second time, should the server close the connection under it. */
  readonly isRepeatable: boolean;
}

/** How long an idle connection is trusted where the server says nothing of how long it keeps it. */
const NO_HINT_MS = 2000;
/** The same for a request that is sent again when it is lost; beyond, routers in between may have forgotten the connection. */
const NO_HINT_REPEATABLE_MS = 30_000;
/** A server's clock runs from another moment, and what it sends takes a while. */
const MARGIN_MS = 1000;

/** Whether a server is sure enough to be still there for a request. */
export function isTrusted({ idleMs, keptSeconds, isRepeatable }: IdleLine): boolean {
  if (keptSeconds === undefined) return idleMs < (isRepeatable ? NO_HINT_REPEATABLE_MS : NO_HINT_MS);
  const keptMs = keptSeconds * 1000;
  return idleMs < (isRepeatable ? keptMs : keptMs - Math.min(MARGIN_MS, keptMs / 2));
}

let first: (() => void)[] = [];

/** Calls back once Node has seen what has arrived: the end of a connection may lie there unread, behind an answer that was read just now. */
export function onceEventsAreIn(call: () => void): void {
  first.push(call);
  if (first.length > 1) return;
  // The first turn may be the one that the answer came in. All that ask in one turn wait for the same ones.
  setImmediate(() => {
    const calls = first;
    first = [];
    setImmediate(() => {
      for (const one of calls) one();
    });
  });
}

let together: (() => void)[] = [];

/** Calls back once all that goes on now has had its say: what several write one right after another costs less to send, for who reads it is not woken for each. */
export function onceTurnIsOver(call: () => void): void {
  together.push(call);
  if (together.length > 1) return;
  nextTick(() => {
    const calls = together;
    together = [];
    for (const one of calls) one();
  });
}
