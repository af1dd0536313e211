/** Where a text stops being JSON, and why. */
export interface JsonFault {
  /** UTF-16 units. */
  readonly offset: number;
  /** `expected a value, got ","`. */
  readonly message: string;
}

const BLANKS = /[\t\n\r ]*/y;
const TOKEN =
  /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b|[[\]{},:]/uy;

type Wanted = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Finds the first place where a text is no JSON; undefined when it is. */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: string[] = [];
  let wanted: Wanted = 'value';
  for (let at = 0; ; ) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)?.[0].length ?? 0;
    if (at >= text.length && wanted === 'nothing') return undefined;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? '';
    const next: Wanted | undefined = token === '' ? undefined : step(token, wanted, open);
    if (next === undefined)
      return { offset: at, message: describe(text, at, { wanted, end: open.at(-1), isText: token !== '' }) };
    wanted = next;
    at += token.length;
  }
}

/** What may stand behind a token; undefined when it may not stand there. */
function step(token: string, wanted: Wanted, open: string[]): Wanted | undefined {
  const after = (): Wanted => (open.length === 0 ? 'nothing' : 'comma or end');
  if (token === ']' || token === '}') {
    const mayEnd = wanted === 'comma or end' || wanted === (token === ']' ? 'value or end' : 'key or end');
    if (!mayEnd || open.at(-1) !== token) return undefined;
    open.pop();
    return after();
  }
  if (token === ',') {
    if (wanted !== 'comma or end') return undefined;
    return open.at(-1) === ']' ? 'value' : 'key';
  }
  if (token === ':') return wanted === 'colon' ? 'value' : undefined;
  if (wanted === 'key' || wanted === 'key or end') return token.startsWith('"') ? 'colon' : undefined;
  if (wanted !== 'value' && wanted !== 'value or end') return undefined;
  if (token !== '[' && token !== '{') return after();
  open.push(token === '[' ? ']' : '}');
  return token === '[' ? 'value or end' : 'key or end';
}

function describe(
  text: string,
  at: number,
  { wanted, end, isText }: { wanted: Wanted; end: string | undefined; isText: boolean },
): string {
  const words: Readonly<Record<Wanted, string>> = {
    value: 'a value',
    'value or end': 'a value or `]`',
    key: 'a key in double quotes',
    'key or end': 'a key in double quotes or `}`',
    colon: '`:`',
    'comma or end': `\`,\` or \`${end}\``,
    nothing: 'nothing more',
  };
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const quoted = isText ? 'a text' : 'a text that is not closed or has a character that is not allowed';
  const got = at >= text.length ? 'the end' : character === '"' ? quoted : `\`${character}\``;
  return `line ${line}, column ${column}: expected ${words[wanted]}, got ${got}`;
}
