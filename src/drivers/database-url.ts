import { userInfo } from 'node:os';
import { ESCAPES_HELP, explainRawPassword, isCutAtSign } from '../util/raw-password.ts';
import type { TlsFiles, TlsMode } from './tls.ts';

/** Why a text is not an address; never with the password. */
export interface AddressMistake {
  readonly mistake: string;
  readonly help: readonly string[];
}

/** Where a SQL database is and how to get in, whichever its kind. */
export interface SqlAddress {
  /** A host name or an address; Postgres takes the directory of a Unix socket, too. */
  readonly host: string;
  readonly port: number;
  /** Empty when MySQL is given none. */
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: TlsMode;
  readonly tlsFiles: TlsFiles;
  /** Parameters that have no effect here. */
  readonly ignored: readonly string[];
}

/** What the URLs of all databases say in the same way. */
export interface UrlParts {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  /** As written; empty when it is not. */
  readonly port: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Undefined for what is none, and for one whose password ends the host, so that its rest would be taken for a database or its options. */
export function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text) || isCutAtSign(text)) return undefined;
  const url = new URL(text);
  const { pathname, search, hash, username } = url;
  const isCut = username === '' && (pathname.includes('@') || hash.includes('@') || /^\?[^=]*@/.test(search));
  return isCut ? undefined : url;
}

/** Takes `scheme://user:password@host:port/path?query` apart; `example` is shown when it cannot be. */
export function readUrl(text: string, example: string): UrlParts | AddressMistake {
  // An empty host behind a user (`user@/db?host=…`) names a socket; URL does not take it.
  const whole = text.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?#]|$)/i, '$1localhost');
  const url = parseUrl(whole);
  if (!url) {
    const mistake = `\`connection\` is not a valid URL${explainRawPassword(text)}`;
    return { mistake, help: [`expected \`${example}\``, ESCAPES_HELP] };
  }
  return {
    user: decode(url.username) || userInfo().username,
    password: decode(url.password),
    host: decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: url.port,
    path: decode(url.pathname.slice(1)),
    query: url.searchParams,
  };
}

/** The files that a URL's parameters name, under any of their spellings. */
export function readTlsFileNames(
  query: URLSearchParams,
  spellings: Readonly<Record<keyof TlsFiles, readonly string[]>>,
): TlsFiles {
  const files = Object.entries(spellings).map(([key, names]) => [key, readFirst(query, names)] as const);
  return Object.fromEntries(files.filter(([, file]) => file !== undefined));
}

/** The value of the first of some parameters that is there. */
export function readFirst(query: URLSearchParams, names: readonly string[]): string | undefined {
  return names.map((name) => query.get(name)).find((value) => value !== null) ?? undefined;
}

/** Parameters that have no effect. */
export function listIgnored(query: URLSearchParams, known: ReadonlySet<string>): readonly string[] {
  return [...new Set(query.keys())].filter((key) => !known.has(key));
}

/** A part of a URL without its escapes; a `%` that begins none is one. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
