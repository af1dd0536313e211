import { ExprError, isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { isSecretLike, isSecretName } from '../../util/secret-name.ts';
import { isTelling } from './hidden-beside.ts';
import { isAddress } from './needle.ts';
import type { Secrets } from './secrets.ts';

/** What is read of the environment may be a secret, or an address with one, though nobody says so. */
export function learnText(secrets: Secrets, name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (isSecretLike(name, text)) secrets.add(text);
  secrets.addPasswords(text);
  return text;
}

/** Makes known what is called a secret among named values, those in maps and lists too, and may be looked for inside of other texts. */
export function learnCalled(
  secrets: Pick<Secrets, 'add'>,
  values: Iterable<readonly [string, Value]>,
  isCalled: (name: string) => boolean = isSecretName,
): void {
  const open = [...values];
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, value] = next;
    if (isList(value)) for (const item of value) open.push([name, item]);
    else if (isKeyedMap(value)) for (const [key, item] of value) open.push([String(key), item]);
    else if (isMap(value)) open.push(...Object.entries(value));
    else if (isCalled(name) && isTelling(String(value)) && !isAddress(String(value))) secrets.add(value);
  }
}

/** Five characters or more, with a letter and a digit. */
const TELLING_PART = /^(?=.*\p{L})(?=.*\d).{5,}$/su;

/** What a function makes of a secret in a text tells as much as the secret: its base64 decoded, a token without its dashes. */
export function learnDerived(secrets: Secrets, text: string, derive: (text: string) => Value): void {
  for (const { start, end } of secrets.findAll(text)) {
    const made = deriveSafely(text.slice(start, end), derive);
    const texts = isList(made) ? [made.join(''), ...made] : [made];
    for (const one of texts)
      if (typeof one === 'string' && tells(one, isList(made)) && secrets.maskText(one) !== MASK) secrets.add(one);
  }
}

/** Parts that stand beside each other tell more than one alone. */
function tells(text: string, isPart: boolean): boolean {
  return isTelling(text) || (isPart && TELLING_PART.test(text));
}

/** Of a part of a text it may be an error. */
function deriveSafely(text: string, derive: (text: string) => Value): Value {
  try {
    return derive(text);
  } catch (error) {
    if (error instanceof ExprError) return null;
    throw error;
  }
}
