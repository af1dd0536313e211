import type { Replace } from './address.ts';
import { FieldWalker } from './field-walker.ts';

/** An answer that names brokers, and how to come to their addresses; what stands behind the last of them is not looked at. */
interface AnswerKind {
  readonly name: string;
  /** The versions that have addresses, up to the last one that is known. */
  readonly versions: readonly [first: number, last: number];
  readonly flexibleFrom: number;
  walk(answer: FieldWalker, version: number): void;
}

const ID = 16;
const NOT_SUPPORTED = 35;
const API_VERSIONS = 18;
/** Its version 0 is followed by bytes that are no requests. */
const SASL_HANDSHAKE = 17;

const KINDS: Readonly<Record<number, AnswerKind>> = {
  0: { name: 'Produce', versions: [10, 12], flexibleFrom: 9, walk: walkProduce },
  1: { name: 'Fetch', versions: [16, 18], flexibleFrom: 12, walk: walkFetch },
  3: { name: 'Metadata', versions: [0, 13], flexibleFrom: 9, walk: walkMetadata },
  10: { name: 'FindCoordinator', versions: [0, 6], flexibleFrom: 3, walk: walkFindCoordinator },
  55: { name: 'DescribeQuorum', versions: [2, 2], flexibleFrom: 0, walk: walkDescribeQuorum },
  60: { name: 'DescribeCluster', versions: [0, 2], flexibleFrom: 0, walk: walkDescribeCluster },
  78: { name: 'ShareFetch', versions: [1, 2], flexibleFrom: 0, walk: walkShareFetch },
  79: { name: 'ShareAcknowledge', versions: [1, 2], flexibleFrom: 0, walk: walkShareAcknowledge },
};

/** What a request asks: the number of its kind, and the version in which it is answered. */
export interface Asked {
  readonly api: number;
  readonly version: number;
}

/** Whether the answer has to be read before it goes on. */
export function concernsBrokers({ api, version }: Asked): boolean {
  if (api === API_VERSIONS) return true;
  const kind = KINDS[api];
  return kind !== undefined && version >= kind.versions[0];
}

/** What cannot be asked through a proxy that has to read the answer; a client that asked first which versions there are does not ask it. */
export function describeUnknown({ api, version }: Asked): string | undefined {
  if (api === SASL_HANDSHAKE && version === 0) return 'SaslHandshake in version 0';
  const kind = KINDS[api];
  return kind && version > kind.versions[1] ? `${kind.name} in version ${version}` : undefined;
}

/** An answer as it goes on: `frame` with the length before it. @throws RangeError when it is not what was asked for */
export function rewriteAnswer(frame: Buffer, { api, version }: Asked, replace: Replace): Buffer {
  if (api === API_VERSIONS) return cutVersions(frame, version);
  const kind = KINDS[api];
  if (!kind) return frame;
  const answer = new FieldWalker(frame, version >= kind.flexibleFrom, replace);
  answer.skip(8);
  answer.tags();
  kind.walk(answer, version);
  const bytes = answer.finish();
  bytes.writeInt32BE(bytes.length - 4, 0);
  return bytes;
}

/** The versions that the broker has, without those that are not known here; its header has no tags in any version. */
function cutVersions(frame: Buffer, version: number): Buffer {
  const bytes = Buffer.from(frame);
  if (bytes.readInt16BE(8) === NOT_SUPPORTED) return bytes;
  const answer = new FieldWalker(bytes, version >= 3, (address) => address);
  answer.skip(10);
  answer.list(() => {
    const at = answer.position;
    answer.skip(6);
    answer.tags();
    const api = bytes.readInt16BE(at);
    const last = KINDS[api]?.versions[1];
    if (last !== undefined && bytes.readInt16BE(at + 4) > last) bytes.writeInt16BE(last, at + 4);
    if (api === SASL_HANDSHAKE && bytes.readInt16BE(at + 2) < 1) bytes.writeInt16BE(1, at + 2);
  });
  return bytes;
}

