import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { findNearestFile } from '../../util/file-trouble.ts';
import { findTextFault, readBytes } from '../../util/read-text.ts';

const MAX_BYTES = 10 * 1024 * 1024;

/** A file that was read, or why it was not. */
export type LoadedFile = { readonly file: SourceFile } | { readonly diagnostics: readonly Diagnostic[] };

/** Makes what reads files relative to `cwd`, each once. */
export function createFileLoader(cwd: string): (path: string) => LoadedFile {
  const loaded = new Map<string, LoadedFile>();
  return (path) => {
    const known = loaded.get(path) ?? loadSourceFile(path, cwd);
    loaded.set(path, known);
    return known;
  };
}

/** Reads a text file, relative to `cwd`; says why when it cannot be read or is no UTF-8 text. */
export function loadSourceFile(path: string, cwd: string): LoadedFile {
  const absolutePath = resolve(cwd, path);
  const shown = shortenPath(absolutePath, cwd);
  try {
    const refusal = checkFile(absolutePath);
    if (refusal) return refuse(shown, refusal);
    const bytes = readBytes(absolutePath, { takesPipe: true });
    const fault = findTextFault(bytes);
    if (fault) return refuse(shown, { code: 'TM002', ...fault });
    // Which leaves out a byte order mark.
    return { file: createSourceFile(shown, absolutePath, new TextDecoder().decode(bytes)) };
  } catch (error) {
    return refuse(shown, describeReadError(error));
  }
}

interface Refusal {
  readonly code: 'TM001' | 'TM002';
  /** Follows the file's name. */
  readonly reason: string;
  readonly help: string;
}

/** Why the operating system does not let the file be read. */
export function describeReadError(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason =
    error instanceof Error ? error.message.replace(/^\w+: /, '').replace(/, \w+( '.*')?$/, '') : String(error);
  if (code === 'ENOENT') {
    const nearest = error instanceof Error && 'path' in error ? findNearestFile(String(error.path)) : undefined;
    const help =
      nearest === undefined ? 'check the path and the folder it is relative to' : `did you mean \`${nearest}\`?`;
    return { code: 'TM001', reason: 'does not exist', help };
  }
  if (code === 'ENOTDIR')
    return { code: 'TM001', reason: 'does not exist: a part of its path is a file', help: 'check the path' };
  if (code === 'EISDIR') return { code: 'TM001', reason: 'is a folder, not a file', help: 'name a file in it' };
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      code: 'TM001',
      reason: 'may not be read: permission denied',
      help: 'check the permissions of the file and of the folders above it',
    };
  }
  return { code: 'TM001', reason: `cannot be read: ${reason}`, help: 'check the path' };
}

/** The path as people know it: relative to the working directory when it lies below it. */
export function shortenPath(absolutePath: string, cwd: string): string {
  const path = relative(cwd, absolutePath);
  const isBelow = path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  return isBelow ? path : absolutePath;
}

function checkFile(absolutePath: string): Refusal | undefined {
  const stat = statSync(absolutePath);
  if (stat.isDirectory()) return { code: 'TM001', reason: 'is a folder, not a file', help: 'name a file in it' };
  if (stat.isCharacterDevice() || stat.isBlockDevice() || stat.isSocket()) {
    return { code: 'TM001', reason: 'is a device, not a file', help: 'name a file' };
  }
  if (stat.size <= MAX_BYTES) return undefined;
  const size = (stat.size / 1024 / 1024).toFixed(1);
  return {
    code: 'TM002',
    reason: `is too large: ${size} MB, at most ${MAX_BYTES / 1024 / 1024} MB are read`,
    help: 'split it, or load large data where it is used',
  };
}

function refuse(path: string, { code, reason, help }: Refusal): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [{ severity: 'error', code, message: `\`${path}\` ${reason}`, path, help: [help] }] };
}
