/** Help for an address with a password that nobody escaped. */
export const ESCAPES_HELP =
  'in a password `@`, `:`, `/`, `?`, `#` and `%` are written `%40`, `%3A`, `%2F`, `%3F`, `%23` and `%25`';

/** A `/`, `?` or `#` before the `@` of `scheme://user:password@host`, where it ends the host for whoever reads the address. */
const RAW = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^@]*[/?#].*@/is;

/** Why an address that cannot be read is none, when that is known to be its password; empty when it is not. */
export function explainRawPassword(text: string): string {
  return RAW.test(text) ? ': the password in it has to be percent-encoded' : '';
}
