import type { ConfigFinding } from '../../model/action.ts';
import { listNames } from '../../util/suggest.ts';
import { hasPlaceholder, isRecord } from '../shared/authored.ts';
import { readHttpUrl } from './url.ts';

/** What can be said about the settings of a request before the run. */
export function checkHttpSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  return [
    ...checkUrl(authored['url']),
    ...checkMethod(authored['method']),
    ...checkBody(authored),
    ...checkAuth(authored),
  ];
}

function checkUrl(url: unknown): ConfigFinding[] {
  if (typeof url !== 'string' || hasPlaceholder(url)) return [];
  const read = readHttpUrl(url);
  return 'url' in read ? [] : [createError('TM301', ['url'], read.mistake, read.help)];
}

function checkMethod(method: unknown): ConfigFinding[] {
  if (typeof method !== 'string' || method.toUpperCase() !== 'CONNECT') return [];
  return [createError('TM303', ['method'], '`CONNECT` is for proxies: a request cannot use it')];
}

function checkBody(authored: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const { body, form, headers } = authored;
  if (body !== undefined && form !== undefined) {
    return [createError('TM304', ['form'], '`body` and `form` are both given: write one of them')];
  }
  const type = isRecord(headers) ? findContentType(headers) : undefined;
  if (typeof body === 'object' && body !== null && type !== undefined && /form-urlencoded/i.test(type)) {
    const message = `\`body\` is sent as JSON, though its content-type is \`${type}\``;
    return [
      { severity: 'warning', code: 'TM305', path: ['body'], message, help: ['write `form:` instead of `body:`'] },
    ];
  }
  return [];
}

function checkAuth(authored: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const { auth, headers } = authored;
  if (!isRecord(auth)) return [];
  const given = ['bearer', 'basic', 'api_key'].filter((key) => auth[key] !== undefined);
  if (given.length !== 1) {
    const got = given.length === 0 ? 'none of them' : listNames(given);
    return [
      createError('TM306', ['auth'], `\`auth\`: expected one of \`bearer\`, \`basic\` and \`api_key\`, got ${got}`),
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
  path: readonly string[],
  message: string,
  help: readonly string[] = [],
): ConfigFinding {
  return { severity: 'error', code, path, message, help };
}
