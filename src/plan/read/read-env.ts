import { findUnfilled } from './unfilled.ts';

/** A variable in a dotenv file. */
export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  /** Where its name begins. */
  readonly start: number;
  /** Of its line, from 1. */
  readonly line: number;
  /** A placeholder in it that nothing fills in, outside of single quotes. */
  readonly unfilled: string | undefined;
}

/** What a dotenv file holds. */
export interface EnvText {
  /** The last of each name counts. */
  readonly variables: readonly EnvVariable[];
  /** Numbers of lines that are neither assignment nor comment nor blank, or that open a quote which nothing closes. */
  readonly strayLines: readonly number[];
}

const BLANK_OR_COMMENT = /^\s*(?:#|$)/;
const NAME = /^(\ufeff?[ \t]*(?:export[ \t]+)?)([\w.-]+)(?:[ \t]*=|:(?=\s|$))/;
/** To its closing quote, over several lines; behind it stands nothing but a comment. */
const QUOTED = /[ \t]*(?:'((?:\\'|[^'])*)'|"((?:\\"|[^"])*)"|`((?:\\`|[^`])*)`)[ \t]*(?:#.*)?\r?(?=\n|$)/y;
const OPEN_QUOTE = /^[ \t]*(["'`])(?!.*\1)/;
/** A `#` that follows something else than a blank belongs to the value: passwords have some. */
const COMMENT = /\s#.*$/s;

/** Reads `NAME=value`, `export NAME="…"` and `NAME: value` of a dotenv file. */
export function readEnv(text: string): EnvText {
  const variables = new Map<string, EnvVariable>();
  const strayLines: number[] = [];
  let lineNumber = 0;
  for (let at = 0; at < text.length; ) {
    lineNumber++;
    const line = text.slice(at, endOfLine(text, at));
    const [head = '', before = '', name] = NAME.exec(line) ?? [];
    QUOTED.lastIndex = at + head.length;
    const quoted = name === undefined ? undefined : (QUOTED.exec(text) ?? undefined);
    if (name === undefined || (!quoted && OPEN_QUOTE.test(line.slice(head.length)))) {
      if (!BLANK_OR_COMMENT.test(line)) strayLines.push(lineNumber);
    } else {
      const value = quoted ? unquote(quoted) : line.slice(head.length).replace(COMMENT, '').trim();
      const unfilled = quoted?.[1] === undefined ? findUnfilled(value) : undefined;
      variables.set(name, { name, value, start: at + before.length, line: lineNumber, unfilled });
    }
    const end = quoted ? QUOTED.lastIndex : at + line.length;
    lineNumber += text.slice(at, end).split('\n').length - 1;
    at = end + 1;
  }
  return { variables: [...variables.values()], strayLines };
}

/** Says that lines of a file are not what they look like; what stands in them may be secret. */
export function describeStrayLines(file: string, lines: readonly number[]): { message: string; help: string } {
  const shown = lines.slice(0, 5).join(', ');
  const rest = lines.length > 5 ? ` and ${lines.length - 5} more` : '';
  const [noun, verdict] =
    lines.length === 1
      ? ['line', 'is not an assignment, and is left out']
      : ['lines', 'are not assignments, and are left out'];
  return {
    message: `${noun} ${shown}${rest} of \`${file}\` ${verdict}`,
    help: 'write `NAME=value`, in quotes that are closed where the value has several lines, and begin a comment with `#`',
  };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function unquote([, single, double, back]: RegExpExecArray): string {
  const text = (single ?? double ?? back ?? '').replace(/\r\n?/g, '\n');
  return double === undefined ? text : text.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}
