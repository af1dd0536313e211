import { type Document, type Scalar, visit } from 'yaml';

/** A text that is laid out in the place of one that stays as it was written. */
interface Kept {
  readonly placeholder: string;
  readonly written: string;
}

const FOLDED = /^>/;

/**
 * Takes out of a document what would be written otherwise though it means the same: escapes in double quotes, texts in quotes over
 * several lines, folded blocks. Gives what puts them back as they were, at the indentation that their place has then.
 */
export function keepWritten(document: Document, text: string): (laidOut: string) => string {
  const kept: Kept[] = [];
  visit(document, {
    Scalar(key, node) {
      const written = key === 'key' ? undefined : readWritten(node, text);
      if (written === undefined) return;
      const [firstLine = ''] = written.split('\n');
      const placeholder = `Kept${kept.length}x`.padEnd(written.includes('\n') ? 0 : firstLine.length, 'x');
      if (text.includes(placeholder)) return;
      kept.push({ placeholder, written });
      node.value = placeholder;
      node.type = 'PLAIN';
      delete node.source;
    },
  });
  return (laidOut) => kept.reduceRight(putBack, laidOut);
}

/** Undefined for what is written as it would be anyway. */
function readWritten({ type, range }: Scalar, text: string): string | undefined {
  if (!range) return undefined;
  const written = text.slice(range[0], range[1]);
  if (type === 'BLOCK_FOLDED' && FOLDED.test(written)) return written.replace(/\n+$/, '');
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  return isQuoted && (written.includes('\n') || (type === 'QUOTE_DOUBLE' && written.includes('\\')))
    ? written
    : undefined;
}

function putBack(laidOut: string, { placeholder, written }: Kept): string {
  const at = laidOut.indexOf(placeholder);
  if (at === -1) return laidOut;
  const lineStart = laidOut.lastIndexOf('\n', at) + 1;
  const [prefix = ''] = /^ *(?:- )*/.exec(laidOut.slice(lineStart, at)) ?? [];
  const isItem = lineStart + prefix.length === at;
  const indent = ' '.repeat(isItem ? Math.max(0, prefix.length - 2) + 2 : prefix.length + 2);
  return laidOut.slice(0, at) + indentLines(written, indent) + laidOut.slice(at + placeholder.length);
}

/** The lines behind the first, so that the least indented of them stands at the indentation. */
function indentLines(written: string, indent: string): string {
  const [first = '', ...rest] = written.split('\n');
  const filled = rest.filter((line) => line.trim() !== '');
  const least = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return [first, ...rest.map((line) => (line.trim() === '' ? '' : indent + line.slice(least)))].join('\n');
}
