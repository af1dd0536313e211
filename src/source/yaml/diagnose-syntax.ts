import type { Document, ParsedNode, YAMLParseError } from 'yaml';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { diagnoseLayout } from '../traps/diagnose-layout.ts';
import { findUnquoted } from '../traps/find-unquoted.ts';
import { type LineParts, splitLine } from '../traps/line-parts.ts';
import { findScalarAt, findUnclosedBracket, findUnclosedQuote } from '../traps/open-tokens.ts';
import { createTrapDiagnostic } from '../traps/trap.ts';
import type { QuotedStretch } from './build-node.ts';

/** A place where the text does not parse. */
export interface SyntaxProblem {
  readonly file: SourceFile;
  /** The file's text with earlier repairs in it; offsets are the file's. */
  readonly text: string;
  readonly documents: readonly Document.Parsed<ParsedNode>[];
  readonly error: YAMLParseError;
}

export interface SyntaxFinding {
  readonly diagnostic: Diagnostic;
  /** What to read as if it were quoted to find what else is wrong. */
  readonly repair?: QuotedStretch | undefined;
}

/** Says in our own words why the text does not parse, from the parser's error and the looks of the line. */
export function diagnoseSyntax(problem: SyntaxProblem): SyntaxFinding {
  const { error, text } = problem;
  const [at] = error.pos;
  if (error.code === 'RESOURCE_EXHAUSTION') {
    const message = 'this is nested too deeply to be read';
    return findSyntax(problem, { code: 'TM024', message, start: at, end: at + 1 });
  }
  const line = splitLine(text, Math.min(at, Math.max(0, text.length - 1)), error.code === 'BAD_INDENT');
  return (
    diagnoseTab(problem, line) ??
    diagnoseTabBelow(problem, line) ??
    diagnoseUnquoted(problem, line) ??
    diagnoseUnclosed(problem) ??
    diagnoseEscape(problem) ??
    layout(problem, line) ??
    describeOther(problem)
  );
}

function diagnoseTab(problem: SyntaxProblem, line: LineParts): SyntaxFinding | undefined {
  if (problem.error.code !== 'TAB_AS_INDENT' && !line.indent.includes('\t')) return undefined;
  const tab = line.indent.indexOf('\t');
  const start = tab === -1 ? problem.error.pos[0] : line.start + tab;
  const end = start + (/^\t+/.exec(problem.text.slice(start))?.[0].length ?? 1);
  return findSyntax(problem, {
    code: 'TM005',
    message: 'a tab indents this line: YAML takes only spaces',
    start,
    end,
    help: ['replace the tab with spaces, as many as the lines beside it have'],
  });
}

/** What a tab indents hears of at the key above. */
function diagnoseTabBelow(problem: SyntaxProblem, line: LineParts): SyntaxFinding | undefined {
  if (problem.error.code !== 'BLOCK_AS_IMPLICIT_KEY' || line.end + 1 >= problem.text.length) return undefined;
  return diagnoseTab(problem, splitLine(problem.text, line.end + 1));
}

function diagnoseUnquoted(problem: SyntaxProblem, line: LineParts): SyntaxFinding | undefined {
  const trap = findUnquoted(problem, line);
  if (!trap) return undefined;
  const { start, end, textStart = start } = trap;
  return {
    diagnostic: createTrapDiagnostic(problem.file, trap),
    repair: { start, end, textStart, textEnd: end },
  };
}

function diagnoseUnclosed(problem: SyntaxProblem): SyntaxFinding | undefined {
  const quote = findUnclosedQuote(problem.documents, problem.error.pos[0]);
  if (quote !== undefined) {
    const mark = problem.text[quote] ?? '"';
    const lineEnd = splitLine(problem.text, quote).end;
    const name = mark === '"' ? 'double quote' : 'single quote';
    const message = `the ${name} that opens here is not closed on its line`;
    return findSyntax(problem, {
      code: 'TM007',
      message,
      start: quote,
      end: lineEnd,
      help: [`close it: end the text with \`${mark}\``],
    });
  }
  const bracket = findUnclosedBracket(problem.documents, problem.error.pos[0]);
  if (bracket === undefined) return undefined;
  const close = problem.text[bracket] === '[' ? ']' : '}';
  const message = `the \`${problem.text[bracket]}\` that opens here is not closed`;
  const comment = /\s#.*/.exec(problem.text.slice(bracket, splitLine(problem.text, bracket).end))?.[0];
  const hasComment = comment?.includes(close) ?? false;
  return findSyntax(problem, {
    code: 'TM008',
    message,
    start: bracket,
    end: bracket + 1,
    help: hasComment
      ? ['` #` begins a comment there: quote the text that it belongs to']
      : [`close it with \`${close}\``],
  });
}

function diagnoseEscape(problem: SyntaxProblem): SyntaxFinding | undefined {
  if (problem.error.code !== 'BAD_DQ_ESCAPE') return undefined;
  const [start] = problem.error.pos;
  const sequence = problem.text.slice(start, start + 2);
  const scalar = findScalarAt(problem.documents, start);
  const inner = scalar && problem.file.text.slice(scalar.start + 1, scalar.end - 1);
  const isSimple = inner !== undefined && !/['\n]/.test(inner);
  const finding = findSyntax(problem, {
    code: 'TM020',
    message: `\`${sequence}\` is not an escape in double quotes`,
    start,
    end: start + 2,
    help: [isSimple ? `use single quotes: \`'${inner}'\`` : `double the backslash: \`\\${sequence}\``],
  });
  const repair = scalar && { ...scalar, textStart: scalar.start + 1, textEnd: scalar.end - 1 };
  return { ...finding, repair: scalar && !inner?.includes('\n') ? repair : undefined };
}

function layout(problem: SyntaxProblem, line: LineParts): SyntaxFinding | undefined {
  const mistake = diagnoseLayout(problem, line);
  return mistake && findSyntax(problem, mistake);
}

function describeOther(problem: SyntaxProblem): SyntaxFinding {
  const { error, text } = problem;
  const reason = error.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const start = Math.min(error.pos[0], text.length);
  const lineEnd = splitLine(text, start).end;
  const end = Math.min(Math.max(error.pos[1], start + 1), Math.max(start, lineEnd));
  return findSyntax(problem, { code: 'TM004', message: `this is not YAML: ${reason}`, start, end });
}

function findSyntax(
  problem: SyntaxProblem,
  what: { code: string; message: string; start: number; end: number; help?: readonly string[] },
): SyntaxFinding {
  const { code, message, start, end, help } = what;
  return { diagnostic: { severity: 'error', code, message, span: { file: problem.file, start, end }, help } };
}
