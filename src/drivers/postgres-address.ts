import { userInfo } from 'node:os';

/** Where a database is and how to get in, read from its URL. */
export interface PostgresAddress {
  /** A host name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: TlsMode;
  /** Files with PEM texts. */
  readonly tlsFiles: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly applicationName: string;
  readonly options: string | undefined;
  /** Parameters that have no effect here. */
  readonly ignored: readonly string[];
}

/** As libpq says it, plus `no-verify`; `prefer` falls back to a plain connection. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export type ReadAddress =
  | { readonly address: PostgresAddress }
  | { readonly mistake: string; readonly help: readonly string[] };

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

/** Reads `postgres://user:password@host:port/database?sslmode=…`; mistakes never hold the password. */
export function readPostgresAddress(text: string): ReadAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'mysql' || scheme === 'mariadb') {
    return { mistake: `\`connection\`: \`${scheme}://\` comes later, this version speaks to Postgres alone`, help: [] };
  }
  if (scheme !== 'postgres' && scheme !== 'postgresql') return describeWrongScheme(text, scheme);
  // An empty host behind a user (`user@/db?host=…`) is libpq's way to name a socket; URL does not take it.
  const whole = text.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?#]|$)/i, '$1localhost');
  if (!URL.canParse(whole)) {
    return {
      mistake: '`connection` is not a valid URL',
      help: [
        'expected `postgres://user:password@host:port/database`',
        'characters such as `@`, `:`, `/`, `#` in the password are written `%40`, `%3A`, `%2F`, `%23`',
      ],
    };
  }
  return readParts(new URL(whole));
}

/** `localhost:5432/orders`: what messages show. */
export function nameDatabase({ host, port, database }: PostgresAddress): string {
  return `${namePeer({ host, port })}/${database}`;
}

/** `localhost:5432`. */
export function namePeer({ host, port }: Pick<PostgresAddress, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function readParts(url: URL): ReadAddress {
  const query = url.searchParams;
  const sslmode = query.get('sslmode') ?? (['true', '1'].includes(query.get('ssl') ?? '') ? 'verify-full' : 'disable');
  const tls = TLS_MODES.get(sslmode);
  if (!tls) {
    const known = [...TLS_MODES.keys()].map((mode) => `\`${mode}\``).join(', ');
    return { mistake: `\`connection\`: \`sslmode=${sslmode}\` is not known`, help: [`it is one of ${known}`] };
  }
  const user = query.get('user') ?? (decode(url.username) || userInfo().username);
  const files: { ca?: string; cert?: string; key?: string } = {};
  for (const [key, parameter] of [
    ['ca', 'sslrootcert'],
    ['cert', 'sslcert'],
    ['key', 'sslkey'],
  ] as const) {
    const file = query.get(parameter);
    if (file !== null) files[key] = file;
  }
  return {
    address: {
      host: query.get('host') ?? (decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'),
      port: Number(query.get('port') ?? (url.port || 5432)),
      database: query.get('dbname') ?? (decode(url.pathname.slice(1)) || user),
      user,
      password: query.get('password') ?? decode(url.password),
      tls,
      tlsFiles: files,
      applicationName: query.get('application_name') ?? 'testmesh',
      options: query.get('options') ?? undefined,
      ignored: [...new Set(query.keys())].filter((key) => !KNOWN.has(key)),
    },
  };
}

function describeWrongScheme(text: string, scheme: string | undefined): ReadAddress {
  const help = ['write `postgres://user:password@host:port/database`'];
  if (text.trim() === '') return { mistake: '`connection` is empty', help };
  const got =
    scheme === undefined ? (/^[\w-]+$/.test(text) ? `\`${text}\`` : 'a text without a scheme') : `\`${scheme}://\``;
  return { mistake: `\`connection\`: expected \`postgres://\` or \`postgresql://\`, got ${got}`, help };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
