import type { Header, HttpPart, HttpProxyUse, HttpSent, HttpTls, HttpWay } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import { quoteHeader } from './quote-header.ts';

/** What curl sends by itself, or in the place of it. */
const IMPLIED = new Set(['accept: */*', 'user-agent: testmesh']);

/** A curl command that sends the same request the same way. */
export function writeCurl({ method, url, headers, body }: HttpSent, way: HttpWay): string {
  const words = ['curl'];
  const implied = body === undefined ? 'GET' : 'POST';
  if (method === 'HEAD') words.push('-I');
  else if (method !== implied) words.push('-X', method);
  if (way.isMoved) words.push('-L');
  words.push(...listWayOptions(url, way));
  if (/[[\]{}]/.test(url)) words.push('-g');
  words.push(quoteShell(url));
  for (const header of headers) {
    const { name, value } = header;
    if (IMPLIED.has(`${name}: ${value}`) || isOwnBoundary(body, header)) continue;
    words.push('-H', quoteHeader(header, ': '));
  }
  if (body?.kind === 'parts') {
    for (const part of body.parts) words.push(...writeFormPart(part));
  } else if (body) {
    if (!headers.some(({ name }) => name.toLowerCase() === 'content-type'))
      words.push('-H', quoteShell('content-type:'));
    words.push('--data-raw', quoteShell(body.text));
  }
  return words.join(' ');
}

function listWayOptions(url: string, { tls, proxy, isDirect, isHttp2 }: HttpWay): readonly string[] {
  const isHttps = url.startsWith('https:');
  return [
    ...(tls ? listTlsOptions(tls) : []),
    ...(proxy ? listProxyOptions(proxy) : []),
    ...(proxy && isHttp2 && !isHttps ? ['--proxytunnel'] : []),
    ...(proxy?.user === undefined ? [] : ['--proxy-user', quoteShell(proxy.user)]),
    ...(isDirect ? ['--noproxy', quoteShell('*')] : []),
    ...(isHttp2 ? [isHttps ? '--http2' : '--http2-prior-knowledge'] : []),
  ];
}

function listTlsOptions({ ca, cert, key, isInsecure }: HttpTls): readonly string[] {
  const files = [
    ['--cacert', ca],
    ['--cert', cert],
    ['--key', key],
  ] as const;
  const options = files.flatMap(([option, path]) => (path === undefined ? [] : [option, quoteShell(path)]));
  return isInsecure ? [...options, '-k'] : options;
}

/** The variable NO_PROXY is curl's too, and a proxy of the settings is for every address. */
function listProxyOptions({ url, isForced }: HttpProxyUse): readonly string[] {
  return ['--proxy', quoteShell(url), ...(isForced ? ['--noproxy', "''"] : [])];
}

/** curl makes a boundary of its own, and names it. */
function isOwnBoundary(body: HttpSent['body'], { name, value }: Header): boolean {
  if (body?.kind !== 'parts' || name.toLowerCase() !== 'content-type') return false;
  return value === `multipart/form-data; boundary=${body.boundary}`;
}

function writeFormPart({ name, filename, type, text = '', file }: HttpPart): readonly string[] {
  const isPlain = file === undefined && filename === undefined && type === undefined;
  if (isPlain) return ['--form-string', quoteShell(`${name}=${text}`)];
  const what = file === undefined ? quoteForm(text) : `@${quoteForm(file)}`;
  const typed = type === undefined ? '' : `;type=${type}`;
  const named = filename === undefined ? '' : `;filename=${quoteForm(filename)}`;
  return ['-F', quoteShell(`${name}=${what}${typed}${named}`)];
}

/** As curl reads a text that may hold its own signs. */
function quoteForm(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
