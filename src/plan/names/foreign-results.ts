import type { NameRef } from '../../model/plan.ts';

/** What other tools call themselves, their answers, those before, and what they sent. */
const NAMES: ReadonlyMap<string, ForeignName> = new Map(
  (
    [
      ['tool', 'pm bru karate postman insomnia chai cy assert'],
      ['answer', 'r result results res resp response output outputs this self $response $result httpResponse'],
      ['earlier', 'prev previous prior last lastResponse'],
      ['request', 'req request $request $url $method'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** What they call the keys of an answer, in small letters without signs. */
const KEYS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['status', 'status statuscode code responsecode responsestatus httpstatus httpcode getstatus getstatuscode'],
      [
        'body',
        'body bodyjson json data text content payload responsebody responsejson responsetext responsedata getbody',
      ],
      ['headers', 'headers header responseheaders responseheader getheaders'],
      ['duration_ms', 'responsetime responsetimems time elapsed latency took getresponsetime'],
      ['size', 'responsesize contentlength'],
    ] as const
  ).flatMap(([key, words]) => words.split(' ').map((word) => [word, key] as const)),
);

/** Keys of a result that stand for it where it is taken for a list. */
const LISTS = ['rows', 'messages'];

const GETTER = /^(?:get|has)(?:\w*(?:Var|Variable))?$/;
const SETTER = /^(?:set|unset|clear|delete)(?:\w*(?:Var|Variable))?$/;
const EXPECTATION = /^(?:expect|test|assert|match|should)$/;

/** What a name is that other tools have. */
export type ForeignName = 'tool' | 'answer' | 'earlier' | 'request';

/** What is read of a result where a name stands: its own keys in a step's assertions, those of an earlier step by its id elsewhere. */
export interface ResultView {
  readonly keys: ReadonlySet<string>;
  /** Writes a path of the result. */
  write(path: string): string;
}

/** Which of them a name is; undefined for none. */
export function readForeignName(name: string): ForeignName | undefined {
  return NAMES.get(name);
}

/** How a use of another tool's object is written, `pm.environment.get("x")` or `pm.response.code`; what to write at all of what has no like. */
export function suggestForTool(ref: NameRef, view: ResultView | undefined): string {
  const { parts, text } = readChain(ref);
  const [, first] = parts;
  const name = parts.find(isGetter)?.argument;
  if (name !== undefined) return `variables need no prefix: \`${text}\` is written \`${writeName(name)}\``;
  if (parts.some(({ word, isCall }) => isCall && SETTER.test(word)))
    return 'a variable is set by what a step gives: `output: {token: $.body.token}`, or by the action `set`';
  if (!first || ref.name === 'assert' || EXPECTATION.test(first.word))
    return 'an assertion is one expression, as in `status == 200`';
  const written = view && translate(parts, view);
  return written
    ? `a result is read by its keys: \`${text}\` is written ${written}`
    : `\`${ref.name}\` is of another tool: an assertion here reads keys of the result, such as \`status\` and \`body.id\``;
}

/** How a path of another tool's answer is written, `res.data.id` as `body.id`, from a word of it on; undefined where nothing of it is known. */
export function suggestForAnswer(ref: NameRef, view: ResultView, from?: string): string | undefined {
  const { parts } = readChain(ref);
  const written = translate(
    parts.slice(
      Math.max(
        0,
        parts.findIndex(({ word }) => word === from),
      ),
    ),
    view,
  );
  return written && `write ${written}`;
}

/** Whether a name is what other tools call a key that the result has under another one. */
export function isForeignKey(name: string, keys: ReadonlySet<string>): boolean {
  const key = KEYS.get(fold(name));
  return key !== undefined && keys.has(key) && !keys.has(name);
}

/** The key that is read of a name first, also where it is called. */
export function findFirstKey(ref: NameRef): string | undefined {
  return readChain(ref).parts[1]?.word;
}

/** A part of what stands there: `.get("x")` has an argument, `.json()` none. */
interface Part {
  readonly word: string;
  readonly isCall: boolean;
  readonly argument?: string | undefined;
}

function translate(parts: readonly Part[], { keys, write }: ResultView): string | undefined {
  // `res.json('items.0.id')` reads the body by a path.
  const words = parts.flatMap(({ word, argument = '' }) =>
    word === 'json' && /^\w+(?:\.\w+)*$/.test(argument) ? [word, ...argument.split('.')] : [word],
  );
  const at = words.findIndex((word) => !NAMES.has(word));
  const [first, ...rest] = at === -1 ? [] : words.slice(at);
  if (first === undefined) return undefined;
  if (first === 'ok' && keys.has('status')) return `\`${write('status')} in 200..299\``;
  const list = LISTS.find((name) => keys.has(name));
  if (list !== undefined && /^\d+$/.test(first)) return `\`${write([list, first, ...rest].map(writePart).join(''))}\``;
  const key = keys.has(first) ? first : KEYS.get(fold(first));
  if (key === undefined || !keys.has(key)) return undefined;
  const path = [key, ...leaveReaders(key, rest)].map(writePart).join('');
  return `\`${write(path)}\`${key === 'duration_ms' ? ', in milliseconds' : ''}`;
}

/** Without what only reads a body once more: `res.body.json().id`. */
function leaveReaders(key: string, words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  return key === 'body' && /^(?:json|text)$/i.test(first) ? rest : words.filter((word) => word !== 'get');
}

function writePart(word: string, at: number): string {
  if (/^\d+$/.test(word)) return `[${word}]`;
  if (!/^[A-Za-z_]\w*$/.test(word)) return `["${word}"]`;
  return at === 0 ? word : `.${word}`;
}

function writeName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `$env["${name}"]`;
}

function fold(word: string): string {
  return word.replaceAll(/[_\-$]/g, '').toLowerCase();
}

const PART =
  /^(?:\??\.)?(?:([A-Za-z_$][\w$]*)|\[(?:(\d+)|\\?["']([^"'\]\\]+)\\?["'])\])(\(\s*(?:\\?["']([^"'\\()]*)\\?["'])?[^()]*\))?/;

/** Of a header the name may have `-` in it, which elsewhere is a sign of its own. */
const HEADER = new RegExp(PART.source.replace('[\\w$]*', String.raw`[\w$]*(?:-[A-Za-z]\w*)*`));

/** What stands at the place of a name and belongs to it, calls among it, which are no part of its path. */
function readChain({ span: { file, start } }: NameRef): { readonly parts: readonly Part[]; readonly text: string } {
  const parts: Part[] = [];
  let at = start;
  for (;;) {
    const pattern = KEYS.get(fold(parts.at(-1)?.word ?? '')) === 'headers' ? HEADER : PART;
    const match = pattern.exec(file.text.slice(at, at + 300));
    const [text = '', name, index, key, call, argument] = match ?? [];
    // Another name begins without a dot.
    if (!match || (parts.length > 0 && name !== undefined && !/^\??\./.test(text))) break;
    const part = { word: name ?? index ?? key ?? '', isCall: call !== undefined, argument };
    parts.push(part);
    if (isGetter(part) && argument !== undefined) parts.push({ word: argument, isCall: false });
    at += text.length;
  }
  return { parts, text: file.text.slice(start, at).replaceAll('\\"', '"') };
}

function isGetter({ word, isCall, argument }: Part): boolean {
  return isCall && argument !== undefined && GETTER.test(word);
}
