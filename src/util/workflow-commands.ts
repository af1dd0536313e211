/** `::error …` at the beginning of a line, and `##[…]` anywhere. */
const COMMAND = /^([^\S\n]*):(?=:[A-Za-z])|##(?=\[)/gm;

/** Keeps CI services from taking what is printed for commands to them, in any of its lines. */
export function hideWorkflowCommands(text: string): string {
  if (!text.includes('::') && !text.includes('##[')) return text;
  return text.replace(COMMAND, (_, blanks?: string) => (blanks === undefined ? '\\x23#' : `${blanks}\\x3a`));
}

/** What GitHub shows at a line of a file. */
export interface Annotation {
  readonly severity: 'error' | 'warning';
  readonly file?: string | undefined;
  /** Lines and columns from 1, the end exclusive. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly title?: string | undefined;
  readonly message: string;
}

/** The workflow command of GitHub Actions that makes an annotation, on one line whatever its texts hold. */
export function writeAnnotation({
  severity,
  file,
  line,
  column,
  endLine,
  endColumn,
  title,
  message,
}: Annotation): string {
  const isOneLine = line === endLine && endColumn !== undefined && column !== undefined && endColumn > column;
  const properties: [string, string | number | undefined][] = [
    ['file', file],
    ['line', line],
    ['endLine', endLine],
    // Columns count for a stretch of one line alone.
    ['col', isOneLine ? column : undefined],
    ['endColumn', isOneLine ? endColumn - 1 : undefined],
    ['title', title],
  ];
  const written = properties.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${severity} ${written.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
