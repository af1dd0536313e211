import { writeSync } from 'node:fs';

/** Writes all of it, where a system call may take a part: the last that a full disk takes. @throws the system's error */
export function writeWhole(fd: number, bytes: Uint8Array, position?: number): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(fd, bytes, at, bytes.length - at, position === undefined ? null : position + at);
  }
}
