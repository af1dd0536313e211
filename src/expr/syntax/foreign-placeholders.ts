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
    /^\{\{\s*\$?random(?:Int)?\s+(-?\d+)\s+(-?\d+)\s*\}\}/i,
    ([, low, high]) => `write \`{{random_int(${low}, ${high})}}\``,
  ],
];

/** How a placeholder of another tool that opens at the offset is written here. */
export function suggestForPlaceholder(source: string, offset: number): string | undefined {
  const text = source.slice(offset, offset + 200);
  for (const [at, suggest] of spellings) {
    const match = at.exec(text);
    if (match) return suggest(match);
  }
  return undefined;
}
