import type { ConfigFinding } from '../../model/action/settings.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';
import { checkRoute } from './check-route.ts';
import { isScalar } from './http-settings.ts';
import { describeCookieMistake } from './request.ts';
import { describeTargetMistake, TARGET_HELP } from './save.ts';
import { hideUserInfo, isHttpUrl, readHttpUrl } from './url.ts';

/** What can be said about the settings of a request before the run. */
export function checkHttpSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  return [
    ...checkUrl(authored['url']),
    ...checkMethod(authored['method']),
    ...checkBody(authored),
    ...checkPostmanBody(authored['body']),
    ...checkFormMethod(authored),
    ...checkBodyMethod(authored),
    ...checkParts(authored['multipart']),
    ...checkAuth(authored),
    ...checkCookies(authored),
    ...checkTarget(authored['save_to']),
    ...checkRoute(authored),
  ];
}

function checkUrl(url: unknown): ConfigFinding[] {
  if (typeof url !== 'string' || hasPlaceholder(url)) return [];
  // One that nothing opens: a quote of a text is written `%22`.
  if (/^[^"]*"\s*$/.test(url) && isHttpUrl(url)) return [warnOfQuote(url)];
  if (isHttpUrl(url)) return [];
  const read = readHttpUrl(url);
  return 'url' in read ? [] : [createError('TM301', ['url'], read.mistake, read.help)];
}

function warnOfQuote(url: string): ConfigFinding {
  const help = [`write \`${hideUserInfo(url.trim().slice(0, -1))}\``];
  return { severity: 'warning', code: 'TM301', path: ['url'], message: '`url` ends with a quote, which is sent', help };
}

function checkMethod(method: unknown): ConfigFinding[] {
  const verb = typeof method === 'string' ? method.toUpperCase() : '';
  if (verb === 'CONNECT')
    return [createError('TM303', ['method'], '`CONNECT` is for proxies: a request cannot use it')];
  const meant = findMeantMethod(verb);
  if (meant === undefined) return [];
  const message = `\`${verb}\` is no method that services know`;
  return [{ severity: 'warning', code: 'TM303', path: ['method'], message, help: [`did you mean \`${meant}\`?`] }];
}

/** Methods of HTTP and of what is built on it. */
const METHODS = 'GET HEAD POST PUT PATCH DELETE OPTIONS TRACE'.split(' ');
const RARE_METHODS = new Set(
  'QUERY PURGE BAN LINK UNLINK PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH REPORT LIST SET ACL BIND MERGE NOTIFY SUBSCRIBE UNSUBSCRIBE'.split(
    ' ',
  ),
);

/** The method that a misspelt one stands for; of three letters only one with the same letters is. */
function findMeantMethod(verb: string): string | undefined {
  if (verb === '' || METHODS.includes(verb) || RARE_METHODS.has(verb)) return undefined;
  if (verb === 'DEL') return 'DELETE';
  const letters = (word: string): string => [...new Set(word)].sort().join('');
  const nearest = verb.length > 3 ? findNearest(verb, METHODS) : undefined;
  if (nearest?.charAt(0) === verb.charAt(0)) return nearest;
  return METHODS.find((known) => letters(known) === letters(verb));
}

function checkBody(authored: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const { body, headers } = authored;
  const given = ['body', 'form', 'multipart'].filter((key) => authored[key] !== undefined);
  if (given.length > 1) {
    const both = given.length === 2 ? 'both' : 'all';
    const message = `${listNames(given)} are ${both} given: write one of them`;
    return [createError('TM304', [given.at(-1) ?? ''], message)];
  }
  const type = isRecord(headers) ? findContentType(headers) : undefined;
  if (type === undefined || hasPlaceholder(type)) return [];
  const meant = /form-urlencoded/i.test(type) ? 'form' : /^\s*multipart\//i.test(type) ? 'multipart' : undefined;
  if (typeof body === 'object' && body !== null && meant !== undefined) {
    return [createMismatch('body', 'JSON', type, [`write \`${meant}:\` instead of \`body:\``])];
  }
  if (authored['multipart'] === undefined || meant === 'multipart') return [];
  return [createMismatch('multipart', '`multipart/form-data`', type, ['leave the header out: the right one is added'])];
}

/** What stands in its place, by the mode of a body as Postman keeps it. */
const POSTMAN_BODIES: Readonly<Record<string, string>> = {
  raw: 'write what stands behind `raw` as `body:`',
  urlencoded: 'write `form: {name: value}`',
  formdata: 'write `multipart: {name: value}`',
  graphql: 'write what stands behind `graphql` as `body:`',
};

function checkPostmanBody(body: unknown): ConfigFinding[] {
  const mode = isRecord(body) && typeof body['mode'] === 'string' ? body['mode'] : '';
  const help = Object.hasOwn(POSTMAN_BODIES, mode) ? POSTMAN_BODIES[mode] : undefined;
  if (!isRecord(body) || help === undefined || !Object.hasOwn(body, mode)) return [];
  const message = `\`body\` is sent as JSON with the keys \`mode\` and \`${mode}\`, as Postman keeps a request`;
  return [{ severity: 'warning', code: 'TM305', path: ['body'], message, help: [help] }];
}

function checkFormMethod({ method = 'GET', form, multipart }: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const setting = form !== undefined ? 'form' : 'multipart';
  const verb = typeof method === 'string' ? method.toUpperCase() : '';
  if ((form ?? multipart) === undefined || (verb !== 'GET' && verb !== 'HEAD')) return [];
  const message = `\`${setting}\` is sent with ${verb}, whose body services do not read`;
  return [{ severity: 'warning', code: 'TM310', path: [setting], message, help: ['write `method: POST`'] }];
}

/** A body without a method: few services read that of a GET, and more methods are forgotten. */
function checkBodyMethod({ method, body }: Readonly<Record<string, unknown>>): ConfigFinding[] {
  if (method !== undefined || body === undefined) return [];
  const message = '`body` is sent with GET, since there is no `method`';
  const help = ['write `method: POST`, or `method: GET` where the service reads the body of a GET'];
  return [{ severity: 'warning', code: 'TM310', path: ['body'], message, help }];
}

function createMismatch(setting: string, sent: string, type: string, help: readonly string[]): ConfigFinding {
  const message = `\`${setting}\` is sent as ${sent}, though its content-type is \`${type}\``;
  return { severity: 'warning', code: 'TM305', path: [setting], message, help };
}

function checkParts(multipart: unknown): ConfigFinding[] {
  if (!isRecord(multipart)) return [];
  return Object.entries(multipart).flatMap(([name, given]) => {
    if (!Array.isArray(given)) return checkPart(name, given, ['multipart', name]);
    return given.flatMap((one, index) => checkPart(name, one, ['multipart', name, index]));
  });
}

function checkPart(name: string, part: unknown, path: readonly (string | number)[]): ConfigFinding[] {
  const [, named] = (typeof part === 'string' && /^@([\w./-]+\.\w+)$/.exec(part)) || [];
  if (named !== undefined) {
    const message = `the part \`${name}\` is the text \`@${named}\`, and not the file`;
    return [{ severity: 'warning', code: 'TM307', path, message, help: [`write \`${name}: {file: ${named}}\``] }];
  }
  if (isScalar(part) || !isRecord(part) || !Object.keys(part).every((key) => PART_KEYS.has(key))) return [];
  const { file, value } = part;
  if ((file === undefined) !== (value === undefined)) return [];
  const got = file === undefined ? 'none of them' : 'both';
  const message = `the part \`${name}\`: expected one of \`file\` and \`value\`, got ${got}`;
  return [createError('TM307', path, message)];
}

const PART_KEYS = new Set(['file', 'value', 'filename', 'content_type']);

function checkCookies({ cookies, headers }: Readonly<Record<string, unknown>>): ConfigFinding[] {
  if (!isRecord(cookies)) return [];
  const header = isRecord(headers) && Object.keys(headers).find((name) => name.toLowerCase() === 'cookie');
  if (header) {
    return [
      createError('TM308', ['cookies'], `\`cookies\` and the header \`${header}\` are both given: write one of them`),
    ];
  }
  return Object.entries(cookies).flatMap(([name, value]) => {
    const known = typeof value === 'string' && !hasPlaceholder(value) ? value : '';
    const message = describeCookieMistake(name, known);
    if (message === undefined) return [];
    const isKey = describeCookieMistake(name, '') !== undefined;
    return [{ severity: 'error', code: 'TM308', path: ['cookies', name], isKey, message }];
  });
}

function checkTarget(path: unknown): ConfigFinding[] {
  if (typeof path !== 'string' || hasPlaceholder(path)) return [];
  const mistake = describeTargetMistake(path);
  return mistake === undefined ? [] : [createError('TM309', ['save_to'], mistake, [TARGET_HELP])];
}

function checkAuth(authored: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const { auth, headers } = authored;
  if (!isRecord(auth)) return [];
  const given = ['bearer', 'basic', 'api_key', 'oauth2'].filter((key) => auth[key] !== undefined);
  // Other keys are told by themselves.
  if (given.length === 0 && Object.keys(auth).length > 0) return [];
  if (given.length !== 1) {
    const got = given.length === 0 ? 'none of them' : listNames(given);
    return [
      createError(
        'TM306',
        ['auth'],
        `\`auth\`: expected one of \`bearer\`, \`basic\`, \`api_key\` and \`oauth2\`, got ${got}`,
      ),
    ];
  }
  const key = auth['api_key'];
  if (isRecord(key) && (key['header'] === undefined) === (key['query'] === undefined)) {
    return [
      createError('TM306', ['auth', 'api_key'], '`api_key` needs one of `header` and `query`: where its value goes'),
    ];
  }
  const name = isRecord(headers) && Object.keys(headers).find((header) => header.toLowerCase() === 'authorization');
  if (!name || key !== undefined) return [];
  return [createError('TM306', ['auth'], `\`auth\` and the header \`${name}\` are both given: write one of them`)];
}

function findContentType(headers: Readonly<Record<string, unknown>>): string | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return typeof value === 'string' ? value : undefined;
}

function createError(
  code: string,
  path: readonly (string | number)[],
  message: string,
  help: readonly string[] = [],
): ConfigFinding {
  return { severity: 'error', code, path, message, help };
}
