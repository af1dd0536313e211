import { isList, isMap, setKey, type Value } from '../../expr/index.ts';
import { isAuthorizationName, MASK } from '../../util/hidden-fields.ts';
import { isSecretName } from '../../util/secret-name.ts';

/** What is good for one exchange, or one session, in the addresses and pages of services that log people in. */
const ONCE = /^(?:code|jwt|otp|session|sid|sig|signature|ticket)$|csrf|xsrf/i;
/** In the middle of a text one has a digit: `a Bearer token` is none, nor is `Bearer realm="x"`. */
const TOKEN =
  /^Bearer\s+(?!\w+=["'\w])\S+$|\bBearer\s+(?!\w+=["'\w])(?=[^\s"'<>]*\d)[^\s"'<>]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
/** `name=value` of an address or a form. */
const PAIR = /((?:^|[?&;#])(?:amp;)?([\w.[\]%-]+)=)([^&;#\s"'<>]+)/g;
/** `"name": "value"` of JSON and of scripts, and the attributes of HTML. */
const FIELD = /((["']?)([\w.$-]+)\2\s*[:=]\s*)(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')/g;
const ELEMENT = /(<(?:[\w-]+:)?([\w-]+)(?:\s[^<>]*)?>)([^<>]+)/g;
/** A field of a form, or a fact of a page, whose name stands beside its value. */
const TAG = /<(?:input|meta)\b[^>]{0,2000}>/gi;
const TAG_NAME = /\b(?:name|id)\s*=\s*["']?([^\s"'>]+)/gi;
const TAG_VALUE = /(\s(?:value|content)\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s"'>]+)/gi;
const TAG_PASSWORD = /\stype\s*=\s*["']?password\b/i;

/** Data with the mask in the place of what is called a secret, or looks like a token. */
export function hideSecrets(value: Value): Value {
  if (typeof value === 'string') return hideInText(value);
  if (isList(value)) return value.map(hideSecrets);
  if (!isMap(value)) return value;
  const hidden: { [key: string]: Value } = {};
  for (const [key, one] of Object.entries(value)) setKey(hidden, key, isSecret(key) ? hideAll(one) : hideSecrets(one));
  return hidden;
}

/** The same for a text: an address, a form, a page, or any other that quotes one. */
export function hideInText(text: string): string {
  const hide = (whole: string, head: string, name: string): string => (isSecret(name) ? `${head}${MASK}` : whole);
  return text
    .replaceAll(TOKEN, (token) => (token.startsWith('Bearer') ? `Bearer ${MASK}` : MASK))
    .replaceAll(PAIR, hide)
    .replaceAll(ELEMENT, (whole, head: string, name: string, content: string) =>
      content.trim() === '' ? whole : hide(whole, head, name),
    )
    .replaceAll(TAG, hideInTag)
    .replaceAll(FIELD, (whole, head: string, _quote, name: string, double?: string) => {
      const quote = double === undefined ? "'" : '"';
      return isSecret(name) ? `${head}${quote}${MASK}${quote}` : whole;
    });
}

/** Whether a header or field holds what is good for whoever has it. */
export function isSecret(name: string): boolean {
  return isSecretName(name) || isAuthorizationName(name) || ONCE.test(name);
}

function hideInTag(tag: string): string {
  const isHidden = TAG_PASSWORD.test(tag) || [...tag.matchAll(TAG_NAME)].some(([, name = '']) => isSecret(name));
  if (!isHidden) return tag;
  return tag.replaceAll(TAG_VALUE, (whole, head: string) => {
    const quote = /["']$/.exec(whole)?.[0] ?? '';
    return `${head}${quote}${MASK}${quote}`;
  });
}

/** Texts and numbers, also in lists; what has names of its own is looked at by these. */
function hideAll(value: Value): Value {
  if (value === null || typeof value === 'boolean' || value === '') return value;
  if (isList(value)) return value.map(hideAll);
  return isMap(value) ? hideSecrets(value) : MASK;
}
