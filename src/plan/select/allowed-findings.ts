import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt, type SourceFile, type Span } from '../../model/source-file.ts';
import { listComments } from '../../source/yaml/list-comments.ts';
import { CODES } from '../read/findings.ts';

/** What a comment allows: `# testmesh: allow TM209 – the service needs it`. */
interface Allowance {
  readonly span: Span;
  /** The line that it is about, from 1. */
  readonly line: number;
  readonly codes: readonly string[];
  readonly hasReason: boolean;
}

const WORD = 'testmesh: allow';
const ALLOW =
  /^#+\s*testmesh:\s*allow\b[ \t]*((?:TM\d{3}(?:[ \t]*,[ \t]*|[ \t]+(?=TM\d))?)*)[ \t]*(?:[-–—:]+[ \t]*)?(.*)$/;
const HELP = 'write `# testmesh: allow TM209 – the service needs that long`, on the line of the finding or above it';

/** Leaves out the warnings that comments of their files allow; warns of those that allow nothing, or say no reason. */
export function withoutAllowed(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
): readonly Diagnostic[] {
  const all = new Map(
    [...files, ...diagnostics.flatMap(({ span }) => span?.file ?? [])].map((file) => [file.absolutePath, file]),
  );
  const allowances = [...all.values()].flatMap((file) => (file.text.includes(WORD) ? listAllowances(file) : []));
  if (allowances.length === 0) return diagnostics;
  const used = new Set<string>();
  const left = diagnostics.filter(({ severity, code, span }) => {
    if (!span) return true;
    const allowance = allowances.find((one) => isAbout(one, span) && one.codes.includes(code));
    if (!allowance) return true;
    used.add(keyOf(allowance, code));
    return severity === 'error' || !allowance.hasReason;
  });
  const own = new Set(files.map(({ absolutePath }) => absolutePath));
  const told = allowances.filter(({ span }) => own.has(span.file.absolutePath));
  return [...left, ...told.flatMap((one) => listTrouble(one, { used, left }))];
}

function listTrouble(
  allowance: Allowance,
  { used, left }: { used: ReadonlySet<string>; left: readonly Diagnostic[] },
): readonly Diagnostic[] {
  const { span, codes, hasReason } = allowance;
  const warn = (message: string, help: string): Diagnostic => ({
    ...{ severity: 'warning', code: CODES.vainAllowance, message, span, help: [help] },
  });
  if (codes.length === 0) return [warn('`allow` names no finding', HELP)];
  if (!hasReason) return [warn(`\`allow ${codes.join(', ')}\` says no reason, so it allows nothing`, HELP)];
  return codes.flatMap((code) => {
    if (!used.has(keyOf(allowance, code)))
      return [warn(`there is no ${code} to allow here`, 'remove it, or move it to the line that the finding names')];
    const isError = left.some((one) => one.code === code && one.span && isAbout(allowance, one.span));
    return isError
      ? [warn(`${code} is an error here, which cannot be allowed`, `\`testmesh explain ${code}\` says what to do`)]
      : [];
  });
}

function isAbout({ span, line }: Allowance, other: Span): boolean {
  return other.file.absolutePath === span.file.absolutePath && positionAt(other.file, other.start).line === line;
}

function keyOf({ span }: Allowance, code: string): string {
  return `${span.file.absolutePath} ${span.start} ${code}`;
}

function listAllowances(file: SourceFile): readonly Allowance[] {
  const lines = file.text.split('\n');
  return listComments(file.text).flatMap(({ start, text }) => {
    const [, codes, reason = ''] = ALLOW.exec(text.trimEnd()) ?? [];
    if (codes === undefined) return [];
    const span = { file, start, end: start + text.trimEnd().length };
    const { line, column } = positionAt(file, start);
    const isAlone = (lines[line - 1] ?? '').slice(0, column - 1).trim() === '';
    const about = isAlone ? findNextLine(lines, line) : line;
    return [{ span, line: about, codes: codes.match(/TM\d{3}/g) ?? [], hasReason: reason.trim() !== '' }];
  });
}

/** The next line that holds something else than a comment, from 1. */
function findNextLine(lines: readonly string[], line: number): number {
  const at = lines.findIndex((text, index) => index >= line && !/^\s*(?:#|$)/.test(text));
  return at === -1 ? line : at + 1;
}
