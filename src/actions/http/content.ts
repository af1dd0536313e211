import type { Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { Stop } from '../../stop/stop.ts';
import { countOf } from '../../util/count.ts';
import { formatDataSize } from '../../util/data-size.ts';
import { decodeBody } from './body.ts';
import { type Unpacked, unpackBody } from './unpack.ts';

/** The body of an answer, unpacked and decoded. */
export interface Content {
  /** nil where it has a fault. */
  readonly body: Value;
  /** Unpacked, as far as that went. */
  readonly bytes: Buffer;
  readonly notes: readonly string[];
  readonly fault: ContentFault | undefined;
}

/** Why a body cannot be used: it is not whole, or larger than `max_body`. */
export interface ContentFault extends Omit<Problem, 'outcome'> {
  readonly isTooLarge: boolean;
}

export interface ContentOptions {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** How many bytes came; more than there are where they are not in memory. */
  readonly size: number;
  /** Whether nothing but the end of the connection says where it ends. */
  readonly isOpenEnded: boolean;
  /** How many bytes came at least that its `content-length` does not count. */
  readonly excessBytes: number;
  /** Whether it is a part of one, which need not be whole by itself. */
  readonly isPartial: boolean;
  /** Names whom the answer is from. */
  readonly namePeer: () => string;
  /** How large a body may be, unpacked. */
  readonly maxBytes: number;
  readonly stop: Stop;
}

const NOTHING = Buffer.alloc(0);
const NONE: readonly never[] = [];

/** Reads a body as it came; at once where it is not packed. @throws StopError when it is to end before */
export function readContent(packed: Buffer, options: ContentOptions): Promise<Content> | Content {
  const { contentEncoding } = options;
  if (contentEncoding === undefined || packed.length === 0)
    return readUnpacked(packed, { kind: 'whole', bytes: packed }, options);
  return unpack(packed, contentEncoding, options).then((unpacked) => readUnpacked(packed, unpacked, options));
}

function readUnpacked(packed: Buffer, unpacked: Unpacked, options: ContentOptions): Content {
  const { contentType, contentEncoding, maxBytes, isOpenEnded, excessBytes, size } = options;
  const bytes = 'bytes' in unpacked ? unpacked.bytes : unpacked.kind === 'too large' ? NOTHING : packed;
  const refuse = (fault: ContentFault): Content => ({ body: null, bytes, notes: [], fault });
  const refuseSize = (what: string): Content => refuse(describeTooLarge(what, options));
  if (unpacked.kind === 'too large')
    return refuseSize(`${formatDataSize(packed.length)} compressed, and decompressed more than`);
  if (Math.max(size, bytes.length) > maxBytes) return refuseSize(`${formatDataSize(size)}, more than`);
  if (unpacked.kind === 'unlike') return refuse(describeUnlike(unpacked.encoding, options));
  if (unpacked.kind === 'cut' || unpacked.kind === 'damaged') return refuse(describeBroken(packed, unpacked, options));
  const { body, note, maxParts, isUnfinished = false, isMalformed = false } = decodeBody(bytes, contentType, maxBytes);
  if (maxParts !== undefined)
    return refuseSize(
      `${formatDataSize(bytes.length)} of JSON with more than ${maxParts} lists and maps, too many for`,
    );
  if (isOpenEnded && isUnfinished)
    return refuse(describeCut(`its JSON breaks off after ${formatDataSize(bytes.length)}`, options));
  if (excessBytes > 0 && isMalformed) {
    const where = `its \`content-length\` of ${size} cuts its JSON off, for the server sent at least ${countOf(excessBytes, 'byte')} more`;
    const hints = ['a `content-length` counts bytes, not characters: check how the service works it out'];
    return refuse({ ...describeCut(where, options), hints });
  }
  if (unpacked.kind === 'whole' && note === undefined && excessBytes === 0)
    return { body, bytes, notes: NONE, fault: undefined };
  const asItCame = `the body could not be decompressed (content-encoding \`${contentEncoding}\`): given as it came`;
  const notes = [
    ...(unpacked.kind === 'unknown' ? [asItCame] : []),
    ...(note === undefined ? [] : [note]),
    ...(excessBytes > 0 ? [`${describeExcess(options)}: what is beyond it was not read`] : []),
  ];
  return { body, bytes, notes, fault: undefined };
}

async function unpack(packed: Buffer, contentEncoding: string, options: ContentOptions): Promise<Unpacked> {
  const { isPartial } = options;
  const unpacked = await unpackBody(packed, contentEncoding, options);
  const isBroken = unpacked.kind === 'cut' || unpacked.kind === 'damaged' || unpacked.kind === 'unlike';
  return isBroken && isPartial ? { kind: 'unknown' } : unpacked;
}

function describeExcess({ excessBytes, size }: ContentOptions): string {
  return `the server sent at least ${countOf(excessBytes, 'byte')} more than its \`content-length\` of ${size}`;
}

function describeTooLarge(what: string, { namePeer, maxBytes }: ContentOptions): ContentFault {
  return {
    kind: 'budget',
    code: 'HTTP_BODY_TOO_LARGE',
    message: `the answer from ${namePeer()} has ${what} the ${formatDataSize(maxBytes)} of \`max_body\``,
    hints: ['raise `max_body`, or write the answer to a file with `save_to`, which it does not limit'],
    isTooLarge: true,
  };
}

function describeBroken(
  packed: Buffer,
  { kind, encoding, bytes }: Unpacked & { readonly kind: 'cut' | 'damaged' },
  options: ContentOptions,
): ContentFault {
  const after = `after ${formatDataSize(packed.length)} (${formatDataSize(bytes.length)} decompressed)`;
  const what = kind === 'cut' ? `breaks off ${after}` : `is damaged`;
  return describeCut(`its \`${encoding}\` data ${what}`, options);
}

function describeUnlike(encoding: string, { namePeer, contentEncoding }: ContentOptions): ContentFault {
  return {
    kind: 'connection',
    code: 'HTTP_BODY_BROKEN',
    message: `the answer from ${namePeer()} cannot be read: its \`content-encoding\` is \`${contentEncoding}\`, and its body is no \`${encoding}\` data`,
    hints: [
      'check the service, and what is in between: something set the header without packing the body, or unpacked it',
    ],
    isTooLarge: false,
  };
}

function describeCut(where: string, { namePeer }: ContentOptions): ContentFault {
  return {
    kind: 'connection',
    code: 'HTTP_BODY_BROKEN',
    message: `the answer from ${namePeer()} is incomplete: ${where}`,
    hints: ["check the service's log, and what is in between: something cut off or changed the answer on its way"],
    isTooLarge: false,
  };
}
