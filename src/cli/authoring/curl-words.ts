import { UsageError } from '../process/usage-error.ts';

/** What a curl command asks for. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text, or the name of a file behind `@`. */
  readonly body?: string | undefined;
  /** `name=value` and `name=@file`. */
  readonly parts: readonly string[];
  readonly user?: string | undefined;
  readonly cookies?: string | undefined;
  readonly followsRedirects: boolean;
  readonly isInsecure: boolean;
}

/** What words say, as they are read. */
interface Draft {
  method?: string;
  url?: string;
  readonly headers: [string, string][];
  readonly data: string[];
  readonly parts: string[];
  user?: string;
  cookies?: string;
  isGet: boolean;
  isHead: boolean;
  isJson: boolean;
  followsRedirects: boolean;
  isInsecure: boolean;
}

type Take = (draft: Draft, value: string) => void;

const addHeader: Take = (draft, value) => {
  const [, empty] = /^([^:;]+);$/.exec(value) ?? [];
  if (empty !== undefined) draft.headers.push([empty.trim(), '']);
  const at = value.indexOf(':');
  // `Accept:` leaves the header out.
  if (at > 0 && value.slice(at + 1).trim() !== '')
    draft.headers.push([value.slice(0, at).trim(), value.slice(at + 1).trim()]);
};
const addData: Take = (draft, value) => void draft.data.push(value);
const addEncoded: Take = (draft, value) => {
  const [, name, text = value] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  draft.data.push(name ? `${name}=${encodeURIComponent(text)}` : encodeURIComponent(text));
};

/** Flags with a value, long and short. */
const WITH_VALUE: Readonly<Record<string, Take>> = {
  ...toAll(['-X', '--request'], (draft, value) => {
    draft.method = value;
  }),
  ...toAll(['-H', '--header'], addHeader),
  ...toAll(['-d', '--data', '--data-ascii', '--data-binary', '--data-raw'], addData),
  ...toAll(['--data-urlencode'], addEncoded),
  ...toAll(['--json'], (draft, value) => {
    draft.isJson = true;
    draft.data.push(value);
  }),
  ...toAll(['-F', '--form', '--form-string'], (draft, value) => void draft.parts.push(value)),
  ...toAll(['-u', '--user'], (draft, value) => {
    draft.user = value;
  }),
  ...toAll(['-b', '--cookie'], (draft, value) => {
    draft.cookies = value;
  }),
  ...toAll(['-A', '--user-agent'], (draft, value) => void draft.headers.push(['user-agent', value])),
  ...toAll(['-e', '--referer'], (draft, value) => void draft.headers.push(['referer', value])),
  ...toAll(['--url'], (draft, value) => {
    draft.url = value;
  }),
  ...toAll(['-o', '--output', '-m', '--max-time', '--connect-timeout', '-w', '--write-out', '--retry'], () => {}),
};

/** Flags that stand alone. */
const ALONE: Readonly<Record<string, Take>> = {
  ...toAll(['-G', '--get'], (draft) => {
    draft.isGet = true;
  }),
  ...toAll(['-I', '--head'], (draft) => {
    draft.isHead = true;
  }),
  ...toAll(['-L', '--location'], (draft) => {
    draft.followsRedirects = true;
  }),
  ...toAll(['-k', '--insecure'], (draft) => {
    draft.isInsecure = true;
  }),
  ...toAll(['-s', '--silent', '-S', '--show-error', '-i', '--include', '-v', '--verbose', '-f', '--fail'], () => {}),
  ...toAll(['--compressed', '-g', '--globoff', '--http1.1', '--http2', '-N', '--no-buffer', '-#'], () => {}),
};

/** Reads the words of a curl command. @throws UsageError where they say something else, or nothing */
export function readCurl(words: readonly string[]): CurlRequest {
  const [first, ...rest] = words;
  if (first !== 'curl')
    throw new UsageError(first === undefined ? 'the curl command is missing' : `\`${first}\` is not a curl command`, [
      "write it behind `--`: testmesh new -- curl http://localhost:5001/users -d '…'",
    ]);
  const draft: Draft = {
    headers: [],
    data: [],
    parts: [],
    isGet: false,
    isHead: false,
    isJson: false,
    followsRedirects: false,
    isInsecure: false,
  };
  for (let at = 0; at < rest.length; at++) at += takeWord(draft, rest, at);
  return finish(draft);
}

/** Gives how many of the words behind it belong to it. */
function takeWord(draft: Draft, words: readonly string[], at: number): number {
  const word = words[at] ?? '';
  if (!word.startsWith('-') || word === '-') {
    if (draft.url !== undefined)
      throw new UsageError(`curl has two addresses: \`${shorten(draft.url)}\` and \`${shorten(word)}\``, [
        'write one, and quote it for the shell',
      ]);
    draft.url = word;
    return 0;
  }
  const [, flag = word, glued] = /^(-[^-])(.+)$/s.exec(word) ?? /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  const take = WITH_VALUE[flag];
  if (take) {
    const value = glued ?? words[at + 1];
    if (value === undefined) throw new UsageError(`\`${flag}\` of curl: its value is missing`);
    take(draft, value);
    return glued === undefined ? 1 : 0;
  }
  const alone = ALONE[flag];
  if (!alone)
    throw new UsageError(`\`${flag}\` of curl is not understood`, [
      'leave it out, or write the step by hand: testmesh explain http_request',
    ]);
  alone(draft, '');
  // `-sSL`: each letter by itself.
  return glued === undefined || !/^-[A-Za-z]/.test(flag)
    ? 0
    : takeWord(draft, [`-${glued}`, ...words.slice(at + 1)], 0);
}

function finish(draft: Draft): CurlRequest {
  const { data, isGet, isHead, isJson, headers, parts, user, cookies, followsRedirects, isInsecure } = draft;
  if (draft.url === undefined || draft.url === '')
    throw new UsageError('curl has no address', ['for example: testmesh new -- curl http://localhost:5001/users']);
  const address = /^[a-z][\w+.-]*:\/\//i.test(draft.url) ? draft.url : `http://${draft.url}`;
  if (!URL.canParse(address)) throw new UsageError(`\`${shorten(draft.url)}\` is not an address`);
  const text = data.length === 0 ? undefined : data.join(isJson ? '' : '&');
  const url = isGet && text !== undefined ? `${address}${address.includes('?') ? '&' : '?'}${text}` : address;
  const body = isGet ? undefined : text;
  const implied = isHead ? 'HEAD' : body !== undefined || parts.length > 0 ? 'POST' : 'GET';
  const has = (name: string): boolean => headers.some(([own]) => own.toLowerCase() === name);
  // curl itself calls all data a form; who writes JSON means JSON.
  const type = isJson || /^\s*[[{]/.test(body ?? '') ? 'application/json' : 'application/x-www-form-urlencoded';
  const kind = body === undefined || has('content-type') ? [] : [['content-type', type] as const];
  return {
    ...{ method: draft.method ?? implied, url, headers: [...headers, ...kind], body, parts, user, cookies },
    ...{ followsRedirects, isInsecure },
  };
}

function toAll(words: readonly string[], take: Take): Readonly<Record<string, Take>> {
  return Object.fromEntries(words.map((word) => [word, take]));
}

/** It may hold a secret. */
function shorten(text: string): string {
  return text
    .replace(/\?.*$/s, '?…')
    .replace(/\/\/[^/@]*@/, '//…@')
    .slice(0, 80);
}
