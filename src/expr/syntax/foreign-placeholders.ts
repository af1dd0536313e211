type Suggest = (match: readonly string[]) => string;

const BLOCKS = 'there are no blocks: write `{{condition ? "a" : "b"}}`, or give the step a `when`';
const NOW = 'write `{{ISO_TIMESTAMP}}`, or `{{now().Format("2006-01-02")}}` for another layout';

/** Placeholders of other tools, and how they are written here. */
const spellings: readonly (readonly [RegExp, Suggest])[] = [
  [/^\{\{\s*\.Env\.(\w+)\s*\}\}/, ([, name]) => `write \`{{env("${name}")}}\``],
  [/^\{\{\s*\.([\p{L}_][\p{L}\p{Nd}_.]*)\s*\}\}/u, ([, name]) => `write \`{{${name}}}\`, without the dot`],
  [
    /^\{\{\{\s*([\p{L}_][\p{L}\p{Nd}_.]*)\s*\}\}\}/u,
    ([, name]) => `write \`{{${name}}}\`, with two braces: nothing is escaped`,
  ],
  [
    /^\{\{[~-]?\s*(?:#\s*each|range|for)\b/,
    () => 'there are no blocks: a list is mapped with `{{map(list, .name)}}`, and steps are repeated by `for_each`',
  ],
  [/^\{\{[~-]?\s*(?:#\s*\w|[/^]\s*\w|(?:else|end|unless|with)\b|if\b[^{}]*\}\})/, () => BLOCKS],
  [/^\{\{[~-]?\s*>/, () => 'nothing is included into a text: `file("part.json")` gives the text of a file'],
  [
    /^\{\{\s*\$?(?:env|processEnv|dotenv|getenv|environment)\s+["']?%?(\w+)["']?\s*\}\}/,
    ([, name]) => `write \`{{env("${name}")}}\``,
  ],
  [/^\{\{\s*\$?(?:now|timestamp|(?:local)?date(?:time)?)\s+\S/i, () => NOW],
  [
    /^\{\{\s*\$?rand(?:om)?(?:Int)?\s+(-?\d+)\s+(-?\d+)\s*\}\}/i,
    ([, low, high]) => `write \`{{random_int(${low}, ${high})}}\``,
  ],
  [
    /^\{\{\s*\$?(?:rand|random)_?Numeric\s+(\d+)\s*\}\}/i,
    ([, digits]) =>
      `write \`{{random_int(1${'0'.repeat(countDigits(digits) - 1)}, ${'9'.repeat(countDigits(digits))})}}\``,
  ],
  [
    /^\{\{\s*\$?(?:rand|random)_?(?:Alpha(?:Num(?:eric)?|betic)?|Ascii|String|Hex|Bytes)\s+(\d+)\s*\}\}/i,
    ([, length]) => `write \`{{random_string(${length})}}\``,
  ],
  [
    /^\{\{\s*\$?([A-Za-z_]\w*)((?:\s+(?:-?\d+(?:\.\d+)?|"[^"{}]*"|'[^'{}]*'))+)\s*\}\}/,
    ([, name, args = '']) =>
      `arguments stand in parentheses: \`{{${name}(${(args.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).join(', ')})}}\``,
  ],
];

/** A number is exact with no more. */
function countDigits(written = ''): number {
  return Math.min(15, Math.max(1, Number(written)));
}

/** How a placeholder of another tool that opens at the offset is written here. */
export function suggestForPlaceholder(source: string, offset: number): string | undefined {
  const text = source.slice(offset, offset + 200);
  for (const [at, suggest] of spellings) {
    const match = at.exec(text);
    if (match) return suggest(match);
  }
  return undefined;
}
