import { type Misfit, pathSpellings, type Spelling, shorten } from './foreign-paths.ts';

/** Spellings of other languages: what stands before the place, what stands at it, and how it is written here. */
const spellings: readonly Spelling[] = [
  { before: /!=$/, at: /^=/, suggest: () => 'write `!=`' },
  { before: /[<>]=$/, at: /^=/, suggest: (_, { source, offset }) => `write \`${source.slice(offset - 2, offset)}\`` },
  { before: /[-+*/%]$/, at: /^=/, suggest: () => 'nothing can be assigned here: write the calculation itself' },
  {
    at: /^=~\s*\/((?:[^/\\\n]|\\.)+)\/([a-z]*)/,
    suggest: ([, pattern, flags]) => `write \`${writePattern(pattern, flags)}\``,
  },
  { at: /^=~/, suggest: () => 'write `matches`, as in `name matches "^a"`' },
  { at: /^!~/, suggest: () => 'write `not matches`, as in `name not matches "^a"`' },
  {
    before: /\bcheck\(\s*\w+\s*,\s*\{\s*(?:"[^"]*"|'[^']*'|\w+)\s*:\s*\(?\s*(\w+)\s*\)?\s*$/,
    at: /^=>/,
    suggest: ([, name = ''], { source, offset }) => suggestForCheck(name, source.slice(offset + 2)),
  },
  { at: /^=>/, suggest: (_, misfit) => suggestForArrow(misfit, 2) ?? 'write `>=`' },
  { before: /-$/, at: /^>/, suggest: (_, misfit) => suggestForArrow(misfit, 1) },
  {
    before: /([\p{L}_$][\w.[\]"']*)-$/u,
    at: /^>{1,2}\s*["']?[\p{L}_][\w.[\]]*["']?(?:->{1,2}\s*["']?\w[\w.[\]]*["']?)*/u,
    suggest: ([, path], { source, offset }) => suggestForMember(path, source.slice(offset)),
  },
  { before: /-$/, at: /^>/, suggest: () => 'write `>=`, or `-` and `>` with a value between them' },
  { at: /^:=/, suggest: () => 'did you mean `==`?' },
  { at: /^=</, suggest: () => 'write `<=`' },
  { at: /^=!/, suggest: () => 'write `!=`' },
  { before: /<$/, at: /^>/, suggest: () => 'write `!=`' },
  { at: /^=(?!=)/, suggest: () => 'did you mean `==`?' },
  { at: /^!\s*(in|matches|contains|startsWith|endsWith)\b/, suggest: ([, word]) => `write \`not ${word}\`` },
  {
    at: /^\/((?:[^/\\\n]|\\.)+)\/([a-z]*)\.test\(([^()]+)\)/,
    suggest: ([, pattern, flags, text]) => `write \`${text} ${writePattern(pattern, flags)}\``,
  },
  {
    before: /^\s*$/,
    at: /^((?:\/\w+)+\/(?![gimsuy]{1,2}\s*$)\w+)\s*$/,
    suggest: ([, pointer]) => suggestForPointer(pointer),
  },
  {
    at: /^\/((?:[^/\\\n]|\\.)+)\/([a-z]*)/,
    suggest: ([, pattern, flags]) => `a pattern is a text: \`${writePattern(pattern, flags)}\``,
  },
  {
    before: /\[\s*$/,
    at: /^\]/,
    suggest: () => 'take one item with `[0]`, or a field of each with `map(list, .name)`',
  },
  ...pathSpellings,
  { before: /\[\s*$/, at: /^\*/, suggest: () => 'a list is mapped with `map(list, .name)`' },
  { at: /^\*/, suggest: () => 'a list is mapped with `map(list, .name)`' },
  { before: /\[\s*$/, at: /^\?/, suggest: () => 'items are chosen with `filter(list, .price > 10)`' },
  { before: /\bin\s*\(([^()[\]{}]*)$/, at: /^,/, suggest: (match, misfit) => suggestForList(match[1], misfit, ')') },
  { before: /\bin\s*\{([^()[\]{}]*)$/, at: /^,/, suggest: (match, misfit) => suggestForList(match[1], misfit, '}') },
  {
    before: /\bin\s+((?:[\w.]+|"[^"]*"|'[^']*')\s*)$/,
    at: /^,/,
    suggest: (match, misfit) => suggestForList(match[1], misfit, '\n'),
  },
  {
    before:
      /(?:[=!<>]=|[<>]|\b(?:contains|matches|startsWith|endsWith|in)\b)\s*(?:[\w.-]+|"[^"]*"|'[^']*'|\[[^[\]]*\])\s*$/,
    at: /^,/,
    suggest: () => 'join conditions with `and`, or write each as an item of its own',
  },
  {
    before: /^\s*([\w.[\]"]+)\s*$/,
    at: /^:\s*(?:-?\d[\d.]*|"[^"]*"|'[^']*'|true|false|nil|null)\s*$/,
    suggest: ([, path], { source, offset }) => `write \`${path} == ${shorten(source.slice(offset + 1).trim())}\``,
  },
  { at: /^(?:ignoring|ignore|case)[ _-]?case\b/i, suggest: () => 'compare both sides with `lower(…)` around them' },
  { at: /^,\s*\w+(?:\s*,\s*\w+)*\s*\)\s*=>/, suggest: () => manyParameters },
  { before: /\[[^[\]]*$/, at: /^,/, suggest: () => 'there is one index, or a slice such as `[0:2]`' },
  { before: /\|\s*[\w.]*\s*$/, at: /^(?!\})/, suggest: () => 'where one of two conditions is meant, write `or`' },
  { before: /\S\s*$/, at: /^if\b/, suggest: () => 'write `condition ? a : b`' },
  {
    before: /([\p{L}_$][\p{L}\p{Nd}_$]*(?:\.[\p{L}_]\w*|\[[^[\]]*\])*)$/u,
    at: /^\.\d/,
    suggest: ([, path = ''], { source, offset }) => {
      const tail = /^(?:\.\w+|\[\d+\])+/.exec(source.slice(offset))?.[0].replaceAll(/\.(\d+)(?!\w)/g, '[$1]');
      return `an item of a list is taken with brackets: \`${path}${tail}\``;
    },
  },
  { before: /\d$/, at: /^\./, suggest: () => 'a number has no members' },
  { before: /\bnew\s+$/, at: /^Date\b/, suggest: () => 'write `now()`, or `date(text)` for another time' },
  { before: /\bnew\s+$/, at: /^\w/, suggest: () => 'nothing is made with `new`: write the value itself' },
  {
    before: /\$response\.body$/,
    at: /^#((?:\/[\w~-]+)+)/,
    suggest: ([, pointer]) => suggestForPointer(`/body${pointer}`),
  },
  {
    before: /\bmatches\s+(?:json\s*)?schema\s+$/i,
    at: /^["']([^"'\n]+)["']/,
    suggest: ([, file]) => `write \`matches_schema(body, "${file}")\``,
  },
  { before: /^\s*headers?$/, at: /^:\s*["']?([\w-]+)/, suggest: ([, name]) => `write \`headers["${name}"]\`` },
  { before: /^\s*headers?\s*$/, at: /^["']([^"'\n]+)["']/, suggest: ([, name]) => `write \`headers["${name}"]\`` },
  {
    before: /^\s*cookie\s*$/,
    at: /^["']([^"'\n]+)["']/,
    suggest: ([, name]) => `a cookie stands in its header: \`headers["set-cookie"] contains "${name}="\``,
  },
  {
    before: /^\s*xpath\s*$/,
    at: /^["']/,
    suggest: () => 'there is no XPath: XML is a text, tested with `body contains "…"` or `body matches "…"`',
  },
  {
    before: /^\s*(?:variable|env)\s*$/,
    at: /^["']([A-Za-z_]\w*)["']/,
    suggest: ([, name]) => `a variable is its name alone: \`${name}\``,
  },
  { before: /^\s*regex\s*$/, at: /^["']/, suggest: () => 'write `body matches "…"`, or `{regex: "…"}` to capture' },
  {
    before: /^\s*(?:status(?:_?[cC]ode)?|HTTP(?:\/\d(?:\.\d)?)?)\s*$/,
    at: /^\d{3}\s*$/,
    suggest: ([code]) => `write \`status == ${code?.trim()}\``,
  },
  {
    before: /^\s*(?:jsonpath|body)\s*$/,
    at: /^(["'])\$((?:(?!\1)[^\n])*)\1/,
    suggest: ([, , path]) => suggestForJsonPath(path),
  },
  { at: /^(?:contains|startsWith|endsWith|matches|in)\s*\(/, suggest: (_, misfit) => suggestForInfix(misfit) },
];

/** How something is written that other languages write as it stands at a place where the source cannot go on. */
export function suggestSpelling(source: string, offset: number): string | undefined {
  const [head, rest] = [source.slice(Math.max(0, offset - 200), offset), source.slice(offset, offset + 200)];
  for (const { before, at, suggest } of spellings) {
    const [behind, ahead] = [before?.exec(head), at?.exec(rest)];
    if ((before && !behind) || (at && !ahead)) continue;
    const hint = suggest(behind && behind.length > 1 ? behind : (ahead ?? []), { source, offset });
    if (hint !== undefined) return hint;
  }
  return undefined;
}

const functionsByWord: { readonly [word: string]: string } = {
  len: 'len',
  length: 'len',
  size: 'len',
  sizeof: 'len',
  type: 'type',
  typeof: 'type',
  string: 'string',
  int: 'int',
  float: 'float',
  date: 'date',
  duration: 'duration',
  lower: 'lower',
  upper: 'upper',
  trim: 'trim',
  keys: 'keys',
  values: 'values',
  first: 'first',
  last: 'last',
  abs: 'abs',
  round: 'round',
  sum: 'sum',
  json: 'json',
};

const manyParameters =
  'within a predicate the item is `#`, its position `#index` and the result so far `#acc`, without an arrow: `map(list, #.name)`';

const CALLED = /(\bnot\s+|!\s*)?(?<![\w.$])(\w+)\s+$/;

/** How a call without parentheses is written, as `len body`: the operand begins at the place. */
export function suggestForCall(source: string, offset: number): string | undefined {
  const operand = /^(?:[\p{L}_$#][\p{L}\p{Nd}_$]*|-?\d+(?:\.\d+)?|"[^"]*"|'[^']*')(?:\??\.[\p{L}_]+|\[[^\]]*\])*/u.exec(
    source.slice(offset),
  )?.[0];
  const [, not, word = ''] = CALLED.exec(source.slice(0, offset).toLowerCase()) ?? [];
  if (operand === undefined) return undefined;
  if (/^(?:exists?|defined|isset|has|present)$/.test(word)) return `write \`${operand} ${not ? '==' : '!='} nil\``;
  if (/^(?:empty|isempty)$/.test(word)) return `write \`len(${operand}) ${not ? '>' : '=='} 0\``;
  const name = Object.hasOwn(functionsByWord, word) ? functionsByWord[word] : undefined;
  return name && `a function call needs parentheses: \`${name}(${operand})\``;
}

/** `filter(items, x => x.price > 1)`: the predicate with `#` for the item; undefined when no parameter stands before the arrow. */
function suggestForArrow({ source, offset }: Misfit, length: number): string | undefined {
  const head = source.slice(0, offset - (length === 1 ? 1 : 0));
  const [found, grouped, single] = parameterPattern.exec(head) ?? [];
  const [item, ...more] = (grouped ?? single ?? '').split(/\s*,\s*/);
  if (found === undefined || !item || /\b(?:and|or|not|in|if)\s*\($/.test(head.slice(0, head.length - found.length)))
    return undefined;
  const body = takeArgument(source.slice(offset + length)).trim();
  if (more.length > 0 || body === '') return manyParameters;
  const written = body.replace(new RegExp(`(?<![\\w.$])${item}(?![\\w$])`, 'gu'), '#');
  return `an item is \`#\` within a predicate, without an arrow: \`${writeCall(head.slice(0, head.length - found.length), written)}\``;
}

/** `check(res, {'is 200': (r) => r.status === 200})` of k6: the condition by itself. */
function suggestForCheck(name: string, rest: string): string {
  const condition = takeArgument(rest)
    .trim()
    .replaceAll(/([=!]=)=/g, '$1')
    .replaceAll(new RegExp(`\\b${name}\\.json\\(\\s*(?:["']([\\w.]+)["'])?\\s*\\)`, 'g'), (_, path?: string) =>
      path === undefined ? 'body' : `body.${path}`,
    )
    .replaceAll(new RegExp(`(?<![\\w.])${name}\\.`, 'g'), '');
  return `an assertion is the condition alone: write \`${shorten(condition)}\``;
}

// What stands before it opens a call or follows an argument.
const parameterPattern =
  /(?<=[\p{L}\p{Nd}_]\s*\(|[,{])\s*(?:\(\s*([\p{L}_]\w*(?:\s*,\s*[\p{L}_]\w*)*)\s*\)|([\p{L}_]\w*))\s*$/u;

/** `items.filter(.price > 1)`, `every(items, .price > 1)`: the call with the function that is meant in front, for a predicate that begins at the offset. */
export function suggestForMethodCall(source: string, offset: number): string | undefined {
  const head = source.slice(0, offset).trimEnd();
  const call = writeCall(head, takeArgument(source.slice(offset)).trim());
  if (/\.\w+\($/.test(head)) return `functions go in front: \`${call}\``;
  const [, other = ''] = /.*(?<![\w.])(some|every|flatMap)\(/s.exec(head) ?? [];
  const name = namesByMethod[other];
  return (
    name && `there is no function \`${other}\`: write \`${call.startsWith(name) ? call : `${name}(list, ${call})`}\``
  );
}

const namesByMethod: { readonly [method: string]: string } = { some: 'any', every: 'all', flatMap: 'map' };

/** The call that a predicate belongs to, as far as it is plain. */
function writeCall(head: string, predicate: string): string {
  const [, list, method = ''] = /([\w.[\]"]+)\.(\w+)\($/.exec(head) ?? [];
  if (list !== undefined) return `${namesByMethod[method] ?? method}(${list}, ${predicate})`;
  const [, call = '', args] = /(\w+)(\([^(){}]*,)$/.exec(head) ?? [];
  return args === undefined ? predicate : `${namesByMethod[call] ?? call}${args} ${predicate})`;
}

/** The text up to the comma or bracket that ends an argument. */
function takeArgument(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (depth === 0 && /[,)\]}]/.test(character)) return text.slice(0, at);
    if (/[([{]/.test(character)) depth++;
    if (/[)\]}]/.test(character)) depth--;
  }
  return text;
}

/** `body->items->0->'id'`: the path with its dots. */
function suggestForMember(path = '', rest: string): string {
  const [, keys = ''] = /^((?:-?>{1,2}\s*["']?\w[\w.[\]]*["']?)+)/.exec(rest) ?? [];
  const members = keys.replaceAll(/-?>{1,2}\s*["']?(\w[\w.[\]]*)["']?/g, (_, key: string) =>
    /^\d+$/.test(key) ? `[${key}]` : `.${key}`,
  );
  return `a path is written with dots: \`${path}${members}\``;
}

function writePattern(pattern = '', flags = ''): string {
  const kept = [...flags].filter((flag) => 'ims'.includes(flag)).join('');
  return `matches ${JSON.stringify(`${kept === '' ? '' : `(?${kept})`}${pattern.replaceAll('\\/', '/')}`)}`;
}

/** `/body/items/0/id`: the path with its dots. */
function suggestForPointer(pointer = ''): string {
  const path = pointer
    .slice(1)
    .replaceAll(/\/(\w+)/g, (_, key: string) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`));
  return `a path is written with dots: \`${path}\``;
}

/** `jsonpath "$.items[0].id"`: the path below `body`, where it names one value. */
function suggestForJsonPath(path = ''): string {
  const isPlain = /^(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|"[^"]*")\])*$/.test(path);
  return isPlain
    ? `an assertion names keys of the result: write \`body${path}\``
    : 'an assertion names keys of the result, as in `body.id` or `any(body.items, .id == 1)`; `output:` takes a JSONPath';
}

function suggestForList(head = '', { source, offset }: Misfit, close: string): string {
  const rest = source.slice(offset).split(close)[0] ?? '';
  const items = `${head}${rest}`.trim();
  return `a list goes in brackets: \`in [${items.length > 60 ? '…' : items}]\``;
}

/** `contains(a, b)`: a word that stands between its operands. */
function suggestForInfix({ source, offset }: Misfit): string | undefined {
  const [, word = '', rest = ''] = /^(\w+)\s*\((.*)$/s.exec(source.slice(offset)) ?? [];
  const first = takeArgument(rest).trim();
  const second = takeArgument(rest.slice(rest.indexOf(first) + first.length).replace(/^\s*,/, '')).trim();
  return first === '' || second === ''
    ? undefined
    : `\`${word}\` goes between its sides: \`${first} ${word} ${second}\``;
}
