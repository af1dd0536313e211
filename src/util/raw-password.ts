/** Help for an address with a password that nobody escaped. */
export const ESCAPES_HELP =
  'in a password `@`, `:`, `/`, `?`, `#` and `%` are written `%40`, `%3A`, `%2F`, `%3F`, `%23` and `%25`';

/** A `/`, `?` or `#` before the `@` of `scheme://user:password@host`, where it ends the host for whoever reads the address. */
const RAW = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^@]*[/?#].*@/is;

/** What stands before the `@` that seems to end the password, and the host behind it. */
const HEAD = String.raw`^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^/?#]*@[^/?#@]*`;
const HOST = String.raw`(?:localhost|\d+(?:\.\d+){3}|\[[\da-f:]+\]|[\w.-]+:\d+)(?:[/?#]|$)`;
/** One more `@` behind the host, where a path or a query has none: a host with a port or number follows. */
const CUT = new RegExp(String.raw`${HEAD}[/?#](?:(?!:\/\/)[^=])*@${HOST}`, 'is');
/** Behind the host of a database there is no `@` but in a parameter. */
const CUT_DATABASE = new RegExp(String.raw`${HEAD}(?:\/[^?#]*|\?[^=]*|.*#.*|[/?].*(?=@${HOST}))@`, 'is');
const DATABASE = /^(?:postgres(?:ql)?|mysql|mariadb|rediss?|mongodb|amqps?|sqlserver|clickhouse)(?:\+\w+)?:/i;

/** Whether an address has the scheme of a database or a broker, behind whose host there is no `@`. */
export function isDatabaseAddress(text: string): boolean {
  return DATABASE.test(text);
}

/** Whether the password of an address has an `@`, and behind it what ends the host: the rest of it would be taken for host and path. */
export function isCutAtSign(text: string): boolean {
  return text.includes('@') && (isDatabaseAddress(text) ? CUT_DATABASE : CUT).test(text);
}

/** Why an address that cannot be read is none, when that is known to be its password; empty when it is not. */
export function explainRawPassword(text: string): string {
  return RAW.test(text) || isCutAtSign(text) ? ': the password in it has to be percent-encoded' : '';
}
