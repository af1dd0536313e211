import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeFileTrouble } from './file-trouble.ts';

/** More than anybody writes by hand; a pipe may have no end. */
export const MAX_BYTES = 64 * 1024 * 1024;
/** Why it is not read. */
export const TOO_LONG = `it has more than ${MAX_BYTES / 1024 / 1024} MB`;
const CHUNK_BYTES = 64 * 1024;

/** What may be read. */
export interface Readable {
  /** Whether it may be a pipe or a device as well (`--env-file <(…)`): only where a signal still ends the process. */
  readonly takesPipe?: boolean;
}

/** Reads UTF-8 text. @throws the system's error, or one that says what is wrong: `it is a pipe, not a file` */
export function readText(path: string, what?: Readable): string {
  return decodeText(readBytes(path, what));
}

/** Bytes as the UTF-8 text that they are. @throws Error that says why they are none */
export function decodeText(bytes: Buffer): string {
  const fault = findTextFault(bytes);
  if (fault) throw new Error(`it ${fault.reason}; ${fault.help}`);
  return bytes.toString('utf8');
}

/** Makes sure that there is a file that can be opened, whatever is in it. @throws the system's error, or one that says what is wrong */
export function probeFile(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = fstatSync(fd);
    // Which is what the system says of one that is read.
    if (facts.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    if (!facts.isFile()) throw new Error(`it is a ${facts.isFIFO() ? 'pipe' : 'device'}, not a file`);
  } finally {
    closeSync(fd);
  }
}

/** Reads at most 64 MB. @throws the system's error, or one that says what is wrong */
export function readBytes(path: string, { takesPipe = false }: Readable = {}): Buffer {
  // Opened without waiting for somebody who writes to a pipe.
  const fd = openSync(path, takesPipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = fstatSync(fd);
    if (!takesPipe && !facts.isFile() && !facts.isDirectory())
      throw new Error(`it is a ${facts.isFIFO() ? 'pipe' : 'device'}, not a file`);
    const size = facts.isFile() ? facts.size : 0;
    if (size > MAX_BYTES) throw new Error(TOO_LONG);
    // A file of a known size is read at once: of a folder of flows each is read twice. Those of /proc have none.
    return size > 0 ? readSized(fd, size) : readToEnd(fd);
  } finally {
    closeSync(fd);
  }
}

/** What is wrong with a file that is to be text; `reason` follows its name. */
export interface TextFault {
  readonly reason: string;
  readonly help: string;
}

/** Why bytes are no UTF-8 text; undefined when they are. */
export function findTextFault(bytes: Buffer): TextFault | undefined {
  const help = 'save it as UTF-8';
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { reason: 'is UTF-16 text', help };
  const zero = bytes.indexOf(0);
  if (zero !== -1)
    return { reason: `is not a text file: it has a zero byte at offset ${zero}`, help: 'name a text file' };
  if (isUtf8(bytes)) return undefined;
  return { reason: `is not UTF-8 text: line ${findBadLine(bytes)} has a byte that is not valid UTF-8`, help };
}

function readSized(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size + 1);
  const read = readSync(fd, bytes);
  // It may have changed meanwhile, and a network may give it in parts.
  return read === size ? bytes.subarray(0, read) : Buffer.concat([bytes.subarray(0, read), readToEnd(fd)]);
}

function readToEnd(fd: number): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; size <= MAX_BYTES; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(fd, chunk);
    if (read === 0) return Buffer.concat(chunks, size);
    chunks.push(chunk.subarray(0, read));
    size += read;
  }
  throw new Error(TOO_LONG);
}

/** A byte that is no UTF-8 decodes to U+FFFD, which encodes to other bytes. */
function findBadLine(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at++;
  return bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
}

/** The text of a file relative to a folder. @throws an error that says of one that is not there which is meant */
export function readTextBeside(folder: string, path: string): string {
  try {
    return readText(resolve(folder, path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(describeFileTrouble(error));
    throw error;
  }
}