/** Node, host, port, and the rack where there is one. */
function walkNode(answer: FieldWalker, hasRack = true): void {
  answer.skip(4);
  answer.address();
  if (hasRack) answer.text();
}

function walkEndpoints(answer: FieldWalker): void {
  answer.list(() => {
    walkNode(answer);
    answer.tags();
  });
}

function walkMetadata(answer: FieldWalker, version: number): void {
  if (version >= 3) answer.skip(4);
  answer.list(() => {
    walkNode(answer, version >= 1);
    answer.tags();
  });
}

function walkFindCoordinator(answer: FieldWalker, version: number): void {
  if (version >= 1) answer.skip(4);
  if (version < 4) {
    answer.skip(2);
    if (version >= 1) answer.text();
    walkNode(answer, false);
    return;
  }
  answer.list(() => {
    answer.text();
    walkNode(answer, false);
    answer.skip(2);
    answer.text();
    answer.tags();
  });
}

function walkDescribeCluster(answer: FieldWalker, version: number): void {
  answer.skip(6);
  answer.text();
  if (version >= 1) answer.skip(1);
  answer.text();
  answer.skip(4);
  answer.list(() => {
    walkNode(answer);
    if (version >= 2) answer.skip(1);
    answer.tags();
  });
}

/** Up to version 12 topics have their names, which `withhold_acks` asks for; later ones have ids alone. */
function walkProduce(answer: FieldWalker): void {
  answer.list(() => {
    answer.text();
    answer.list(() => {
      answer.skip(4 + 2 + 8 + 8 + 8);
      answer.list(() => {
        answer.skip(4);
        answer.text();
        answer.tags();
      });
      answer.text();
      answer.tags();
    });
    answer.tags();
  });
  answer.skip(4);
  answer.tags({ 0: walkEndpoints });
}

function walkFetch(answer: FieldWalker): void {
  answer.skip(4 + 2 + 4);
  answer.list(() => {
    answer.skip(ID);
    answer.list(() => {
      answer.skip(4 + 2 + 8 + 8 + 8);
      answer.list(() => {
        answer.skip(8 + 8);
        answer.tags();
      });
      answer.skip(4);
      answer.records();
      answer.tags();
    });
    answer.tags();
  });
  answer.tags({ 0: walkEndpoints });
}

function walkShareFetch(answer: FieldWalker): void {
  answer.skip(4 + 2);
  answer.text();
  answer.skip(4);
  answer.list(() => {
    answer.skip(ID);
    answer.list(() => {
      answer.skip(4 + 2);
      answer.text();
      answer.skip(2);
      answer.text();
      walkLeader(answer);
      answer.records();
      answer.list(() => {
        answer.skip(8 + 8 + 2);
        answer.tags();
      });
      answer.tags();
    });
    answer.tags();
  });
  walkEndpoints(answer);
}

function walkShareAcknowledge(answer: FieldWalker, version: number): void {
  answer.skip(4 + 2);
  answer.text();
  if (version >= 2) answer.skip(4);
  answer.list(() => {
    answer.skip(ID);
    answer.list(() => {
      answer.skip(4 + 2);
      answer.text();
      walkLeader(answer);
      answer.tags();
    });
    answer.tags();
  });
  walkEndpoints(answer);
}

function walkLeader(answer: FieldWalker): void {
  answer.skip(4 + 4);
  answer.tags();
}

function walkDescribeQuorum(answer: FieldWalker): void {
  const walkReplicas = (): void =>
    answer.list(() => {
      answer.skip(4 + ID + 8 + 8 + 8);
      answer.tags();
    });
  answer.skip(2);
  answer.text();
  answer.list(() => {
    answer.text();
    answer.list(() => {
      answer.skip(4 + 2);
      answer.text();
      answer.skip(4 + 4 + 8);
      walkReplicas();
      walkReplicas();
      answer.tags();
    });
    answer.tags();
  });
  answer.list(() => {
    answer.skip(4);
    answer.list(() => {
      answer.text();
      answer.shortAddress();
      answer.tags();
    });
    answer.tags();
  });
}
