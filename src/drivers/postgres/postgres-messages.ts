/** `D` of the portal without a name, `E` of it without a limit, `S`: what follows each bound statement. */
const DESCRIBE_EXECUTE_SYNC = Buffer.from('D\0\0\0\x06P\0E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04', 'latin1');
const NOTHING = Buffer.alloc(0);
const HEAD = 5;
const INT16 = 2;
const INT32 = 4;

/** A text as a simple query: it may hold several statements, and takes no values. */
export function encodeQuery(text: string): Buffer {
  const size = Buffer.byteLength(text) + 1;
  const bytes = Buffer.alloc(HEAD + size);
  writeHead(bytes, 0, 'Q', size);
  bytes.write(text, HEAD);
  return bytes;
}

/**
 * A statement without a name, its values as text (null for NULL), its columns asked for, run and ended; `behind` is sent along. One
 * piece, for each costs a call of the system or a part of one. (Frontend messages of protocol 3.0.)
 */
export function encodeStatement(text: string, values: readonly (string | null)[], behind: Buffer = NOTHING): Buffer {
  const parseSize = 1 + Buffer.byteLength(text) + 1 + INT16;
  const sizes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const bindSize = 1 + 1 + INT16 + INT16 + sizes.reduce((sum, size) => sum + INT32 + size, 0) + INT16;
  const bytes = Buffer.alloc(HEAD + parseSize + HEAD + bindSize + DESCRIBE_EXECUTE_SYNC.length + behind.length);
  writeHead(bytes, 0, 'P', parseSize);
  bytes.write(text, HEAD + 1);
  let at = HEAD + parseSize;
  writeHead(bytes, at, 'B', bindSize);
  // No name of a portal or a statement, and no formats: all are texts.
  at += HEAD + 1 + 1 + INT16;
  at = bytes.writeInt16BE(toInt16(values.length), at);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null;
    const size = sizes[index] ?? 0;
    at = bytes.writeInt32BE(value === null ? -1 : size, at);
    if (value !== null) bytes.write(value, at);
    at += size;
  }
  at += INT16;
  at += DESCRIBE_EXECUTE_SYNC.copy(bytes, at);
  behind.copy(bytes, at);
  return bytes;
}

function writeHead(bytes: Buffer, at: number, code: string, size: number): void {
  bytes[at] = code.charCodeAt(0);
  bytes.writeInt32BE(size + INT32, at + 1);
}

/** The server reads the number without a sign. */
function toInt16(count: number): number {
  return (count << 16) >> 16;
}
