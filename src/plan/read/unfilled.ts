import { ExprError, isList, isMap, scanTemplate, setKey, type Value } from '../../expr/index.ts';
import { isSecretName } from '../../util/secret-name.ts';

const CANDIDATE = /(?<!\\)(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|<<[^<>]*>>)/g;
/** One that other tools fill in, though it is none here. */
const FOREIGN = /^\$\{[A-Za-z_]\w*[:?+=-]/;
const ESCAPED = /\\(?=\{\{|\$\{|<<)/g;

/** The first placeholder in a text in which none is filled in; undefined when there is none, or each is escaped. */
export function findUnfilled(text: string): string | undefined {
  if (!/\{\{|\$\{|<</.test(text)) return undefined;
  return text.match(CANDIDATE)?.find((candidate) => FOREIGN.test(candidate) || isPlaceholder(candidate));
}

/** The first in a value of any depth. */
export function findUnfilledIn(value: Value): string | undefined {
  if (typeof value === 'string') return findUnfilled(value);
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  for (const item of items) {
    const found = findUnfilledIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value without the backslashes before what would open placeholders. */
export function dropEscapes(value: Value): Value {
  if (typeof value === 'string') return value.includes('\\') ? value.replaceAll(ESCAPED, '') : value;
  if (isList(value)) return value.map(dropEscapes);
  if (!isMap(value)) return value;
  const copy: { [key: string]: Value } = {};
  for (const [key, item] of Object.entries(value)) setKey(copy, key, dropEscapes(item));
  return copy;
}

/** Says of a variable of a dotenv file that it is sent with a placeholder in it; of a secret nothing is shown. */
export function describeUnfilled(
  name: string,
  placeholder: string,
  secrets: readonly string[],
): { message: string; help: string } {
  const what = isSecretName(name) || secrets.includes(name) ? 'a placeholder' : `\`${placeholder}\``;
  return {
    message: `\`${name}\` holds ${what}, which nothing fills in: a value of a dotenv file is taken as it stands`,
    help: 'put it together under `env` of the flow, where placeholders are filled in; in single quotes it is meant as it stands',
  };
}

function isPlaceholder(text: string): boolean {
  try {
    return scanTemplate(text).some((part) => typeof part !== 'string');
  } catch (error) {
    if (error instanceof ExprError) return false;
    throw error;
  }
}
