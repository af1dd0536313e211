const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic bytes, a version and the oldest version that can read it, four bytes each. */
const HEADER_LENGTH = MAGIC.length + 8;
const LENGTH_LENGTH = 4;

/**
 * Unpacks snappy as Java's clients write it: blocks with their lengths in front, behind a header; or as one bare block.
 * @throws RangeError when it is cut short
 */
export function unpackSnappy(data: Buffer, unpackBlock: (block: Buffer) => Buffer): Buffer {
  if (!startsWithMagic(data, 0)) return unpackBlock(data);
  const parts: Buffer[] = [];
  let at = 0;
  while (at < data.length) {
    // Streams may be joined, each with its header.
    if (startsWithMagic(data, at)) {
      at += HEADER_LENGTH;
      continue;
    }
    const start = at + LENGTH_LENGTH;
    const end = start + data.readInt32BE(at);
    if (end < start || end > data.length) throw new RangeError('a block compressed with snappy is cut short');
    parts.push(unpackBlock(data.subarray(start, end)));
    at = end;
  }
  return Buffer.concat(parts);
}

function startsWithMagic(data: Buffer, at: number): boolean {
  return data.subarray(at, at + MAGIC.length).equals(MAGIC);
}
