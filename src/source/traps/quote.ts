/** Writes a text as a quoted YAML scalar, the way that needs the fewest escapes. */
export function quoteYaml(text: string): string {
  if (!/["\\\n\t]/.test(text)) return `"${text}"`;
  if (!/[\n\t]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text);
}

/** Whether a quote or bracket that opens in the text does not close in it; an apostrophe inside a word opens nothing. */
export function hasOpenQuote(text: string): boolean {
  return scan(text).quote !== undefined;
}

/** Whether a bracket that opens in the text does not close in it. */
export function hasOpenBracket(text: string): boolean {
  return scan(text).depth > 0;
}

/** The kind of the quote that is left open, or undefined. */
export function findOpenQuote(text: string): string | undefined {
  return /["']/.test(text) ? scan(text).quote : undefined;
}

/** Whether a text goes on: a quote or bracket is open, or a comparison has no right side (`body.color ==`). */
export function isUnfinished(text: string): boolean {
  return /["'([{]/.test(text) ? hasOpenQuote(text) || hasOpenBracket(text) || lacksSide(text) : lacksSide(text);
}

function lacksSide(text: string): boolean {
  return /\S\s*[=!<>]=$/.test(text);
}

function scan(text: string): { quote: string | undefined; depth: number } {
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== undefined) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = undefined;
    } else if (char === '"' || (char === "'" && !/\w/.test(text[at - 1] ?? ''))) quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
  }
  return { quote, depth };
}
