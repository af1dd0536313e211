import { isUtf8 } from 'node:buffer';

/** Reads the bytes of headers: UTF-8 as nearly all that is not ASCII is today, else Latin-1, in which HTTP began. */
export function readHeaderText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
