import { isUtf8 } from 'node:buffer';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import type * as Zlib from 'node:zlib';
import type { Stop } from '../../stop/stop.ts';

/** What became of a body that came packed. */
export type Unpacked =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** Its encoding is not known. */
  | { readonly kind: 'unknown' }
  /** It is nothing of the encoding. */
  | { readonly kind: 'unlike'; readonly encoding: string }
  /** `bytes` are those before the place where it breaks off, or is damaged. */
  | { readonly kind: 'cut' | 'damaged'; readonly encoding: string; readonly bytes: Buffer }
  | { readonly kind: 'too large' };

interface UnpackOptions {
  readonly maxBytes: number;
  readonly stop: Stop;
}

type Unpack = (input: Buffer, options: Zlib.ZlibOptions | Zlib.BrotliOptions) => Promise<Buffer>;

/** How bytes of an encoding are read, and whether they look like it at all. */
interface Unpacker {
  readonly unpack: Unpack;
  readonly isLikely: boolean;
  readonly partialFlush: number;
  /** For bytes that come one after the other. */
  create(): Transform;
}

/** Undoes the encodings that a `Content-Encoding` lists, up to a size. @throws StopError when it is to end before */
export async function unpackBody(packed: Buffer, encodings: string, options: UnpackOptions): Promise<Unpacked> {
  const zlib = await import('node:zlib');
  let bytes = packed;
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    const name = encoding.trim();
    if (name === 'identity') continue;
    const unpacker = chooseUnpacker(zlib, name, bytes);
    const unpacked: Unpacked = unpacker ? await unpackOne(bytes, name, { ...options, ...unpacker }) : UNKNOWN;
    if (unpacked.kind !== 'whole') return unpacked;
    bytes = unpacked.bytes;
  }
  return { kind: 'whole', bytes };
}

const UNKNOWN: Unpacked = { kind: 'unknown' };

async function unpackOne(packed: Buffer, encoding: string, how: UnpackOptions & Unpacker): Promise<Unpacked> {
  const { unpack, isLikely, partialFlush, maxBytes: maxOutputLength, stop } = how;
  try {
    return { kind: 'whole', bytes: await endWith(stop, unpack(packed, { maxOutputLength })) };
  } catch (error) {
    if (stop.reason) throw stop.reason;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too large' };
    const isCut = code === 'Z_BUF_ERROR';
    if (!isCut && !isLikely) return { kind: 'unlike', encoding };
    const bytes = await unpack(packed, { maxOutputLength, finishFlush: partialFlush }).catch(() => Buffer.alloc(0));
    const isText = !isLikely && bytes.length === 0 && isUtf8(packed);
    return isText ? { kind: 'unlike', encoding } : { kind: isCut ? 'cut' : 'damaged', encoding, bytes };
  }
}

function chooseUnpacker(zlib: typeof Zlib, encoding: string, packed: Buffer): Unpacker | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const [first = 0, second = 0] = packed;
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    const isLikely = first === 0x1f && second === 0x8b;
    return { unpack: promisify(zlib.gunzip), create: zlib.createGunzip, isLikely, partialFlush: Z_SYNC_FLUSH };
  }
  if (encoding === 'deflate') {
    const isLikely = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
    // Some servers leave the head out.
    const [unpack, create] = isLikely
      ? [promisify(zlib.inflate), zlib.createInflate]
      : [promisify(zlib.inflateRaw), zlib.createInflateRaw];
    return { unpack, create, isLikely, partialFlush: Z_SYNC_FLUSH };
  }
  if (encoding !== 'br') return undefined;
  // Any bytes may begin it, but text that claims to be packed is more likely.
  const isLikely = !isUtf8(packed);
  const unpack = promisify(zlib.brotliDecompress);
  return { unpack, create: zlib.createBrotliDecompress, isLikely, partialFlush: BROTLI_OPERATION_FLUSH };
}

/** Waits for work that cannot be ended itself no longer than until the stop. */
function endWith<T>(stop: Stop, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = stop.onEnd(reject);
    work.then(resolve, reject).finally(leave);
  });
}

/** The unpacked bytes of a body that may be larger than memory, as they are made; `head` is how it begins. */
export async function openUnpacked(packed: Readable, head: Buffer, encodings = ''): Promise<Readable> {
  const zlib = await import('node:zlib');
  let unpacked = packed;
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    const unpacker = chooseUnpacker(zlib, encoding.trim(), head);
    if (unpacker) unpacked = pipeline(unpacked, unpacker.create(), () => undefined);
  }
  return unpacked;
}
