import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { describeFileTrouble } from '../util/file-trouble.ts';
import { readText } from '../util/read-text.ts';

/** As libpq says it: `require` encrypts, `verify-ca` trusts the authority, `verify-full` wants the host name too; `prefer` falls back to a plain connection. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Files with PEM texts. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Whom to trust and who one is; certificates and keys are PEM texts. */
export interface TlsParts {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** The name that is asked for and that the certificate has to be for, instead of the host. */
  readonly servername?: string | undefined;
  /** Whether any certificate will do. */
  readonly isInsecure: boolean;
}

/** A file of the TLS settings could not be read; the message says which, and why. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** Whether the server's certificate has to be signed by an authority that is trusted; with an authority of one's own, `require` wants it too. */
export function verifiesAuthority(mode: TlsMode, files: TlsFiles): boolean {
  return mode.startsWith('verify') || (mode === 'require' && files.ca !== undefined);
}

/** What Node's TLS needs for a mode; false for a plain connection. */
export async function describeTls(
  { host, tls, tlsFiles }: { host: string; tls: TlsMode; tlsFiles: TlsFiles },
  texts: TlsTexts,
): Promise<false | ConnectionOptions> {
  if (tls === 'disable') return false;
  const { checkServerIdentity } = await import('node:tls');
  const isVerified = verifiesAuthority(tls, tlsFiles);
  return {
    ...texts,
    rejectUnauthorized: isVerified,
    // Node compares an address with nothing but `localhost` unless it is given the address.
    checkServerIdentity: (_name, certificate) =>
      tls === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
}

/** Reads the PEM files that a mode needs, relative to a directory. @throws TlsFileError */
export async function readTlsFiles(
  { tls, tlsFiles }: { tls: TlsMode; tlsFiles: TlsFiles },
  directory: string,
): Promise<TlsTexts> {
  if (tls === 'disable') return {};
  const { resolve } = await import('node:path');
  const entries = Object.entries(tlsFiles).map(([key, file]) => {
    try {
      return [key, readText(resolve(directory, file))] as const;
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw new TlsFileError(
        `\`${file}\` ${isMissing ? 'does not exist' : `cannot be read: ${describeFileTrouble(error)}`}`,
      );
    }
  });
  return Object.fromEntries(entries);
}
