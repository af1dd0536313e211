import { isSecretLike } from '../../util/secret-name.ts';
import type { Secrets } from './secrets.ts';

/** What is read of the environment may be a secret, or an address with one, though nobody says so. */
export function learnText(secrets: Secrets, name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (isSecretLike(name, text)) secrets.add(text);
  secrets.addPasswords(text);
  return text;
}
