import { type DecodedText, Decoder } from './decoder.ts';

export interface BlockSource {
  /** `|`, `>-`, `|2+` … */
  readonly header: string;
  readonly source: string;
  /** Indentation of the collection around it. */
  readonly indent: number;
  /** Offset of the first line of content in the file. */
  readonly offset: number;
}

/** Decodes a literal or folded block scalar. */
export function decodeBlock(block: BlockSource): DecodedText {
  const lines = splitLines(block.source, block.offset);
  const chomp = /[-+]/.exec(block.header)?.[0] ?? '';
  const explicit = Number(/[1-9]/.exec(block.header)?.[0] ?? 0);
  const out = new BlockDecoder(block.offset);
  const contentEnd = lines.findLastIndex((line) => line.content !== '') + 1;
  if (contentEnd === 0) {
    if (chomp === '+') for (const line of lines.slice(0, Math.max(1, lines.length - 1))) out.putBreak(line);
    return out;
  }
  const first = lines.findIndex((line) => line.content !== '');
  const margin = explicit > 0 ? block.indent + explicit : (lines[first]?.indent ?? 0);
  const deepBlank = lines.findLastIndex((line) => line.indent > margin) + 1;
  const end = Math.max(contentEnd, deepBlank);
  for (const line of lines.slice(0, first)) {
    out.putIndent(line, margin);
    out.putBreak(line);
  }
  if (block.header.startsWith('>')) foldLines(lines.slice(first, end), margin, out);
  else copyLines(lines.slice(first, end), margin, out);
  chompLines(lines, end, { chomp, margin }, out);
  return out;
}

interface BlockLine {
  readonly indent: number;
  readonly content: string;
  readonly start: number;
  /** Offset and end of the line break behind it. */
  readonly breakStart: number;
  readonly breakEnd: number;
}

function copyLines(lines: readonly BlockLine[], margin: number, out: BlockDecoder): void {
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (before) out.putBreak(before);
    out.putIndent(line, margin);
    out.putContent(line);
  });
}

function foldLines(lines: readonly BlockLine[], margin: number, out: BlockDecoder): void {
  let separator: BreakRun = { text: '', lines: [] };
  let wasDeeper = false;
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (line.indent > margin || line.content.startsWith('\t')) {
      const isRun = separator.text === '\n' && !wasDeeper;
      if (separator.text === ' ') separator = { ...separator, text: '\n' };
      else if (isRun) separator = { text: '\n\n', lines: before ? [...separator.lines, before] : separator.lines };
      out.putRun(separator);
      out.putIndent(line, margin);
      out.putContent(line);
      separator = { text: '\n', lines: [line] };
      wasDeeper = true;
    } else if (line.content === '') {
      if (separator.text === '\n') out.putRun(separator);
      separator = { text: '\n', lines: before ? [before] : [] };
    } else {
      out.putRun(separator);
      out.putContent(line);
      separator = { text: ' ', lines: [line] };
      wasDeeper = false;
    }
  });
}

function chompLines(
  lines: readonly BlockLine[],
  end: number,
  rule: { chomp: string; margin: number },
  out: BlockDecoder,
): void {
  if (rule.chomp === '-') return;
  const last = lines[end - 1];
  if (rule.chomp === '' && last) out.putBreak(last);
  if (rule.chomp !== '+') return;
  for (let index = end; index < lines.length; index++) {
    const before = lines[index - 1];
    const line = lines[index];
    if (before) out.putBreak(before);
    if (line) out.putIndent(line, rule.margin);
  }
  if (!out.text.endsWith('\n') && last) out.putBreak(last);
}

function splitLines(source: string, offset: number): readonly BlockLine[] {
  if (source === '') return [];
  let start = 0;
  return source.split('\n').map((raw) => {
    const lineStart = start;
    start += raw.length + 1;
    const indent = /^ */.exec(raw)?.[0].length ?? 0;
    const content = raw.slice(indent).replace(/\r$/, '');
    const breakStart = offset + lineStart + indent + content.length;
    // The last line of a file may have no break: the one that YAML adds stands nowhere.
    const breakEnd = offset + Math.min(start, source.length);
    return { indent, content, start: offset + lineStart, breakStart, breakEnd };
  });
}

interface BreakRun {
  readonly text: string;
  /** The lines whose breaks it stands for. */
  readonly lines: readonly BlockLine[];
}

class BlockDecoder extends Decoder {
  putBreak(line: BlockLine): void {
    this.put('\n', line.breakStart, line.breakEnd);
  }

  putIndent(line: BlockLine, margin: number): void {
    for (let at = margin; at < line.indent; at++) this.put(' ', line.start + at, line.start + at + 1);
  }

  putContent(line: BlockLine): void {
    this.copy(line.content, 0, line.content.length, line.start + line.indent);
  }

  putRun(run: BreakRun): void {
    [...run.text].forEach((char, index) => {
      const line = run.lines[index] ?? run.lines.at(-1);
      if (line) this.put(char, line.breakStart, line.breakEnd);
    });
  }
}
