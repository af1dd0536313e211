/** What is written without quotes, and is no expression by its signs: a word, a sentence, an address, a text with placeholders. */
const PLAIN = /^[\p{L}\d][^"'`()[\]=<>|&*+#]*$/u;
const MOST = 60;

/** How a text is written where an expression stands, `greeting: '"hello"'`; undefined where it is one by its signs. */
export function suggestQuotes(key: string, text: string): string | undefined {
  const written = text.trim();
  if (!PLAIN.test(written.replaceAll(/\{\{.*?\}\}/g, '')) || written.length > MOST || written.includes('\n'))
    return undefined;
  return `\`${key}\` takes an expression, in which a text has quotes of its own: \`${key}: '${quote(written)}'\``;
}

/** `"hello, " + name` of `hello, {{name}}`. */
function quote(text: string): string {
  const parts = text.split(/\{\{\s*(.*?)\s*\}\}/).map((part, at) => (at % 2 === 1 ? part : part && `"${part}"`));
  return parts.filter((part) => part !== '').join(' + ');
}

/** What is a date for whoever wrote it, and a difference of numbers here. */
export function isDate(text: string): boolean {
  return /^\s*\d{4}-\d\d-\d\d\s*$/.test(text);
}
