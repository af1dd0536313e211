import {
  type AddressMistake,
  listIgnored,
  readFirst,
  readTlsFileNames,
  readUrl,
  type SqlAddress,
} from '../database-url.ts';
import { namePeer } from '../peer.ts';
import type { TlsMode } from '../tls.ts';

/** Where a Postgres database is and how to get in, read from its URL. */
export interface PostgresAddress extends SqlAddress {
  readonly applicationName: string;
  readonly options: string | undefined;
}

export const POSTGRES_EXAMPLE = 'postgres://user:password@host:port/database';

const TLS_MODES: ReadonlyMap<string, TlsMode> = new Map<string, TlsMode>([
  ['disable', 'disable'],
  ['allow', 'prefer'],
  ['prefer', 'prefer'],
  ['require', 'require'],
  ['no-verify', 'require'],
  ['verify-ca', 'verify-ca'],
  ['verify-full', 'verify-full'],
]);
const KNOWN = new Set(
  'host port user password dbname sslmode ssl sslrootcert sslcert sslkey application_name options connect_timeout'.split(
    ' ',
  ),
);

/** Reads `postgres://user:password@host:port/database?sslmode=…`. */
export function readPostgresAddress(text: string): { readonly address: PostgresAddress } | AddressMistake {
  const url = readUrl(text, POSTGRES_EXAMPLE);
  if ('mistake' in url) return url;
  const { query } = url;
  const sslmode = query.get('sslmode') ?? (['true', '1'].includes(query.get('ssl') ?? '') ? 'verify-full' : 'disable');
  const tls = TLS_MODES.get(sslmode);
  if (!tls) {
    const known = [...TLS_MODES.keys()].map((mode) => `\`${mode}\``).join(', ');
    return { mistake: `\`connection\`: \`sslmode=${sslmode}\` is not known`, help: [`it is one of ${known}`] };
  }
  const user = query.get('user') ?? url.user;
  return {
    address: {
      host: query.get('host') ?? url.host,
      port: Number(readFirst(query, ['port']) ?? (url.port || 5432)),
      database: query.get('dbname') ?? (url.path || user),
      user,
      password: query.get('password') ?? url.password,
      tls,
      tlsFiles: readTlsFileNames(query, { ca: ['sslrootcert'], cert: ['sslcert'], key: ['sslkey'] }),
      applicationName: query.get('application_name') ?? 'testmesh',
      options: query.get('options') ?? undefined,
      ignored: listIgnored(query, KNOWN),
    },
  };
}

/** `localhost:5432/orders`: what messages show. */
export function nameDatabase(address: Pick<PostgresAddress, 'host' | 'port' | 'database'>): string {
  return `${namePeer(address)}/${address.database}`;
}
