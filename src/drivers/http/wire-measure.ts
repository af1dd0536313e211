/** What a request takes, filled in while it goes on, whether it is answered or not: ms, and bytes as HTTP has them. */
export interface WireMeasure {
  /** Until it reached its connection; the opening of one is a part of it. */
  blockedMs: number;
  dnsMs: number;
  connectMs: number;
  tlsMs: number;
  sendMs: number;
  /** From its last byte to the first of the answer. */
  waitMs: number;
  receiveMs: number;
  sentBytes: number;
  receivedBytes: number;
}

export function createWireMeasure(): WireMeasure {
  return {
    blockedMs: 0,
    dnsMs: 0,
    connectMs: 0,
    tlsMs: 0,
    sendMs: 0,
    waitMs: 0,
    receiveMs: 0,
    sentBytes: 0,
    receivedBytes: 0,
  };
}

/** The moments of a request, as far as it came. */
export interface WireMoments {
  readonly startedAt: number;
  readonly sentAt: number | undefined;
  readonly writtenAt: number | undefined;
  readonly headAt: number | undefined;
  readonly endedAt: number;
}

/** Adds how long the parts of a request took; of one that is sent twice, all that it took. */
export function addMoments(measure: WireMeasure, { startedAt, sentAt, writtenAt, headAt, endedAt }: WireMoments): void {
  measure.blockedMs += (sentAt ?? endedAt) - startedAt;
  if (sentAt === undefined) return;
  // An answer may come before all of its request is sent.
  const allSentAt = Math.min(writtenAt ?? sentAt, headAt ?? endedAt);
  measure.sendMs += allSentAt - sentAt;
  measure.waitMs += (headAt ?? endedAt) - allSentAt;
  if (headAt !== undefined) measure.receiveMs += endedAt - headAt;
}
