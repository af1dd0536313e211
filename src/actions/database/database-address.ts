import type { AddressMistake } from '../../drivers/database-url.ts';
import { MYSQL_EXAMPLE, type MysqlAddress, readMysqlAddress } from '../../drivers/mysql/mysql-address.ts';
import {
  POSTGRES_EXAMPLE,
  type PostgresAddress,
  readPostgresAddress,
} from '../../drivers/postgres/postgres-address.ts';

/** Where a database is, of which kind it is, and how to get in. */
export type DatabaseAddress =
  | { readonly dialect: 'postgres'; readonly address: PostgresAddress }
  | { readonly dialect: 'mysql'; readonly address: MysqlAddress };

/** Reads the URL of a database; mistakes never hold the password. */
export function readDatabaseAddress(text: string): DatabaseAddress | AddressMistake {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'postgres':
    case 'postgresql': {
      const read = readPostgresAddress(text);
      return 'mistake' in read ? read : { dialect: 'postgres', ...read };
    }
    case 'mysql':
    case 'mariadb': {
      const read = readMysqlAddress(text);
      return 'mistake' in read ? read : { dialect: 'mysql', ...read };
    }
    default:
      return describeWrongScheme(text, scheme);
  }
}

function describeWrongScheme(text: string, scheme: string | undefined): AddressMistake {
  const help = [`write \`${POSTGRES_EXAMPLE}\` or \`${MYSQL_EXAMPLE}\``];
  if (text.trim() === '') return { mistake: '`connection` is empty', help };
  const expected =
    '`connection`: expected a URL that begins with `postgres://`, `postgresql://`, `mysql://` or `mariadb://`';
  const other = explainOtherForm(text);
  if (other !== undefined) return { mistake: `${expected}, got ${other.got}`, help: [other.help] };
  if (scheme !== undefined) return { mistake: `${expected}, got \`${scheme}://\``, help };
  if (!/^[\w-]+$/.test(text)) return { mistake: `${expected}, got a text without a scheme`, help };
  return {
    mistake: `${expected}, got the name \`${text}\``,
    help: [`keep the URL in a variable: \`env: {DB_URL: "${POSTGRES_EXAMPLE}"}\`, \`connection: "{{DB_URL}}"\``],
  };
}

/** The address of a database as drivers of other languages take it; never with the password. */
function explainOtherForm(text: string): { readonly got: string; readonly help: string } | undefined {
  const [, jdbc] = /^jdbc:(\w+):\/\//i.exec(text) ?? [];
  if (jdbc !== undefined)
    return {
      got: 'an address of JDBC',
      help: `leave out \`jdbc:\`: \`${jdbc}://…\`, and write user and password before the host, \`user:password@\``,
    };
  const [, base] = /^(postgres(?:ql)?|mysql|mariadb)\+\w+:\/\//i.exec(text) ?? [];
  if (base !== undefined)
    return { got: 'an address of SQLAlchemy', help: `leave out the driver behind \`+\`: \`${base}://…\`` };
  if (/^[^\s@]*@(?:tcp|unix)\(/.test(text)) return { got: 'an address of Go', help: `write \`${MYSQL_EXAMPLE}\`` };
  if (/^\s*(?:host|hostaddr|dbname|user|port|password)\s*=/i.test(text))
    return { got: 'keywords of libpq', help: `write \`${POSTGRES_EXAMPLE}\`` };
  if (/^\s*(?:server|data source|host)\s*=[^;]*;/i.test(text))
    return { got: 'keywords of ADO.NET', help: `write \`${POSTGRES_EXAMPLE}\` or \`${MYSQL_EXAMPLE}\`` };
  return undefined;
}
