import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';

/** Blanks that look like one and are none to YAML; each is one UTF-16 unit. */
const ODD = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/;
const ODD_BLANKS = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/g;
/** What stands before a value: blanks, dashes, a key. */
const LAYOUT = /^(?:[\s\u200b\u2060]|-(?=[\s\u200b\u2060])|[\w.-]+:(?=[\s\u200b\u2060]))*/;
/** Blanks behind a value without quotes. */
const TAIL = /(?<=[^\s\u200b\u2060"'])[\s\u200b\u2060]+$/;
const BLOCK_TEXT = /(?:^|[:\-\s])[|>][-+\d]*\s*$/;

const NAMES: Readonly<Record<number, string>> = {
  160: 'a no-break space',
  8203: 'a zero-width space',
  8239: 'a narrow no-break space',
  8288: 'a word joiner',
  12288: 'an ideographic space',
  65279: 'a byte order mark',
};

export interface OddBlanks {
  /** The text with blanks in their place; offsets stay what they are. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds blanks of other kinds where YAML wants its own: in the indentation, around a key, behind a value; those in texts belong to them. */
export function mendOddBlanks(file: SourceFile): OddBlanks {
  if (!ODD.test(file.text)) return { text: file.text, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  let blockIndent: number | undefined;
  const lines = file.text.split('\n').map((line, index) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const isInBlock = blockIndent !== undefined && (indent > blockIndent || line.trim() === '');
    if (isInBlock) return line;
    blockIndent = BLOCK_TEXT.test(line) ? indent : undefined;
    const found = findOdd(line);
    const [first] = found;
    if (first === undefined) return line;
    diagnostics.push(describeOdd(file, (file.lineStarts[index] ?? 0) + first, line[first] ?? ''));
    return Array.from({ length: line.length }, (_, at) => (found.includes(at) ? ' ' : line[at])).join('');
  });
  return { text: lines.join('\n'), diagnostics };
}

function findOdd(line: string): readonly number[] {
  if (!ODD.test(line)) return [];
  const head = LAYOUT.exec(line)?.[0].length ?? 0;
  const tail = line.includes('#') ? undefined : TAIL.exec(line.slice(head));
  const from = tail ? head + tail.index : line.length;
  return [...line.matchAll(ODD_BLANKS)].map(({ index }) => index).filter((at) => at < head || at >= from);
}

function describeOdd(file: SourceFile, start: number, character: string): Diagnostic {
  const code = character.charCodeAt(0);
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    severity: 'error',
    code: 'TM026',
    message: `${NAMES[code] ?? 'an odd space'} (${point}) is where YAML needs an ordinary space`,
    span: { file, start, end: start + 1 },
    help: ['replace it with a space: it often comes with text copied from a web page'],
  };
}
