import type { Header } from '../../model/exchange.ts';
import { describeCredential, isAuthorizationName, schemeOf } from '../../util/hidden-fields.ts';

/** A header as it is shown: of one that says who one is, and of the one that holds the key, nothing that could be used. */
export function describeHeader(name: string, value: string, keyName?: string): Header {
  if (value === '') return { name, value };
  if (name.toLowerCase() === keyName?.toLowerCase()) return { name, value: describeCredential(value, ''), scheme: '' };
  if (!isAuthorizationName(name)) return { name, value };
  return { name, value: describeCredential(value), scheme: schemeOf(value) };
}
